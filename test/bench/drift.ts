/**
 * `npm run bench:drift [-- --seed N] [--fleets N] [--days N] [--injections N] [--per-week N] [--json] [--rows FILE]`: simulated
 * fleets (test/support/simulated-fleet.ts). How often healthy ones raise an alarm against how often they should; whether an
 * instance with a drift is found, and named by its nearest signature when its kind was seen once before, in another fleet; how
 * long the search among 100,000 signatures takes.
 */
import { appendFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PeerDetector } from '../../operational-loop/src/drift/peer-detector.ts';
import { SHAPE_LENGTH, shapeOf } from '../../operational-loop/src/drift/shape.ts';
import { SignatureStore } from '../../operational-loop/src/drift/signature-store.ts';
import { watchedSignals } from '../../operational-loop/src/drift/watched-signals.ts';
import { Database } from '../../operational-loop/src/store/sqlite.ts';
import { continueInReaderNode } from '../support/reader-node.ts';
import { driftKinds, Noise, SimulatedFleet, type Injection, type SimulatedDrift } from '../support/simulated-fleet.ts';

continueInReaderNode();

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    fleets: { type: 'string', default: '24' },
    days: { type: 'string', default: '21' },
    injections: { type: 'string', default: '104' },
    'per-week': { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
    rows: { type: 'string' },
  },
});
const seed = Number(options.seed);
const perWeek = Number(options['per-week']);
const DAY = 1440;
const WEEK = 7 * DAY;
/** a week is learned before anything is counted */
const LEARNING = WEEK;
/** a drift is named so many minutes after its alarm, and has to be found in half a day */
const NAMED_AFTER = 30;
const FOUND_WITHIN = DAY / 2;
const SIGNALS = watchedSignals.length;

/** A fleet with what watches it. */
class WatchedFleet {
  readonly fleet: SimulatedFleet;
  readonly detector = new PeerDetector({ alarmsPerStep: perWeek / WEEK, learning: LEARNING, memory: 4 * WEEK });
  readonly #values: Float64Array;

  constructor(fleetSeed: number, instances: number) {
    this.fleet = new SimulatedFleet({ seed: fleetSeed, instances });
    this.#values = new Float64Array(instances * SIGNALS);
  }

