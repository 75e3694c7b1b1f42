/** What the tuner keeps: proposals, rollouts, pins, and the configuration that each service and knob shall have. */
import type { KnobId, KnobValue } from '../model/knob.ts';
import type { Proposal, ProposalState, RolloutState } from '../model/rollout.ts';
import type { ServiceImage } from '../model/service.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';

const schema: Schema = {
  name: 'tuning',
  steps: [
    `CREATE TABLE proposal (id TEXT PRIMARY KEY, proposed_at INTEGER NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL) STRICT;
    CREATE TABLE rollout (
      id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, finished INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
    CREATE INDEX rollout_running ON rollout (id) WHERE finished = 0;
    CREATE TABLE pin (knob TEXT PRIMARY KEY, actor TEXT NOT NULL) STRICT;
    CREATE TABLE desired_service (
      service TEXT PRIMARY KEY, slot TEXT NOT NULL, image TEXT NOT NULL, generation INTEGER NOT NULL) STRICT;
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    CREATE TABLE desired_knob (knob TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`,
  ],
};

/** The last good configuration of one service. */
export interface DesiredService {
  readonly slot: string;
  readonly image: ServiceImage;
  /** a part of its instances' ids */
  readonly generation: number;
}

export class TuningStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.use(schema);
  }

  /** 1, 2, 3… for each name; no number is given twice, whatever happens. */
  next(name: string): number {
    const sql = 'INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value';
    return Number(this.#database.get(sql, name)?.['value']);
  }

  saveProposal({ id, proposedAt, state, ...request }: Proposal): void {
    const text = JSON.stringify(request);
    this.#database.run('INSERT OR REPLACE INTO proposal VALUES (?, ?, ?, ?)', id, proposedAt, state, text);
  }

  proposal(id: string): Proposal | undefined {
    const row = this.#database.get('SELECT * FROM proposal WHERE id = ?', id);
    return row && toProposal(row);
  }

  /** the newest first */
  proposals(limit: number): readonly Proposal[] {
    const sql = 'SELECT * FROM proposal ORDER BY proposed_at DESC, rowid DESC LIMIT ?';
    return this.#database.all(sql, limit).map(toProposal);
  }

  saveRollout(state: RolloutState): void {
    const finished = state.finishedAt === undefined ? 0 : 1;
    const text = JSON.stringify(state);
    this.#database.run('INSERT OR REPLACE INTO rollout VALUES (?, ?, ?, ?)', state.id, state.startedAt, finished, text);
  }

  rollout(id: string): RolloutState | undefined {
    const row = this.#database.get('SELECT state FROM rollout WHERE id = ?', id);
    return row && toRollout(row);
  }

  unfinished(): readonly RolloutState[] {
    return this.#database.all('SELECT state FROM rollout WHERE finished = 0').map(toRollout);
  }

  /** the newest first */
  rollouts(limit: number): readonly RolloutState[] {
    const sql = 'SELECT state FROM rollout ORDER BY finished, started_at DESC, rowid DESC LIMIT ?';
    return this.#database.all(sql, limit).map(toRollout);
  }

  pin(knob: KnobId, by: string): void {
    this.#database.run('INSERT OR REPLACE INTO pin VALUES (?, ?)', knob, by);
  }

  unpin(knob: KnobId): void {
    this.#database.run('DELETE FROM pin WHERE knob = ?', knob);
  }

  pinnedBy(knob: KnobId): string | undefined {
    return this.#database.get('SELECT actor FROM pin WHERE knob = ?', knob)?.['actor'] as string | undefined;
  }

  desired(service: string): DesiredService | undefined {
    const row = this.#database.get('SELECT * FROM desired_service WHERE service = ?', service);
    if (!row) return undefined;
    const image = JSON.parse(String(row['image'])) as ServiceImage;
    return { slot: String(row['slot']), image, generation: Number(row['generation']) };
  }

  setDesired(service: string, { slot, image, generation }: DesiredService): void {
    const text = JSON.stringify(image);
    this.#database.run('INSERT OR REPLACE INTO desired_service VALUES (?, ?, ?, ?)', service, slot, text, generation);
  }

  desiredKnob(knob: KnobId): KnobValue | undefined {
    return this.#database.get('SELECT value FROM desired_knob WHERE knob = ?', knob)?.['value'] as
      | KnobValue
      | undefined;
  }

  setDesiredKnob(knob: KnobId, value: KnobValue): void {
    this.#database.run('INSERT OR REPLACE INTO desired_knob VALUES (?, ?)', knob, value);
  }
}

function toProposal(row: Row): Proposal {
  const request = JSON.parse(String(row['request'])) as Omit<Proposal, 'id' | 'proposedAt' | 'state'>;
  const state = row['state'] as ProposalState;
  return { ...request, id: String(row['id']), proposedAt: Number(row['proposed_at']), state };
}

const toRollout = (row: Row): RolloutState => JSON.parse(String(row['state'])) as RolloutState;
