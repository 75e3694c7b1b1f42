/** Looks for drifts in all services, keeps what it finds, and says which signatures are nearest. */
import type { DriftEvidence, DriftFinding, DriftKind } from '../model/drift.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import { GoldenSignalsReader, type SampleSource } from '../signals/golden-signals.ts';
import type { Database } from '../store/sqlite.ts';
import { FindingBook, type Observation } from './finding-book.ts';
import { LargeEffects } from './large-effects.ts';
import { MixDetector } from './mix-detector.ts';
import { PastDetector } from './past-detector.ts';
import { PeerDetector } from './peer-detector.ts';
import type { Alarm } from './residual-detector.ts';
import { readMix, readSignals } from './signal-steps.ts';
import { SignatureStore, type SignatureNotes } from './signature-store.ts';
import { watchedSignals } from './watched-signals.ts';

export interface DriftSettings {
  readonly clock: Clock;
  /** of each service, while nothing drifts: all its detectors and instances together */
  readonly alarmsPerWeek: number;
}

export interface DriftParts {
  readonly store: SampleSource;
  readonly database: Database;
  readonly settings: DriftSettings;
  /** unless given, those of `database` */
  readonly signatures?: SignatureStore;
}

/** How often a detector takes a step, and how much it has to see, in steps. */
interface Pace {
  readonly step: Milliseconds;
  readonly learning: number;
  readonly memory: number;
}

const WEEK_MS = 604_800_000;
const MINUTES: Pace = { step: 60_000, learning: 7 * 1440, memory: 28 * 1440 };
/** for what happens within minutes, and for fleets that are new */
const SECONDS: Pace = { step: 1000, learning: 480, memory: 86_400 };
/** samples of a step have arrived after so long */
const ARRIVAL_MS = 2500;
/** what was stored before the watch began is taken in, at most so many steps a look */
const MOST_STEPS = 720;
/** a drift is kept as a signature once it has lasted so many steps */
const KEPT_AFTER = 30;

/** One detector of a service, with how far it has looked. */
interface Watcher {
  readonly pace: Pace;
  lookedTo: UnixMs;
  take(from: UnixMs, to: UnixMs): void;
  observations(): readonly Observation[];
  accept(instance: string | undefined): void;
}

export class DriftWatch {
  readonly #parts: DriftParts;
  readonly #reader: GoldenSignalsReader;
  readonly #book: FindingBook;
  readonly #watchers = new Map<string, readonly Watcher[]>();
  /** where findings are named from and kept to */
  readonly signatures: SignatureStore;

  constructor(parts: DriftParts) {
    this.#parts = parts;
    this.#reader = new GoldenSignalsReader(parts.store);
    this.signatures = parts.signatures ?? new SignatureStore(parts.database);
    this.#book = new FindingBook(parts.database, this.signatures, parts.store);
  }

