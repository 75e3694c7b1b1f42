// what code in a context does to Maps, Sets and bytes that it was given, and to what they hold
const vm = require('node:vm');
const held = { n: 0 };
const inSet = { n: 0 };
const key = { id: 1 };
const box = {
  map: new Map([['held', held], [key, 1]]),
  set: new Set([inSet, 'a']),
  bytes: new Uint8Array(8),
  view: new DataView(new ArrayBuffer(4)),
  buffer: Buffer.from('abcd'),
  floats: new Float64Array(3),
  shared: new Uint8Array(new SharedArrayBuffer(4)),
  raw: new ArrayBuffer(4),
  date: new Date(0),
  list: [new Map([[1, [1]]])],
};
const raw = new Uint8Array(box.raw);
const part = box.bytes.subarray(2, 4);
const context = vm.createContext(box);
console.log(part, raw, box.floats);
vm.runInContext(
  `map.set('more', [1]); map.delete('gone'); map.get('held').n++; set.add('b'); set.delete('a');
   for (const o of set) if (typeof o === 'object') o.n = 7;
   for (const k of map.keys()) if (typeof k === 'object') k.seen = true;
   bytes[2] = 9; bytes.fill(1, 5); view.setInt16(0, 258); buffer.write('xy', 1); floats.set([0.5, 1.5]); shared[1] = 3;
   new Uint8Array(raw).set([1, 2, 3]); date.setTime(86400000); list[0].get(1).push(2); list[0].set(2, new Set([3]))`,
  context,
);
console.log(box.map, box.set, held, inSet, key);
console.log(box.bytes, part, box.view.getInt16(0), box.buffer, box.floats, box.shared, raw, box.date, box.list);
vm.runInContext('map.clear(); set.clear(); bytes.fill(255); this.made = new Map([[bytes, set]])', context);
console.log(box.map.size, box.set.size, part, box.made.get(box.bytes) === box.set);
const plain = { bytes: new Uint8Array(100), view: new DataView(new ArrayBuffer(70)), raw: new ArrayBuffer(4), typed: new Map([[new Float32Array(2), new Set([new Uint16Array(2)])]]) };
const rawBytes = new Uint8Array(plain.raw);
const inContext = vm.createContext({ plain });
console.log(rawBytes[0]);
vm.runInContext('plain.bytes[50] = 9; plain.view.setInt8(60, 5); new Uint8Array(plain.raw)[1] = 4; for (const [k, v] of plain.typed) { k[0] = 2.5; for (const u of v) u[1] = 3; v.add(k); }', inContext);
console.log(plain, rawBytes);
structuredClone(plain.raw, { transfer: [plain.raw] });
vm.runInContext('plain.bytes[51] = 9; plain.done = true', inContext);
console.log(plain.done, rawBytes.length);
