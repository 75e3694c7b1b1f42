/** Findings from their opening to their end, in the database, and as signatures. */
import type { DriftEvidence, DriftFinding, DriftKind, Heading, SignatureMatch } from '../model/drift.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import type { SampleSource } from '../signals/golden-signals.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';
import { shapeOf } from './shape.ts';
import type { SignatureStore } from './signature-store.ts';

/** What a detector says of a drift that is there now. */
export interface Observation {
  readonly kind: DriftKind;
  readonly service: string;
  readonly instance?: string;
  readonly score: number;
  readonly rarity: number;
  /** the furthest first */
  readonly evidence: readonly DriftEvidence[];
  /** of a drift of the future */
  readonly heading?: Heading;
  readonly deviations: Float64Array;
  /** by signal, the step at which it began to move; NaN where it does not */
  readonly moved: ReadonlyMap<string, number>;
  /** by how many steps the second of two metrics goes after the first; undefined where that is not to be seen */
  lag(first: string, second: string): number | undefined;
  /** milliseconds a step */
  readonly pace: Milliseconds;
  /** steps after which it is kept as a signature */
  readonly keepAfter: number;
}

const schema: Schema = {
  name: 'drift findings',
  steps: [
    `CREATE TABLE drift_finding (
      id TEXT PRIMARY KEY,
      since INTEGER NOT NULL,
      ended_at INTEGER,
      signature INTEGER,
      body TEXT NOT NULL
    ) STRICT`,
  ],
};

const SHOWN_AFTER_END_MS = 3_600_000;
/** a shape as near as this is the same signature seen again */
const SAME = 0.9;
const NEAREST = 5;
const EVIDENCE = 6;

export class FindingBook {
  readonly #database: Database;
  readonly #signatures: SignatureStore;
  readonly #source: SampleSource;
  readonly #open = new Map<string, DriftFinding>();
  /** by finding, the signature that it became */
  readonly #own = new Map<string, number>();

  constructor(database: Database, signatures: SignatureStore, source: SampleSource) {
    this.#database = database;
    this.#signatures = signatures;
    this.#source = source;
    database.use(schema);
    for (const row of database.all('SELECT * FROM drift_finding WHERE ended_at IS NULL')) {
      const finding = findingFrom(row);
      this.#open.set(keyOf(finding), finding);
      if (row['signature'] !== null) this.#own.set(finding.id, Number(row['signature']));
    }
  }

  get(id: string): DriftFinding | undefined {
    const row = this.#database.get('SELECT * FROM drift_finding WHERE id = ?', id);
    return row && findingFrom(row);
  }

  history(limit: number): readonly DriftFinding[] {
    return this.#database.all('SELECT * FROM drift_finding ORDER BY since DESC LIMIT ?', limit).map(findingFrom);
  }

