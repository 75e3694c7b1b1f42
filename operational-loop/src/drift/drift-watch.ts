/** Looks for drifts in all services, keeps what it finds, and says which signatures are nearest. */
import type { DriftFinding } from '../model/drift.ts';
import type { SignalName } from '../model/signals.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import { GoldenSignalsReader, type SampleSource } from '../signals/golden-signals.ts';
import type { Database } from '../store/sqlite.ts';
import { FindingBook, type Observation } from './finding-book.ts';
import { LargeEffects } from './large-effects.ts';
import { residualObservation, WEEK_MS } from './observations.ts';
import { PeerDetector } from './peer-detector.ts';
import { ServiceDetectors, SHARES } from './service-detectors.ts';
import { readLimits, readMix, readSignals } from './signal-steps.ts';
import { SignatureStore, type SignatureNotes } from './signature-store.ts';

export interface DriftSettings {
  readonly clock: Clock;
  /** of each service, while nothing drifts: all its detectors and instances together */
  readonly alarmsPerWeek: number;
  /** what a signal of a service's instances is not to pass; none unless given */
  readonly limitsOf: (service: string) => ReadonlyMap<SignalName, number>;
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

const MINUTES: Pace = { step: 60_000, learning: 7 * 1440, memory: 28 * 1440 };
/** for what happens within minutes, and for fleets that are new */
const SECONDS: Pace = { step: 1000, learning: 480, memory: 86_400 };
/** What stays far from usual for so long may be the drift that is looked for. Only large effects are told, so that rare is enough. */
const CAUTION = { heldAfter: 20, provisional: 1.5 } as const;
/** samples of a step have arrived after so long */
const ARRIVAL_MS = 2500;
/** what was stored before the watch began is taken in, at most so many steps a look */
const MOST_STEPS = 720;

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
    const since = Math.min(this.#reader.since(service), now);
    const made = [this.#minutes(service, since, now), this.#seconds(service, since, now)];
    this.#watchers.set(service, made);
    return made;
  }

  #minutes(service: string, since: UnixMs, now: UnixMs): Watcher {
    const { alarmsPerWeek, limitsOf } = this.#parts.settings;
    const detectors = new ServiceDetectors({ service, alarmsPerWeek, ...MINUTES });
    return {
      pace: MINUTES,
      lookedTo: begin(MINUTES, since, now),
      take: (from, to) => {
        const range = { from, to, step: MINUTES.step };
        const instances = this.#reader.instances(service, from);
        const values = readSignals(this.#reader, service, instances, range);
        const whole = readSignals(this.#reader, service, [undefined], range);
        const mixes = readMix(this.#parts.store, service, range);
        const limits = readLimits(this.#parts.store, service, instances, limitsOf(service));
        for (const [at, each] of values.entries()) {
          const time = from + at * MINUTES.step;
          const minute = { time, instances, values: each, limits };
          detectors.observe({ ...minute, whole: whole[at] as Float64Array, mix: mixes[at] ?? new Map() });
        }
      },
      observations: () => detectors.observations(),
      accept: (instance) => detectors.accept(instance),
    };
  }

  #seconds(service: string, since: UnixMs, now: UnixMs): Watcher {
    const { alarmsPerWeek, clock } = this.#parts.settings;
    const { step, learning, memory } = SECONDS;
    const alarmsPerStep = (alarmsPerWeek * SHARES.seconds * step) / WEEK_MS;
    const detector = new PeerDetector({ alarmsPerStep, learning, memory, ...CAUTION });
    const large = new LargeEffects();
    return {
      pace: SECONDS,
      lookedTo: begin(SECONDS, since, now),
      take: (from, to) => {
        const names = this.#reader.instances(service, from);
        for (const values of readSignals(this.#reader, service, names, { from, to, step })) {
          detector.observe(names, values);
        }
      },
      observations: () => {
        const about = { kind: 'peer', service, pace: step } as const;
        const all = detector.alarms();
        return large.only(
          all.map((alarm) => residualObservation({ ...about, instance: alarm.instance }, alarm, detector)),
          clock.now(),
        );
      },
      accept: (instance) => instance !== undefined && detector.accept(instance),
    };
  }
}

/** The beginning of the first step: what was stored is learned from, but no more of it than counts. `since`: the first sample. */
function begin({ step, learning, memory }: Pace, since: UnixMs, now: UnixMs): UnixMs {
  return Math.floor(Math.max(since, now - Math.min(memory, 2 * learning) * step) / step) * step;
}

/** Where the clock was set back it goes on from there; of a long time in which nobody looked, no more counts than is learned from. */
function advance(watcher: Watcher, until: UnixMs): void {
  const { step } = watcher.pace;
  if (until < watcher.lookedTo - step) watcher.lookedTo = Math.floor(until / step) * step;
  watcher.lookedTo = begin(watcher.pace, watcher.lookedTo, until);
  const to = Math.min(Math.floor(until / step) * step, watcher.lookedTo + MOST_STEPS * step);
  if (to <= watcher.lookedTo) return;
  watcher.take(watcher.lookedTo, to);
  watcher.lookedTo = to;
}

function isCurrent({ pace, lookedTo }: Watcher, now: UnixMs): boolean {
  return now - lookedTo < 2 * pace.step + 30_000;
}
