'use strict';
// Typed array codecs: varint, zigzag, LEB128, delta, base64, CRC and own typed array classes
class Bytes extends Uint8Array {
  static get [Symbol.species]() { return Uint8Array; }
  #cursor = 0;
  static hex(text) { return Bytes.from(text.match(/../g), (pair) => parseInt(pair, 16)); }
  get hex() { return Array.from(this, (b) => b.toString(16).padStart(2, '0')).join(''); }
  read() { return this[this.#cursor++]; }
  rewind(to = 0) { this.#cursor = to; return this; }
}
class Samples extends Float32Array {
  constructor(source, rate = 8) { super(source); this.rate = rate; }
  get seconds() { return this.length / this.rate; }
  scaled(by) { return this.map((x) => x * by); }
  static get unit() { return this.of(1); }
}
class Ids extends BigUint64Array { last() { return this.at(-1); } }
const raw = Bytes.hex('00ff10a5');
console.log(raw.hex, raw.read(), raw.read(), raw.rewind(3).read(), raw.read(), raw instanceof Bytes, raw.slice(1).constructor.name);
raw[0] = 258; raw.set([7, 8], 2); raw.fill(9, 1, 2);
const sub = raw.subarray(1, 3);
sub[0] = 77;
console.log(raw.hex, sub.constructor.name, sub.buffer === raw.buffer, [...raw.entries()].join(';'));
const wave = new Samples(8);
for (let i = 0; i < wave.length; i++) wave[i] = Math.sin((i * Math.PI) / 4);
const louder = wave.scaled(2), tail = louder.slice(-3), copy = new Samples(wave, 16), sorted = wave.toSorted?.() ?? Samples.from(wave).sort();
console.log(louder.constructor.name, louder.rate, tail.rate, copy.seconds, sorted[0].toFixed(3), Samples.unit.rate, wave.filter((x) => x > 0.5).length);
const ids = new Ids([1n, 2n ** 63n, -1n]);
ids[1] += 5n;
console.log(ids.last(), ids.map((x) => x >> 1n).join(), ids.with?.(0, 9n)[0] ?? 9n, ids.includes(1n), ids.toReversed?.().constructor.name ?? 'BigUint64Array');
class Writer {
  constructor(size = 4) { this.bytes = new Uint8Array(size); this.view = new DataView(this.bytes.buffer); this.at = 0; }
  #room(n) { if (this.at + n <= this.bytes.length) return; const bigger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + n)); bigger.set(this.bytes); this.bytes = bigger; this.view = new DataView(bigger.buffer); }
  varint(n) { n >>>= 0; while (n > 127) { this.#room(1); this.bytes[this.at++] = (n & 127) | 128; n >>>= 7; } this.#room(1); this.bytes[this.at++] = n; return this; }
  zigzag(n) { return this.varint((n << 1) ^ (n >> 31)); }
  double(x) { this.#room(8); this.view.setFloat64(this.at, x, true); this.at += 8; return this; }
  text(t) { const b = new TextEncoder().encode(t); this.varint(b.length); this.#room(b.length); this.bytes.set(b, this.at); this.at += b.length; return this; }
  big(n) { this.#room(8); this.view.setBigInt64(this.at, n); this.at += 8; return this; }
  done() { return this.bytes.subarray(0, this.at); }
}
class Reader {
  constructor(bytes) { this.bytes = bytes; this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength); this.at = 0; }
  varint() { let n = 0, shift = 0, b; do { b = this.bytes[this.at++]; n |= (b & 127) << shift; shift += 7; } while (b & 128); return n >>> 0; }
  zigzag() { const n = this.varint(); return (n >>> 1) ^ -(n & 1); }
  double() { return this.view.getFloat64((this.at += 8) - 8, true); }
  text() { const n = this.varint(); return new TextDecoder().decode(this.bytes.subarray(this.at, (this.at += n))); }
  big() { const n = this.view.getBigInt64(this.at); this.at += 8; return n; }
}
const packed = new Writer().varint(300).zigzag(-7).double(Math.E).text('grüße 😀').big(-(2n ** 40n)).done();
const reader = new Reader(packed);
console.log(packed.length, reader.varint(), reader.zigzag(), reader.double(), reader.text(), reader.big(), reader.at);
const table = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1; return n; });
const crc = (bytes) => { let c = -1; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return (c ^ -1) >>> 0; };
console.log(crc(packed).toString(16), crc(Buffer.from('123456789')).toString(16));
const deltas = Int16Array.of(100, 105, 103, 120), decoded = deltas.slice();
for (let i = deltas.length - 1; i > 0; i--) deltas[i] -= deltas[i - 1];
for (let i = 1, sum = deltas[0]; i < deltas.length; i++) decoded[i] = sum += deltas[i];
const clamped = Uint8ClampedArray.from([-5, 300, 1.5, 2.5, NaN]);
deltas.copyWithin(0, 2); clamped.reverse();
const b64 = Buffer.from(packed).toString('base64url'), back = Buffer.from(b64, 'base64url');
back.writeUInt16BE(0xbeef, 0); back.swap16?.call(back.subarray(0, 4));
console.log(deltas, decoded, clamped, b64, back.readInt32LE(0), Buffer.concat([back.subarray(0, 2), Buffer.alloc(2, 'xy')]).toString('hex'), Buffer.compare(back, Buffer.from(packed)));
