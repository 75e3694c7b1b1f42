// Shared memory in one thread: Atomics, DataView in both orders, views over one buffer.
const shared = new SharedArrayBuffer(32);
const ints = new Int32Array(shared, 0, 4), bytes = new Uint8Array(shared), floats = new Float64Array(shared, 16, 2);
const steps = [];
for (let i = 0; i < 4; i++) {
  const before = Atomics.add(ints, i, i * 3);
  const now = Atomics.load(ints, i);
  steps.push([before, now, Atomics.exchange(ints, i, ~now)]);
}
const swapped = Atomics.compareExchange(ints, 0, -1, 42), missed = Atomics.compareExchange(ints, 1, 0, 9);
Atomics.or(ints, 2, 0xf0); Atomics.and(ints, 3, 0x0f); Atomics.xor(ints, 0, 1); Atomics.sub(ints, 1, 2); Atomics.store(ints, 3, 7);
const woken = Atomics.notify(ints, 0, 1);
floats[0] = Math.PI; floats[1] = -0;
const raw = [...bytes.subarray(16, 24)];
const view = new DataView(new ArrayBuffer(16));
view.setInt16(0, -2); view.setUint32(2, 0xdeadbeef, true); view.setFloat32(6, 1.5); view.setBigInt64(8, -5n, true);
const little = view.getUint16(2), big = view.getBigUint64(8), back = view.getFloat32(6, false);
const f32 = new Float32Array(view.buffer.slice(6, 10)), clamp = Uint8ClampedArray.of(-5, 1.5, 300, NaN);
const ring = (size) => {
  const data = new Float64Array(size); let head = 0, count = 0;
  return {
    push(x) { data[(head + count) % size] = x; if (count < size) count++; else head = (head + 1) % size; return this; },
    *[Symbol.iterator]() { for (let i = 0; i < count; i++) { const x = data[(head + i) % size]; yield x; } },
    get mean() { let sum = 0; for (const x of this) sum += x; return sum / count; },
  };
};
const r = ring(3).push(1).push(2).push(3).push(4.5);
const sorted = Int16Array.from({ length: 5 }, (_, i) => ((i * 7) % 5) - 2).sort(), found = sorted.findLastIndex((x) => x < 0);
bytes.copyWithin(0, 16, 20); bytes.set([9, 8], 30); ints.reverse?.call(new Int32Array([1, 2]));
const out = new Set(new Uint8Array([1, 1, 2]).entries()).size;
console.log(steps, swapped, missed, woken, raw, little, big, back, f32, clamp, [...r], r.mean, sorted, found, bytes.at(-1), out);