  /**
   * Takes in what has come since the last look. Returns what is open, the newest first, and what has ended within the last
   * hour. To be called every few seconds; what was stored before is taken in over the first looks.
   */
  look(now: UnixMs): readonly DriftFinding[] {
    const observed: Observation[] = [];
    for (const service of this.#reader.services(now - MINUTES.learning * MINUTES.step)) {
      const watchers = this.#watchersOf(service, now);
      for (const watcher of watchers) advance(watcher, now - ARRIVAL_MS);
      observed.push(...watchers.flatMap((watcher) => (isCurrent(watcher, now) ? watcher.observations() : [])));
    }
    const caughtUp = [...this.#watchers.values()].flat().every((watcher) => isCurrent(watcher, now));
    return this.#book.update(observed, now, caughtUp);
  }

  /** From now on it is usual to be as this finding says; it ends. */
  accept(id: string): void {
    const finding = this.#book.get(id);
    if (!finding) return;
    for (const watcher of this.#watchers.get(finding.service) ?? []) watcher.accept(finding.instance);
    this.#book.end(id, this.#parts.settings.clock.now());
  }

  /** Adds to the signature that a finding was kept as; nothing where it was not. */
  describe(id: string, notes: SignatureNotes): void {
    const signature = this.#book.signatureOf(id);
    if (signature !== undefined) this.signatures.describe(signature, notes);
  }

  /** All that were ever found, the newest first. */
  history(limit = 100): readonly DriftFinding[] {
    return this.#book.history(limit);
  }

  #watchersOf(service: string, now: UnixMs): readonly Watcher[] {
    const known = this.#watchers.get(service);
    if (known) return known;
    const made = [
      this.#peers(service, MINUTES, now),
      this.#peers(service, SECONDS, now),
      this.#past(service, now),
      this.#mix(service, now),
    ];
    this.#watchers.set(service, made);
    return made;
  }

  /** Detectors share the alarms that are allowed. */
  #settings({ step, learning, memory }: Pace): ConstructorParameters<typeof PeerDetector>[0] {
    return { alarmsPerStep: (this.#parts.settings.alarmsPerWeek / 4 / WEEK_MS) * step, learning, memory };
  }

  #peers(service: string, pace: Pace, now: UnixMs): Watcher {
    const detector = new PeerDetector(this.#settings(pace));
    const large = pace === SECONDS ? new LargeEffects() : undefined;
    return {
      pace,
      lookedTo: begin(pace, now),
      take: (from, to) => {
        const names = this.#reader.instances(service, from);
        const steps = readSignals(this.#reader, service, names, { from, to, step: pace.step });
        for (const values of steps) detector.observe(names, values);
      },
      observations: () => {
        const all = detector.alarms().map((alarm) => observation('peer', service, alarm, pace, detector));
        return large ? large.only(all, this.#parts.settings.clock.now()) : all;
      },
      accept: (instance) => instance !== undefined && detector.accept(instance),
    };
  }

  #past(service: string, now: UnixMs): Watcher {
    const detector = new PastDetector(service, this.#settings(MINUTES));
    return {
      pace: MINUTES,
      lookedTo: begin(MINUTES, now),
      take: (from, to) => {
        const steps = readSignals(this.#reader, service, [undefined], { from, to, step: MINUTES.step });
        for (const [at, values] of steps.entries()) detector.observe(from + at * MINUTES.step, values);
      },
      observations: () => detector.alarms().map((alarm) => observation('future', service, alarm, MINUTES, detector)),
      accept: (instance) => instance === undefined && detector.accept(),
    };
  }

  #mix(service: string, now: UnixMs): Watcher {
    const detector = new MixDetector(this.#settings(MINUTES));
    return {
      pace: MINUTES,
      lookedTo: begin(MINUTES, now),
      take: (from, to) => {
        for (const mix of readMix(this.#parts.store, service, { from, to, step: MINUTES.step })) detector.observe(mix);
      },
      observations: () => {
        const alarm = detector.alarm();
        return alarm ? [{ kind: 'data', service, pace: MINUTES.step, keepAfter: KEPT_AFTER, ...alarm }] : [];
      },
      accept: (instance) => instance === undefined && detector.accept(),
    };
  }
}

/** The beginning of the first step: what was stored is learned from. */
function begin({ step, learning, memory }: Pace, now: UnixMs): UnixMs {
  return Math.floor((now - Math.min(memory, 2 * learning) * step) / step) * step;
}

function advance(watcher: Watcher, until: UnixMs): void {
  const { step } = watcher.pace;
  const to = Math.min(Math.floor(until / step) * step, watcher.lookedTo + MOST_STEPS * step);
  if (to <= watcher.lookedTo) return;
  watcher.take(watcher.lookedTo, to);
  watcher.lookedTo = to;
}

function isCurrent({ pace, lookedTo }: Watcher, now: UnixMs): boolean {
  return now - lookedTo < 2 * pace.step + 30_000;
}

type Expecting = Pick<PeerDetector, 'actual' | 'expected'>;

function observation(kind: DriftKind, service: string, alarm: Alarm, { step }: Pace, detector: Expecting): Observation {
  const evidence = watchedSignals.flatMap(({ name }, signal): readonly DriftEvidence[] => {
    const short = alarm.deviations[signal] as number;
    const long = alarm.deviations[signal + watchedSignals.length] as number;
    const deviation = Math.abs(long) > Math.abs(short) ? long : short;
    const value = detector.actual(alarm, signal);
    const expected = detector.expected(alarm, signal);
    return deviation === 0 || Number.isNaN(value + expected) ? [] : [{ metric: name, deviation, value, expected }];
  });
  const moved = new Map(watchedSignals.map(({ name }, signal) => [name as string, alarm.movedAt[signal] as number]));
  return {
    kind,
    service,
    ...(kind === 'peer' ? { instance: alarm.instance } : {}),
    score: alarm.score,
    rarity: (alarm.rate * WEEK_MS) / step,
    evidence: evidence.toSorted((one, other) => Math.abs(other.deviation) - Math.abs(one.deviation)),
    deviations: alarm.deviations,
    moved,
    pace: step,
    keepAfter: KEPT_AFTER,
  };
}
