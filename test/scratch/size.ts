import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { SampleStore } from '../../operational-loop/src/store/sample-store.ts';
import { Random } from '../support/random.ts';
const folder = mkdtempSync('/tmp/ingest/s-');
const r = new Random(1);
const u = () => r.below(1e9) / 1e9;
const g = () => Math.sqrt(-2 * Math.log(u() + 1e-12)) * Math.cos(6.283 * u());
let now = 1.7e12;
const store = await SampleStore.open({
  folder,
  clock: { now: () => now },
  retention: { raw: 1e12, s10: 1e12, m1: 1e12 },
});
const n = 1000;
const keys = Array.from({ length: n }, (_, i) => ({
  name: 'm' + (i % 5),
  kind: i % 5 < 3 ? ('counter' as const) : ('gauge' as const),
  labels: { service: 's', instance: String(i) },
}));
const v = new Float64Array(n);
const t0 = performance.now();
const c0 = process.cpuUsage();
for (let s = 0; s < 1200; s++) {
  now += 1000;
  for (let i = 0; i < n; i++) {
    const k = i % 5;
    if (k === 0) v[i] = v[i]! + r.below(100);
    else if (k === 1) v[i] = v[i]! + r.below(2);
    else if (k === 2) v[i] = v[i]! + u() * 0.1;
    else if (k === 3) v[i] = Math.round(1e8 + 1e6 * g());
    else v[i] = 0.3 + 0.1 * g();
    store.append(keys[i]!, now + r.below(5), v[i]!);
  }
  if (s % 60 === 0) {
    await store.flush();
    await new Promise((r) => setImmediate(r));
  }
}
await store.seal();
const c = process.cpuUsage(c0);
console.log('ms', performance.now() - t0, 'cpu us/sample', (c.user + c.system) / 1.2e6, store.counts);
const sizes: Record<string, number> = {};
for (const f of readdirSync(folder)) {
  const l = f.split('-')[0]!;
  sizes[l] = (sizes[l] ?? 0) + statSync(folder + '/' + f).size;
}
console.log(Object.fromEntries(Object.entries(sizes).map(([k, b]) => [k, b / 1.2e6])), process.memoryUsage().rss / 1e6);
const t1 = performance.now();
for (let i = 0; i < n; i++) store.read(i, now - 300_000, now, 'raw');
console.log('read 5m of 1000', performance.now() - t1);
await store[Symbol.asyncDispose]();
