// Module scope with top-level await, import bindings, import.meta and for await at the top.
import { basename } from 'node:path';
import events, { once } from 'node:events';
const later = async (value) => value;
let stage = 'start';
const first = await later({ n: 1 });
stage = 'first';
first.n += 1;
const list = [];
for await (const item of [later('a'), later('b')]) {
  list.push(item);
}
const name = basename(import.meta.url);
const emitter = new events();
queueMicrotask(() => emitter.emit('ready', 42, 'extra'));
const [answer, extra] = await once(emitter, 'ready');
stage = 'ready';
export let counter = 0;
export function increment(by = 1) {
  counter += by;
  return counter;
}
export class Store {
  static #shared = new Map();
  static put(key, value) {
    Store.#shared.set(key, value);
    return Store.#shared.size;
  }
}
export default async function run() {
  const size = Store.put('k', await later(first));
  increment(size);
  return counter;
}
const results = await Promise.all([run(), run(), later(increment(10))]);
const { default: path, sep } = await import('node:path');
const same = path.sep === sep;
if (await later(true)) {
  stage = `done ${counter}`;
}
console.log(stage, first, list, name, answer, extra, results, same, typeof this);
