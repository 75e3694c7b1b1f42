// Imports of every kind stay live: cycles with bindings that have no value yet, barrels, namespaces, built-ins, CommonJS.
import ringDefault, { fromB, labelB } from './lib/esm/ring-b.mjs';
import { first, moveA, nothing, describeB, ring, separator, own } from './lib/esm/barrel.mjs';
import * as barrel from './lib/esm/barrel.mjs';
import again, { current } from './lib/esm/defaults.mjs';
import fs, { readFileSync, promises as files } from 'node:fs';
import * as path from 'node:path';
import { EventEmitter as Emitter } from 'node:events';
import counter, * as counting from './lib/counter.cjs';

const states = [first, labelB, ringDefault[0]];
moveA('moved once');
states.push(first, describeB());
const kind = new ring.KindA();
states.push(kind.text, ring.KindA.made);
for (let i = 0; i < 3; i++) {
  again();
  states.push(current, nothing());
}
function inside(times) {
  const before = current;
  for (let i = 0; i < times; i++) again();
  return current - before;
}
const moved = inside(2);
const later = await import('./lib/esm/defaults.mjs');
const lazily = await import(`./lib/esm/${'barrel'}.mjs`);
later.again();
states.push(later.current, lazily.first, lazily === barrel);
moveA('moved twice');
const seen = { first, viaLater: later.stateA, viaBarrel: lazily.first, viaRing: ring.stateA };
class Listener extends Emitter {
  heard = [];
  hear(name) {
    this.on(name, (value) => this.heard.push([value, current]));
    return this;
  }
}
const listener = new Listener().hear('tick');
listener.emit('tick', 1);
again();
listener.emit('tick', 2);
const text = readFileSync(new URL(import.meta.url), 'utf8').length > 10;
const folder = path.basename(path.dirname(import.meta.filename ?? '/programs/x'));
const counts = [counter.count('q'), counting.default === counter];
export { states as default, moved };
console.log(states, seen, moved, listener.heard, text, folder, counts, fromB, typeof files, typeof fs, separator, typeof own);