  /** `complete`: what is not observed has ended. */
  update(observed: readonly Observation[], now: UnixMs, complete: boolean): readonly DriftFinding[] {
    const seen = new Set<string>();
    for (const observation of observed.toSorted((one, other) => other.score - one.score)) {
      const key = keyOf(observation);
      if (seen.has(key)) continue;
      seen.add(key);
      this.#see(key, observation, now);
    }
    for (const [key, { id }] of this.#open) if (complete && !seen.has(key)) this.end(id, now);
    const shown = 'SELECT * FROM drift_finding WHERE ended_at IS NULL OR ended_at > ? ORDER BY since DESC, id';
    return this.#database.all(shown, Math.round(now - SHOWN_AFTER_END_MS)).map(findingFrom);
  }

  /** What a finding was kept as; undefined where it did not last long enough. */
  signatureOf(id: string): number | undefined {
    const row = this.#database.get('SELECT signature FROM drift_finding WHERE id = ?', id);
    return row && row['signature'] !== null ? Number(row['signature']) : undefined;
  }

  end(id: string, now: UnixMs): void {
    for (const [key, finding] of this.#open) if (finding.id === id) this.#open.delete(key);
    this.#database.run('UPDATE drift_finding SET ended_at = ? WHERE id = ?', Math.round(now), id);
  }

  #see(key: string, observation: Observation, now: UnixMs): void {
    const { kind, service, instance, score, rarity, evidence, heading, deviations } = observation;
    const before = this.#open.get(key);
    const since = before?.since ?? now;
    const id = before?.id ?? `${kind}-${service}-${instance ?? 'all'}-${Math.round(since)}`;
    const shape = shapeOf(deviations);
    const finding: DriftFinding = {
      id,
      kind,
      service,
      ...(instance === undefined ? {} : { instance }),
      metric: evidence[0]?.metric ?? 'requests',
      rarity,
      score,
      since,
      state: 'open',
      evidence: evidence.slice(0, EVIDENCE),
      ...(heading ? { heading } : {}),
      nearestSignatures: this.#nearest(id, shape),
      shape,
    };
    this.#open.set(key, finding);
    const old = now - since >= observation.keepAfter * observation.pace;
    if (old && !this.#own.has(id) && shape.some((value) => value !== 0)) this.#remember(finding, observation, now);
    this.#database.run(
      'INSERT OR REPLACE INTO drift_finding (id, since, ended_at, signature, body) VALUES (?, ?, NULL, ?, ?)',
      id,
      Math.round(since),
      this.#own.get(id) ?? null,
      JSON.stringify({ ...finding, shape: [...shape] }),
    );
  }

  /** Those seen before: not what this finding itself became. */
  #nearest(id: string, shape: Float32Array): readonly SignatureMatch[] {
    const own = this.#own.get(id);
    const found = this.#signatures.nearest(shape, NEAREST + 1);
    const wasSeen = (match: SignatureMatch): boolean =>
      match.signature !== own || (this.#signatures.get(match.signature)?.seen ?? 1) > 1;
    return found.filter(wasSeen).slice(0, NEAREST);
  }

  #remember(finding: DriftFinding, observation: Observation, now: UnixMs): void {
    const [nearest] = finding.nearestSignatures;
    if (nearest && nearest.similarity >= SAME) {
      this.#signatures.seenAgain(nearest.signature, now);
      this.#own.set(finding.id, nearest.signature);
      return;
    }
    const series = this.#source.series({
      labels: { service: finding.service, ...(finding.instance === undefined ? {} : { instance: finding.instance }) },
    });
    const label = (name: string): string => series.find(({ labels }) => name in labels)?.labels[name] ?? '';
    const { moved, evidence, pace } = observation;
    const begun = [...moved].filter(([, step]) => !Number.isNaN(step)).toSorted(([, one], [, other]) => one - other);
    const { id } = this.#signatures.add({
      name: nameOf(evidence),
      kind: finding.kind,
      service: finding.service,
      seenAt: now,
      shape: finding.shape,
      metrics: begun.map(([metric]) => metric),
      lags: begun.map(([metric, step]) => pace * lagOf(observation, begun[0] ?? [metric, step], [metric, step])),
      workload: this.#workload(finding.service, now),
      environment: label('environment'),
      build: label('version'),
      recordings: [],
    });
    this.#own.set(finding.id, id);
  }

  /** The decile of the last quarter of an hour's requests among those of the last day. */
  #workload(service: string, now: UnixMs): number {
    const [counter] = [
      'http_server_request_duration_seconds_count',
      'http_request_duration_seconds_count',
      'http_requests_total',
    ]
      .map((name) => this.#source.series({ name, labels: { service } }))
      .filter(({ length }) => length > 0);
    const growth = new Map<number, number>();
    for (const { id } of counter ?? []) {
      const { times, min, max } = this.#source.read(id, now - 86_400_000, now, '1m');
      for (let at = 0; at < times.length; at++) {
        const quarter = Math.floor((times[at] as number) / 900_000);
        growth.set(quarter, (growth.get(quarter) ?? 0) + (max[at] as number) - (min[at] as number));
      }
    }
    const quarters = [...growth.values()];
    const last = quarters.at(-1) ?? 0;
    return Math.min(
      9,
      Math.floor((10 * quarters.filter((other) => other < last).length) / Math.max(1, quarters.length)),
    );
  }
}

type Moved = readonly [metric: string, step: number];

/** Steps by which a metric goes after the first: by its course, or else by when it was first seen to move. */
function lagOf(observation: Observation, [first, begun]: Moved, [metric, step]: Moved): number {
  return metric === first ? 0 : (observation.lag(first, metric) ?? step - begun);
}

function keyOf({ kind, service, instance }: Pick<DriftFinding, 'kind' | 'service' | 'instance'>): string {
  return JSON.stringify([kind, service, instance]);
}

/** Such as `memoryBytes up, gcShare up`: until a person gives it a name. */
function nameOf(evidence: readonly DriftEvidence[]): string {
  const [first] = evidence;
  const large = evidence.filter(({ deviation }) => Math.abs(deviation) > Math.abs(first?.deviation ?? 0) / 3);
  return large
    .slice(0, 3)
    .map(({ metric, deviation }) => `${metric} ${deviation > 0 ? 'up' : 'down'}`)
    .join(', ');
}

function findingFrom(row: Row): DriftFinding {
  const body = JSON.parse(String(row['body'])) as Omit<DriftFinding, 'shape'> & { readonly shape: readonly number[] };
  const ended = row['ended_at'];
  return {
    ...body,
    shape: Float32Array.from(body.shape),
    ...(ended === null ? {} : { state: 'ended', endedAt: Number(ended) }),
  };
}
