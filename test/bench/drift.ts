/**
 * `npm run bench:drift [-- --seed N] [--fleets N] [--days N] [--injections N] [--per-week N] [--json] [--rows FILE]`: simulated
 * fleets (test/support/simulated-fleet.ts). How often healthy ones raise an alarm, by any of the detectors that
 * watch by the minute, against how often they should; whether an
 * instance with a drift is found, and named by its nearest signature when its kind was seen once before, in another fleet; how
 * long the search among 100,000 signatures takes.
 */
import { appendFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Observation } from '../../operational-loop/src/drift/finding-book.ts';
import { ServiceDetectors, SHARES } from '../../operational-loop/src/drift/service-detectors.ts';
import { SHAPE_LENGTH, shapeOf } from '../../operational-loop/src/drift/shape.ts';
import { SignatureStore } from '../../operational-loop/src/drift/signature-store.ts';
import { watchedSignals } from '../../operational-loop/src/drift/watched-signals.ts';
import { Database } from '../../operational-loop/src/store/sqlite.ts';
import { continueInReaderNode } from '../support/reader-node.ts';
import {
  driftKinds,
  Noise,
  SimulatedFleet,
  wholeOf,
  type Injection,
  type SimulatedDrift,
  type SimulatedValues,
} from '../support/simulated-fleet.ts';

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

/** What no instance comes near while it is healthy. */
const MEMORY_LIMIT = 500e6;

/** A fleet with what watches it. */
class WatchedFleet {
  readonly fleet: SimulatedFleet;
  readonly detectors = new ServiceDetectors({
    service: 'simulated',
    alarmsPerWeek: perWeek,
    learning: LEARNING,
    memory: 4 * WEEK,
  });
  readonly #limits: Float64Array;

  constructor(fleetSeed: number, instances: number) {
    this.fleet = new SimulatedFleet({ seed: fleetSeed, instances });
    this.#limits = new Float64Array(instances * SIGNALS).fill(Number.NaN);
    const memory = watchedSignals.findIndex(({ name }) => name === 'memoryBytes');
    for (let at = 0; at < instances; at++) this.#limits[at * SIGNALS + memory] = MEMORY_LIMIT;
  }

  step(): readonly Observation[] {
    const time = this.fleet.step * 60_000;
    const values = this.fleet.next();
    this.detectors.observe({
      time,
      instances: this.fleet.names,
      values: columnsOf(values),
      whole: columnsOf([wholeOf(values)]),
      mix: this.fleet.mix(values),
      limits: this.#limits,
    });
    return this.detectors.observations();
  }
}

/** By instance, then signal. */
function columnsOf(instances: readonly SimulatedValues[]): Float64Array {
  return Float64Array.from(
    instances.flatMap((signals) => watchedSignals.map(({ name }) => signals[name] ?? Number.NaN)),
  );
}

function instancesOf(noise: Noise): number {
  return 3 + Math.floor(noise.uniform() * 18);
}

/** Detectors as alarms tell them apart. */
const kinds = ['peer', 'past', 'future', 'model', 'data of an instance', 'data of the service'] as const;
type Kind = (typeof kinds)[number];

const wantedShare: Readonly<Record<Kind, number>> = {
  peer: SHARES.peer,
  past: SHARES.past,
  future: SHARES.future,
  model: SHARES.model,
  'data of an instance': SHARES.instanceDistribution,
  'data of the service': SHARES.serviceDistribution + SHARES.mix,
};

function kindOf({ kind, instance }: Observation): Kind {
  if (kind === 'data') return instance === undefined ? 'data of the service' : 'data of an instance';
  return kind === 'configuration' ? 'peer' : kind;
}

interface HealthyAlarms {
  readonly instances: number;
  readonly alarms: Readonly<Record<Kind, number>>;
}