  step(): void {
    for (const [at, signals] of this.fleet.next().entries()) {
      for (const [signal, { name }] of watchedSignals.entries()) {
        this.#values[at * SIGNALS + signal] = signals[name] ?? Number.NaN;
      }
    }
    this.detector.observe(this.fleet.names, this.#values);
  }
}

function instancesOf(noise: Noise): number {
  return 3 + Math.floor(noise.uniform() * 18);
}

/** Alarms of one healthy fleet after its week of learning. */
function healthyAlarms(fleetSeed: number, days: number): { readonly instances: number; readonly alarms: number } {
  const instances = instancesOf(new Noise(fleetSeed));
  const watched = new WatchedFleet(fleetSeed, instances);
  let open = new Set<string>();
  let alarms = 0;
  for (let step = 0; step < LEARNING + days * DAY; step++) {
    watched.step();
    const now = new Set(watched.detector.alarms().map(({ instance }) => instance));
    if (step >= LEARNING) for (const instance of now) if (!open.has(instance)) alarms++;
    open = now;
  }
  return { instances, alarms };
}

interface Outcome {
  readonly kind: SimulatedDrift;
  readonly instances: number;
  readonly strength: number;
  readonly ramp: number;
  /** minutes until the alarm of the right instance */
  readonly foundAfter?: number;
  readonly deviations?: readonly number[];
  /** other instances that raised an alarm since the drift began */
  readonly others: number;
}

function injected(kind: SimulatedDrift, injectionSeed: number): Outcome {
  const noise = new Noise(injectionSeed);
  const instances = instancesOf(noise);
  const watched = new WatchedFleet(injectionSeed, instances);
  const injection: Injection = {
    kind,
    instance: Math.floor(noise.uniform() * instances),
    at: LEARNING + Math.floor(noise.uniform() * DAY),
    ramp: kind === 'leak' ? noise.between(30, 120) : noise.between(1, 30),
    strength: noise.uniform(),
  };
  watched.fleet.inject(injection);
  const name = watched.fleet.names[injection.instance];
  const others = new Set<string>();
  for (let step = 0; step < injection.at + FOUND_WITHIN; step++) {
    watched.step();
    if (step < injection.at) continue;
    const alarms = watched.detector.alarms();
    for (const alarm of alarms)
      if (alarm.instance !== name && alarm.beganAt >= injection.at) others.add(alarm.instance);
    const own = alarms.find((alarm) => alarm.instance === name);
    if (!own || step - Math.max(own.beganAt, injection.at) < NAMED_AFTER) continue;
    const { strength, ramp } = injection;
    const foundAfter = Math.max(own.beganAt, injection.at) - injection.at;
    return { kind, instances, strength, ramp, foundAfter, deviations: [...own.deviations], others: others.size };
  }
  return { kind, instances, strength: injection.strength, ramp: injection.ramp, others: others.size };
}

function remember(signatures: SignatureStore, name: string, shape: Float32Array): void {
  const about = { service: 's', metrics: [], lags: [], workload: 5, environment: 'simulated', build: 'b' };
  signatures.add({ ...about, kind: 'peer', name, shape, seenAt: 0, recordings: [] });
}

function searchMs(): number {
  using database = new Database(':memory:');
  const signatures = new SignatureStore(database);
  const noise = new Noise(seed);
  const random = (): Float32Array => shapeOf(Float64Array.from({ length: SHAPE_LENGTH }, () => 6 * noise.normal()));
  database.transaction(() => {
    for (let at = 0; at < 100_000; at++) remember(signatures, `s${at}`, random());
  });
  const times = Array.from({ length: 50 }, () => {
    const wanted = random();
    const begun = performance.now();
    signatures.nearest(wanted, 5, -1);
    return performance.now() - begun;
  });
  return times.toSorted((one, other) => one - other)[47] as number;
}

function row(value: object): void {
  if (options.rows) appendFileSync(options.rows, `${JSON.stringify(value)}\n`);
}

if (options.rows) rmSync(options.rows, { force: true });
const fleets = Number(options.fleets);
const days = Number(options.days);
let alarms = 0;
for (let at = 0; at < fleets; at++) {
  const one = healthyAlarms(seed * 100_003 + at, days);
  row({ healthy: at, ...one, expected: (days * perWeek) / 7 });
  alarms += one.alarms;
}
const expected = (fleets * days * perWeek) / 7;

using database = new Database(':memory:');
const signatures = new SignatureStore(database);
for (const [at, kind] of driftKinds.entries()) {
  // A drift that is not found cannot have been seen before: another one of its kind is taken.
  for (let attempt = 0; attempt < 5; attempt++) {
    const { deviations } = injected(kind, seed * 7_000_003 + at * 10 + attempt);
    if (!deviations) continue;
    remember(signatures, kind, shapeOf(Float64Array.from(deviations)));
    row({ seenBefore: kind, deviations });
    break;
  }
}
const outcomes: { found: boolean; right: boolean; after: number; kind: string; named: string; others: number }[] = [];
for (let at = 0; at < Number(options.injections); at++) {
  const kind = driftKinds[at % driftKinds.length] as SimulatedDrift;
  const { deviations, foundAfter, ...outcome } = injected(kind, seed * 1_000_003 + at);
  const [match] = deviations ? signatures.nearest(shapeOf(Float64Array.from(deviations)), 1, 0) : [];
  row({ ...outcome, foundAfter, named: match?.name, similarity: match?.similarity, deviations });
  const named = match?.name ?? '';
  outcomes.push({
    found: deviations !== undefined,
    right: named === kind,
    after: foundAfter ?? Number.NaN,
    kind,
    named,
    others: outcome.others,
  });
}
const share = (list: typeof outcomes, test: (one: (typeof outcomes)[number]) => boolean): number =>
  list.filter(test).length / list.length;
const found = outcomes.filter((one) => one.found);
const median = found.map(({ after }) => after).toSorted((one, other) => one - other)[found.length >>> 1];
const result = {
  healthy: { fleets, days, alarms, expected, ratio: alarms / expected },
  injections: outcomes.length,
  found: found.length / outcomes.length,
  recallAt1: share(outcomes, ({ right }) => right),
  medianMinutesToAlarm: median,
  otherInstances: outcomes.reduce((sum, { others }) => sum + others, 0) / outcomes.length,
  signatures: 100_000,
  searchMsP95: searchMs(),
};
console.log(
  `healthy: ${alarms} alarms in ${fleets} fleets of ${days} days, ${expected} wanted: ${result.healthy.ratio.toFixed(3)}`,
);
for (const kind of driftKinds) {
  const own = outcomes.filter((one) => one.kind === kind);
  const wrong = own.filter(({ right }) => !right).map(({ named }) => named || 'not found');
  console.log(`${kind.padEnd(15)} ${own.length - wrong.length} of ${own.length} named rightly; ${wrong.join(', ')}`);
}
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
console.log(
  `found ${percent(result.found)}, recall@1 ${percent(result.recallAt1)}, alarm after ${median} minutes (median)`,
);
console.log(`other instances with an alarm meanwhile: ${result.otherInstances.toFixed(2)} a drift`);
console.log(`nearest of 100,000 signatures: ${result.searchMsP95.toFixed(1)} ms (p95)`);
if (options.json) console.log(JSON.stringify(result));
