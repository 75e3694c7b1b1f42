/** Probabilities that were given, kept until what they were said of has happened or not. */
import type { Calibration, KeptProbability } from '../model/prediction.ts';
import type { UnixMs } from '../model/time.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';
import { calibrationOf } from './calibration.ts';

const schema: Schema = {
  name: 'probabilities',
  steps: [
    `CREATE TABLE probability (
       id INTEGER PRIMARY KEY,
       kind TEXT NOT NULL,
       subject TEXT NOT NULL,
       probability REAL NOT NULL,
       given_at INTEGER NOT NULL,
       due_at INTEGER NOT NULL,
       outcome INTEGER
     ) STRICT;
     CREATE INDEX probability_by_due ON probability (due_at) WHERE outcome IS NULL`,
    `ALTER TABLE probability ADD COLUMN about TEXT NOT NULL DEFAULT '{}'`,
  ],
};

export type NewProbability = Omit<KeptProbability, 'id' | 'outcome' | 'about'> &
  Partial<Pick<KeptProbability, 'about'>>;

export class ProbabilityStore {
  readonly #database: Database;

  /** The database stays its owner's to dispose. */
  constructor(database: Database) {
    this.#database = database;
    database.use(schema);
  }

  /** `subject`: what it was said of, in the giver's own words, such as an objective's name. Returns the new one's id. */
  keep({ kind, subject, probability, givenAt, dueAt, about = {} }: NewProbability): number {
    return this.#database.run(
      'INSERT INTO probability (kind, subject, probability, given_at, due_at, about) VALUES (?, ?, ?, ?, ?, ?)',
      kind,
      subject,
      probability,
      Math.round(givenAt),
      Math.round(dueAt),
      JSON.stringify(about),
    );
  }

  /** Those whose time has come and whose outcome is not known, the oldest first. */
  due(now: UnixMs): readonly KeptProbability[] {
    return this.#database
      .all('SELECT * FROM probability WHERE outcome IS NULL AND due_at <= ? ORDER BY due_at', Math.round(now))
      .map(probabilityOf);
  }

  /** What happened; the first answer stays. */
  settle(id: number, outcome: boolean): void {
    this.#database.run('UPDATE probability SET outcome = ? WHERE id = ? AND outcome IS NULL', Number(outcome), id);
  }

  /** Those of a subject whose outcome is not known, of one kind or of all. */
  pending(subject: string, kind?: string): readonly KeptProbability[] {
    const rows = this.#database.all('SELECT * FROM probability WHERE outcome IS NULL AND subject = ?', subject);
    return rows.map(probabilityOf).filter((each) => kind === undefined || each.kind === kind);
  }

  /** What it was said of can no longer be seen, as when something else was done meanwhile. */
  forget(id: number): void {
    this.#database.run('DELETE FROM probability WHERE id = ?', id);
  }

  /** Of each kind that was ever given: how many wait for their outcome. */
  kinds(): readonly { readonly kind: string; readonly pending: number }[] {
    const sql = 'SELECT kind, SUM(outcome IS NULL) AS pending FROM probability GROUP BY kind ORDER BY kind';
    return this.#database.all(sql).map((row) => ({ kind: String(row['kind']), pending: Number(row['pending']) }));
  }

  /** Of one kind, or of all. */
  calibration(kind?: string): Calibration {
    const rows =
      kind === undefined
        ? this.#database.all('SELECT probability, outcome FROM probability WHERE outcome IS NOT NULL')
        : this.#database.all(
            'SELECT probability, outcome FROM probability WHERE outcome IS NOT NULL AND kind = ?',
            kind,
          );
    return calibrationOf(
      rows.map((row) => Number(row['probability'])),
      rows.map((row) => Number(row['outcome'])),
    );
  }
}

function probabilityOf(row: Row): KeptProbability {
  const kept = {
    id: Number(row['id']),
    kind: String(row['kind']),
    subject: String(row['subject']),
    probability: Number(row['probability']),
    givenAt: Number(row['given_at']),
    dueAt: Number(row['due_at']),
    about: JSON.parse(String(row['about'])) as KeptProbability['about'],
  };
  return row['outcome'] === null ? kept : { ...kept, outcome: row['outcome'] === 1 };
}