/** Alarms of one healthy fleet after its week of learning. */
function healthyAlarms(fleetSeed: number, days: number): HealthyAlarms {
  const instances = instancesOf(new Noise(fleetSeed));
  const watched = new WatchedFleet(fleetSeed, instances);
  let open = new Set<string>();
  const alarms = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  for (let step = 0; step < LEARNING + days * DAY; step++) {
    const now = new Map(watched.step().map((one) => [`${one.kind} ${one.instance ?? ''}`, kindOf(one)]));
    if (step >= LEARNING) for (const [key, kind] of now) if (!open.has(key)) alarms[kind]++;
    open = new Set(now.keys());
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
  /** what else was told of the instance until then */
  readonly told: readonly Kind[];
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
  const { strength, ramp } = injection;
  const told = new Map<Kind, number>();
  let began: number | undefined;
  let named: Pick<Outcome, 'foundAfter' | 'deviations'> = {};
  for (let step = 0; step < injection.at + FOUND_WITHIN; step++) {
    const all = watched.step();
    if (step < injection.at) continue;
    const peers = all.filter(({ kind: of }) => of === 'peer');
    for (const one of peers) if (one.instance !== name) others.add(one.instance ?? '');
    for (const one of all)
      if (one.instance === name && !told.has(kindOf(one))) told.set(kindOf(one), step - injection.at);
    const own = peers.find((one) => one.instance === name);
    began = own ? (began ?? step) : undefined;
    if (!own || began === undefined || step - began < NAMED_AFTER || named.deviations) continue;
    named = { foundAfter: began - injection.at, deviations: [...own.deviations] };
    if (kind !== 'leak') break;
  }
  return { kind, instances, strength, ramp, ...named, told: [...told.keys()], others: others.size };
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
const counted = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
for (let at = 0; at < fleets; at++) {
  const one = healthyAlarms(seed * 100_003 + at, days);
  row({ healthy: at, ...one, expected: (days * perWeek) / 7 });
  for (const kind of kinds) counted[kind] += one.alarms[kind];
}
const expected = (fleets * days * perWeek) / 7;
// what watches by the second has its share, too
const byMinutes = expected * (1 - SHARES.seconds);
const alarms = Object.values(counted).reduce((sum, count) => sum + count, 0);

using database = new Database(':memory:');
const signatures = new SignatureStore(database);
const hasInjections = Number(options.injections) > 0;
for (const [at, kind] of hasInjections ? driftKinds.entries() : []) {
  // A drift that is not found cannot have been seen before: another one of its kind is taken.
  for (let attempt = 0; attempt < 5; attempt++) {
    const { deviations } = injected(kind, seed * 7_000_003 + at * 10 + attempt);
    if (!deviations) continue;
    remember(signatures, kind, shapeOf(Float64Array.from(deviations)));
    row({ seenBefore: kind, deviations });
    break;
  }
}
const outcomes: {
  readonly found: boolean;
  readonly right: boolean;
  readonly after: number;
  readonly kind: string;
  readonly named: string;
  readonly others: number;
  readonly told: readonly Kind[];
}[] = [];
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
    told: outcome.told,
  });
}
const share = (list: typeof outcomes, test: (one: (typeof outcomes)[number]) => boolean): number =>
  list.filter(test).length / list.length;
const found = outcomes.filter((one) => one.found);
const median = found.map(({ after }) => after).toSorted((one, other) => one - other)[found.length >>> 1];
const result = {
  healthy: { fleets, days, alarms, expected: byMinutes, ratio: alarms / byMinutes, byKind: counted },
  injections: outcomes.length,
  found: found.length / outcomes.length,
  recallAt1: share(outcomes, ({ right }) => right),
  medianMinutesToAlarm: median,
  otherInstances: outcomes.reduce((sum, { others }) => sum + others, 0) / outcomes.length,
  signatures: 100_000,
  searchMsP95: hasInjections ? searchMs() : Number.NaN,
};
console.log(
  `healthy: ${alarms} alarms in ${fleets} fleets of ${days} days, ${byMinutes.toFixed(0)} wanted: ${result.healthy.ratio.toFixed(3)}`,
);
for (const kind of kinds) {
  console.log(`  ${kind.padEnd(20)} ${counted[kind]} of ${(expected * wantedShare[kind]).toFixed(0)} wanted`);
}
for (const kind of hasInjections ? driftKinds : []) {
  const own = outcomes.filter((one) => one.kind === kind);
  const wrong = own.filter(({ right }) => !right).map(({ named }) => named || 'not found');
  console.log(`${kind.padEnd(15)} ${own.length - wrong.length} of ${own.length} named rightly; ${wrong.join(', ')}`);
}
if (hasInjections) printInjections();
if (options.json) console.log(JSON.stringify(result));

function printInjections(): void {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  console.log(
    `found ${percent(result.found)}, recall@1 ${percent(result.recallAt1)}, alarm after ${median} minutes (median)`,
  );
  const leaks = outcomes.filter(({ kind }) => kind === 'leak');
  console.log(
    `leaks told to be on their way to the limit: ${leaks.filter(({ told }) => told.includes('future')).length} of ${leaks.length}`,
  );
  console.log(`other instances with an alarm meanwhile: ${result.otherInstances.toFixed(2)} a drift`);
  console.log(`nearest of 100,000 signatures: ${result.searchMsP95.toFixed(1)} ms (p95)`);
}
