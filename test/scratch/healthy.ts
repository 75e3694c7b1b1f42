import { PeerDetector } from '../../operational-loop/src/drift/peer-detector.ts';
import { watchedSignals } from '../../operational-loop/src/drift/watched-signals.ts';
import { SimulatedFleet, Noise } from '../support/simulated-fleet.ts';
const [fleets = 4, learnDays = 14, days = 28, perWeek = 7, seed0 = 1] = process.argv.slice(2).map(Number);
const M = watchedSignals.length;
let total = 0;
const each: number[] = [];
const byWeek: number[] = [];
const t0 = performance.now();
let simMs = 0;
const which = new Map<string, number>();
for (let f = 0; f < fleets; f++) {
  const noise = new Noise(seed0 * 7919 + f);
  const n = Number(process.env.N ?? 3 + Math.floor(noise.uniform() * 18));
  const fleet = new SimulatedFleet({ seed: seed0 * 1000 + f, instances: n });
  const d = new PeerDetector({ alarmsPerStep: perWeek / 10080, learning: learnDays * 1440, memory: 28 * 1440 });
  const values = new Float64Array(n * M);
  let alarms = 0;
  let open = new Set<string>();
  for (let t = 0; t < (learnDays + days) * 1440; t++) {
    const s = performance.now();
    const rows = fleet.next();
    simMs += performance.now() - s;
    for (let i = 0; i < n; i++)
      for (let m = 0; m < M; m++) values[i * M + m] = rows[i]![watchedSignals[m]!.name] ?? NaN;
    d.observe(fleet.names, values);
    const now = new Set<string>();
    for (const a of d.alarms()) {
      now.add(a.instance);
      if (!open.has(a.instance) && t >= learnDays * 1440) {
        alarms++;
        byWeek[Math.floor(t / 10080)] = (byWeek[Math.floor(t / 10080)] ?? 0) + 1;
        let b = 0;
        for (let k = 0; k < a.deviations.length; k++)
          if (Math.abs(a.deviations[k]!) > Math.abs(a.deviations[b]!)) b = k;
        const nm = watchedSignals[b % M]!.name + (b >= M ? '60' : '5');
        which.set(nm, (which.get(nm) ?? 0) + 1);
      }
    }
    open = now;
  }
  total += alarms;
  each.push(alarms);
}
const expected = ((fleets * days) / 7) * perWeek;
console.log({
  total,
  expected,
  ratio: total / expected,
  each: each.join(' '),
  s: (performance.now() - t0) / 1000,
  simS: simMs / 1000,
});
console.log(Object.fromEntries(which));
console.log('per week', byWeek.map((c) => (c ?? 0) / fleets).join(' '));
