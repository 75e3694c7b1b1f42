// Subclasses that say what derived objects are made of.
class Stack extends Array {
  static get [Symbol.species]() { Stack.asked = (Stack.asked ?? 0) + 1; return Array; }
  top() { return this[this.length - 1]; }
}
class Kept extends Array { constructor(...a) { super(...a); this.made = Kept.count = (Kept.count ?? 0) + 1; } }
const s = Stack.of(1, 2, 3);
const doubled = s.map((x) => { const y = x * 2; return y; });
const joined = s.concat([4], s);
const k = new Kept(3).fill(1);
const k2 = k.map((x, i) => x + i).filter((x) => x > 1);
const cut = k2.slice(1), spliced = k2.splice(0, 1), flat = Kept.from([[1], [2]]).flat();
// what stands beside an array's elements: an accessor at an index, names that look like indices
const beside = Object.assign([1, 2, 3], { extra: 'e', '-1': 'neg', '2.5': 'f' });
Object.defineProperty(beside, 1, { get() { return this.length * 10; }, enumerable: true, configurable: true });
beside.push(4);
const [first, second] = beside;
beside.length = 1;
class Later extends Promise {
  static get [Symbol.species]() { return Promise; }
  constructor(run) { super((res, rej) => { Later.runs = (Later.runs ?? 0) + 1; run(res, rej); }); }
}
class Marked extends RegExp {
  static get [Symbol.species]() { return function (pattern, flags) { Marked.last = flags; return new RegExp(pattern, flags); }; }
  [Symbol.replace](text, by) { const r = super[Symbol.replace](text, by); return `<${r}>`; }
}
class Bytes extends Uint8Array { static get [Symbol.species]() { return Uint16Array; } }
const b = new Bytes([1, 2, 300]);
const wide = b.map((x) => x * 200), sub = new Bytes(4).subarray === Uint8Array.prototype.subarray;
class Samples extends Float32Array { constructor(source, rate = 8) { super(source); this.rate = rate; } }
const wave = Samples.from([0, 1, 2, 3], (x) => x / 2);
const louder = wave.map((x) => x * 2), tail = louder.slice(-2), loud = louder.filter((x) => x > 1), unit = Samples.of(1);
class Buf extends ArrayBuffer { static get [Symbol.species]() { return ArrayBuffer; } }
const piece = new Buf(8).slice(2, 4);
const m = new Marked('(,)', 'g');
const parts = 'a,b,c'.split(m), replaced = 'a,b'.replace(m, ';');
const spread = { length: 2, 0: 'x', 1: 'y', [Symbol.isConcatSpreadable]: true };
const all = [0].concat(spread, s, 'z');
(async () => {
  const p = new Later((r) => r(5)).then((v) => { const w = v + 1; return w; });
  const v = await p;
  console.log(v, p.constructor.name, Later.runs, doubled.constructor.name, joined.length, k2.made, cut.made, spliced.length, flat, wide, sub, piece.byteLength, parts, replaced, Marked.last, all, Stack.asked, first, second, beside, tail, loud, unit.rate);
})();
