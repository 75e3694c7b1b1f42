// LZ-style compressor, bit writers, CRC tables, DataView records, BigInt ids, surrogate pairs, labelled scans over typed arrays
const table = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 8; k--;) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1; return n; });
const crc = (bytes) => ~bytes.reduce((c, b) => table[(c ^ b) & 255] ^ (c >>> 8), -1) >>> 0;
class Bits { #bytes = new Uint8Array(4); #at = 0; get length() { return this.#at; } put(v, n) { for (let i = n - 1; i >= 0; i--) { if (this.#at >> 3 >= this.#bytes.length) { const more = new Uint8Array(this.#bytes.length * 2); more.set(this.#bytes); this.#bytes = more; } if ((v >>> i) & 1) this.#bytes[this.#at >> 3] |= 128 >> (this.#at & 7); this.#at++; } return this; } done() { return this.#bytes.subarray(0, (this.#at + 7) >> 3); } static *read(bytes) { let at = 0, want = yield; while (at + want <= bytes.length * 8) { let v = 0; for (let i = 0; i < want; i++, at++) v = (v << 1) | ((bytes[at >> 3] >> (7 - (at & 7))) & 1); want = yield v; } return at; } }
function pack(text) {
  const bytes = new TextEncoder().encode(text), bits = new Bits().put(bytes.length, 16); const last = new Map();
  scan: for (let i = 0; i < bytes.length;) {
    const key = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2]; const from = last.get(key) ?? -1; last.set(key, i);
    if (from >= 0 && i - from < 256 && i + 2 < bytes.length) { let n = 3; while (n < 18 && i + n < bytes.length && bytes[from + n] === bytes[i + n]) n++; bits.put(1, 1).put(i - from, 8).put(n - 3, 4); i += n; continue scan; }
    bits.put(0, 1).put(bytes[i++], 8);
  }
  const body = bits.done(), out = new DataView(new ArrayBuffer(8 + body.length)); out.setUint32(0, crc(bytes)); out.setUint32(4, body.length, true); new Uint8Array(out.buffer, 8).set(body); return Buffer.from(out.buffer);
}
function unpack(packed) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength); const it = Bits.read(new Uint8Array(view.buffer, view.byteOffset + 8, view.getUint32(4, true))); it.next();
  const get = (n) => { const { value, done } = it.next(n); if (done) throw new RangeError(`short at bit ${value}`); return value; };
  const out = new Uint8Array(get(16)); let n = 0;
  while (n < out.length) if (get(1)) { const back = get(8), count = get(4) + 3; for (let i = 0; i < count; i++, n++) out[n] = out[n - back]; } else out[n++] = get(8);
  if (crc(out) !== view.getUint32(0)) throw new Error(`crc ${crc(out).toString(16)}`); return new TextDecoder('utf-8', { fatal: true }).decode(out);
}
const texts = ['', 'abcabcabcabcabcabcabcabc', 'naïve 👩‍🚀 naïve 👩‍🚀 naïve', 'x'.repeat(300)];
for (const t of texts) { const p = pack(t); console.log(t.length, p.length, p.toString('hex', 0, 8), unpack(p) === t); }
const bad = pack(texts[2]); bad[10] ^= 4; try { unpack(bad); } catch (e) { console.log(e.name, e.message); } try { unpack(bad.subarray(0, 9)); } catch (e) { console.log(e.name); }
try { unpack(Buffer.from(Uint8Array.of(...bad.subarray(0, 4), 2, 0, 0, 0, ...bad.subarray(8, 10)).buffer)); } catch (e) { console.log(e.name, e.message); }
const id = (t, n) => (BigInt(t) << 22n) | BigInt.asUintN(22, BigInt(n)); const ids = new BigUint64Array([id(1700000000, 5), id(1, -1), BigInt.asUintN(64, -1n)]);
console.log(ids, [...ids].map((i) => [i >> 22n, i & ((1n << 22n) - 1n)].join('/')), new Uint16Array(ids.buffer, 8, 4), new Float32Array(ids.buffer.slice(0, 4))[0]);
const lone = '\ud83d' + 'a\udc00'; console.log(lone.isWellFormed?.(), [...lone].length, Buffer.from(lone).toString('hex'), encodeURIComponent('👩').length, [...'👩‍🚀é'.normalize('NFD')].map((c) => c.codePointAt(0).toString(16)));
const grid = new Int8Array(25).map((_, i) => ((i * 7) % 5) - 2); let found = []; rows: for (let r = 0; r < 5; r++) { for (let c = 0; c < 5; c++) { if (grid[r * 5 + c] === -2) continue rows; if (grid.subarray(r * 5, r * 5 + 5).every((v) => v > -2)) break rows; found.push(r * 10 + c); } } console.log(found, grid.at(-1), grid.toReversed?.().slice(0, 3), grid.findLastIndex((v) => v === 2), Int8Array.from(grid, (v) => v * 100).slice(0, 4), new Uint8ClampedArray([300, -5, 1.5, 2.5, NaN]));
const rec = new ArrayBuffer(16), dv = new DataView(rec, 2, 12); dv.setFloat64(0, Math.PI); dv.setInt16(8, -2, true); dv.setBigInt64?.(4, -5n); console.log(new Uint8Array(rec).join(), dv.getInt16(8), Number.isNaN(dv.getFloat64(4))); [dv.extra, ...dv.rest] = new Uint8Array(rec, 0, 4); console.log(dv.extra, dv.rest);
