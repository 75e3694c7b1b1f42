// Generators, iterators, buffers, proxies, symbols, big integers, labelled jumps, switches and closures in loops.
import { readFileSync } from 'node:fs';
export function* count(to) {
  for (let i = 0; i < to; i++) {
    const back = yield i;
    if (back) return back;
  }
}
function* both() {
  yield* count(3);
  try {
    yield 'last';
  } finally {
    list.length = 1;
  }
}
const list = [1, , 3];
const bytes = new Uint16Array([1, 2, 258]);
const view = new DataView(bytes.buffer, 2);
const box = new Proxy({ a: 1 }, { get: (target, key) => target[key] ?? 'none' });
const closures = [];
outer: for (const value of both()) {
  for (let i = 0; ; i++) {
    closures.push(() => i + String(value));
    switch (i) {
      case 1:
        continue outer;
      case 2:
        break outer;
      default:
        list.push(value);
    }
  }
}
const { a, ...rest } = { a: 1n, [Symbol('b')]: 2, c: closures.map((each) => each()), ...box };
const parsed = JSON.parse('{"a":[1,{"b":null}],"c":"d"}');
const matched = /(?<year>\d+)/.exec('in 1999')?.groups ?? rest;
view.setInt8(0, -1);
const text = readFileSync(import.meta.filename ?? new URL(import.meta.url), 'utf8').slice(0, 10);
delete parsed.c;
console.log(typeof a, matched.year, text, list.reverse(), Math.random() < 2);
for await (const item of [Promise.resolve(1), 2]) list.unshift(item);
