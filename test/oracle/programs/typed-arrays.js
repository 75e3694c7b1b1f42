'use strict';
// Typed arrays and DataViews sharing buffers; sorting, subarrays, endianness, clamping, floats.
const buffer = new ArrayBuffer(32);
const bytes = new Uint8Array(buffer);
const words = new Uint32Array(buffer, 8, 4);
const view = new DataView(buffer, 4, 20);
for (let i = 0; i < bytes.length; i++) {
  bytes[i] = i * 7;
}
words[1] += 0xffff;
view.setFloat32(0, Math.PI, true);
view.setInt16(6, -2);
const clamped = Uint8ClampedArray.of(-5, 300, 12.7);
const floats = Float64Array.from([0.1, -0, NaN, Infinity, 1e308]);
const part = bytes.subarray(4, 12);
part.fill(1, 0, 2);
part.set([9, 8], 6);
const copy = bytes.slice(4, 12);
copy.reverse();
const big = new BigInt64Array(3);
big[0] = -1n;
big[1] = 2n ** 62n;
big[2] = big[1] * 2n;
const sorted = Int8Array.from([5, -3, 100, 0]).sort();
const mapped = sorted.map((n) => n * 2);
bytes.copyWithin(20, 0, 6);
function checksum(data) {
  let sum = 0;
  for (const byte of data) {
    sum = (sum * 31 + byte) >>> 0;
  }
  return sum;
}
const sums = [checksum(bytes), checksum(part), checksum(copy)];
const shared = new Int32Array(new SharedArrayBuffer(8));
Atomics.add(shared, 1, 41);
shared[0]++;
floats[1] += 1;
const float = view.getFloat32(0, true);
const out = [words.join(), clamped.join(), big.join(), mapped.join(), part.byteOffset, float.toFixed(4)];
console.log(out, sums, floats.indexOf(1), shared.join());
