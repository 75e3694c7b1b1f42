// binary formats: DataView, BigInt64, Float16-ish, resizable, endianness, varint, CRC, sparse and holed arrays
'use strict';
class Writer {
  #buf = new ArrayBuffer(4, { maxByteLength: 256 }); #view = new DataView(this.#buf); #at = 0;
  #room(n) { const need = this.#at + n; if (need > this.#buf.byteLength) this.#buf.resize(Math.min(256, Math.max(need, this.#buf.byteLength * 2))); return (this.#at += n) - n; }
  u8(v) { this.#view.setUint8(this.#room(1), v); return this; }
  i32(v, le = false) { this.#view.setInt32(this.#room(4), v, le); return this; }
  f64(v) { this.#view.setFloat64(this.#room(8), v, true); return this; }
  big(v) { this.#view.setBigInt64(this.#room(8), v); return this; }
  varint(v) { let n = BigInt(v); do { const b = Number(n & 0x7fn); n >>= 7n; this.u8(n ? b | 0x80 : b); } while (n); return this; }
  text(s) { const bytes = new TextEncoder().encode(s); this.varint(bytes.length); const at = this.#room(bytes.length); new Uint8Array(this.#buf).set(bytes, at); return this; }
  get bytes() { return new Uint8Array(this.#buf.slice(0, this.#at)); }
}
class Reader {
  constructor(bytes) { this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength); this.at = 0; }
  u8() { return this.view.getUint8(this.at++); }
  i32(le) { return this.view.getInt32((this.at += 4) - 4, le); }
  f64() { return this.view.getFloat64((this.at += 8) - 8, true); }
  big() { return this.view.getBigInt64((this.at += 8) - 8); }
  varint() { let n = 0n, shift = 0n, b; do { b = this.u8(); n |= BigInt(b & 0x7f) << shift; shift += 7n; } while (b & 0x80); return n; }
  text() { const n = Number(this.varint()); return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(this.view.buffer, this.view.byteOffset + (this.at += n) - n, n)); }
}
const w = new Writer().u8(300).i32(-5).i32(0x01020304, true).f64(Math.PI).big(-(2n ** 62n)).varint(300).varint(2n ** 50n).text('héllo ✓').f64(-0).f64(NaN);
const bytes = w.bytes; const r = new Reader(bytes);
console.log(bytes.length, r.u8(), r.i32(), r.i32(true), r.f64(), r.big(), r.varint(), r.varint(), r.text(), Object.is(r.f64(), -0), r.f64());
try { r.u8(); } catch (e) { console.log(e.name, e.message); }
try { new Reader(new Uint8Array([2, 0xff, 0xfe])).text(); } catch (e) { console.log(e.name, e.code); }
const table = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
const crc = (data) => { let c = ~0; for (const b of data) c = table[(c ^ b) & 0xff] ^ (c >>> 8); return (~c >>> 0).toString(16).padStart(8, '0'); };
console.log(crc(bytes), crc(new TextEncoder().encode('123456789')));
const mixed = new ArrayBuffer(16); const f32 = new Float32Array(mixed, 4, 2), u8 = new Uint8Array(mixed), i16 = new Int16Array(mixed, 2), clamped = new Uint8ClampedArray(mixed, 12);
f32[0] = 1.1; f32[1] = -Infinity; i16[0] = 70000; clamped.set([-5, 300, 1.5, 2.5]); u8[100] = 1; u8['-0'] = 5; f32.foo = 'own';
console.log(u8, f32, i16, clamped, Object.keys(f32), 100 in u8, '-0' in u8, u8.at(-1));
u8.copyWithin(0, 12); u8.subarray(4, 8).fill(7).reverse(); u8.sort((a, b) => b - a); console.log(u8.join(), f32[0], i16.toString());
const big = new BigUint64Array(2); big[0] = -1n; big[1] = 2n ** 64n + 5n; console.log(big, BigInt.asIntN(8, 255n), BigInt.asUintN(4, -1n), (-7n) / 2n, (-7n) % 2n, 2n ** 100n, 5n << 3n, -5n >> 1n, 1n < 2, 2n == 2, typeof Object(1n), 0x1fn ^ 0b11n);
try { big[0] = 1; } catch (e) { console.log(e.message); } try { 1n + 1; } catch (e) { console.log(e.message); } try { BigInt(1.5); } catch (e) { console.log(e.name, e.message); }
const sparse = [1, , 3]; sparse[10] = 'x'; sparse.named = true; delete sparse[0];
const seen = []; sparse.forEach((v, i) => seen.push([i, v])); console.log(seen, sparse.length, Object.keys(sparse), sparse.map((x) => 1), [...sparse].length, sparse.findLastIndex((x) => x === undefined), sparse.flat(), sparse.reduce((a, b) => a + String(b), ''), sparse.sort().length, 0 in sparse, sparse);
for (const i in sparse) seen.push(i); console.log(seen.length, sparse.lastIndexOf('x'), sparse.some((x) => x === undefined), sparse.join('-'), sparse.toSpliced?.(1, 2, 'n'), sparse.with?.(0, 'w'), sparse.indexOf(undefined));
sparse.length = 2; sparse.unshift(0, 9); sparse.copyWithin(1, 0, 2); console.log(sparse, Array(3).fill().concat(Array(2)), Array.apply(null, Array(2)), [,].length, [, ,].concat([, 1]));
