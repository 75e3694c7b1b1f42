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
  ],
};

export class ProbabilityStore {
  readonly #database: Database;

  /** The database stays its owner's to dispose. */
  constructor(database: Database) {
    this.#database = database;
    database.use(schema);
  }

  /** `subject`: what it was said of, in the giver's own words, such as an objective's name. Returns the new one's id. */
  keep({ kind, subject, probability, givenAt, dueAt }: Omit<KeptProbability, 'id' | 'outcome'>): number {
    return this.#database.run(
      'INSERT INTO probability (kind, subject, probability, given_at, due_at) VALUES (?, ?, ?, ?, ?)',
      kind,
      subject,
      probability,
      Math.round(givenAt),
      Math.round(dueAt),
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
  };
  return row['outcome'] === null ? kept : { ...kept, outcome: row['outcome'] === 1 };
}
