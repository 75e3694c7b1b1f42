/** Predictions as they were made, with all their inputs, so that each decision can be replayed. */
import type { KeptPrediction } from '../api/messages.ts';
import type { Prediction } from '../model/prediction.ts';
import type { Database, Schema } from '../store/sqlite.ts';

const schema: Schema = {
  name: 'predictions',
  steps: [
    `CREATE TABLE prediction (
      id INTEGER PRIMARY KEY, service TEXT NOT NULL, made INTEGER NOT NULL, proposal TEXT, content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX prediction_service ON prediction (service, made)`,
  ],
};

/** Of each service; those that led to a proposal stay. */
const MOST = 100;

export class PredictionKeeper {
  constructor(private readonly database: Database) {
    database.use(schema);
  }

  /** `proposal`: of the tuner, where the prediction led to one. Returns its number. */
  add(prediction: Prediction, proposal: string | undefined): number {
    const { service, at } = prediction.input;
    const id = this.database.run(
      'INSERT INTO prediction (service, made, proposal, content) VALUES (?, ?, ?, ?)',
      service,
      at,
      proposal ?? null,
      JSON.stringify(prediction),
    );
    this.database.run(
      `DELETE FROM prediction WHERE service = ? AND proposal IS NULL AND id NOT IN
        (SELECT id FROM prediction WHERE service = ? AND proposal IS NULL ORDER BY id DESC LIMIT ?)`,
      service,
      service,
      MOST,
    );
    return id;
  }

  /** The latest first. */
  list(service: string | undefined, limit: number): readonly KeptPrediction[] {
    const rows = this.database.all(
      `SELECT id, service, made, proposal, json_extract(content, '$.steps.choice.chosen') AS chosen,
        json_extract(content, '$.steps.choice.reason') AS reason
        FROM prediction WHERE ? IS NULL OR service = ? ORDER BY id DESC LIMIT ?`,
      service ?? null,
      service ?? null,
      limit,
    );
    return rows.map((row) => ({
      id: Number(row['id']),
      service: String(row['service']),
      madeAt: Number(row['made']),
      ...(row['proposal'] === null ? {} : { proposal: String(row['proposal']) }),
      chosen: String(row['chosen']),
      reason: String(row['reason']),
    }));
  }

  /** As it was stored: by its number, or by the proposal that it led to. Undefined where there is none. */
  stored(id: string): string | undefined {
    const sql = 'SELECT content FROM prediction WHERE id = ? OR proposal = ? ORDER BY id DESC LIMIT 1';
    const found = this.database.get(sql, /^\d+$/.test(id) ? Number(id) : -1, id);
    return found && String(found['content']);
  }

  latest(service: string): Prediction | undefined {
    return this.#read('SELECT content FROM prediction WHERE service = ? ORDER BY id DESC LIMIT 1', service);
  }

  ofProposal(proposal: string): Prediction | undefined {
    return this.#read('SELECT content FROM prediction WHERE proposal = ? ORDER BY id DESC LIMIT 1', proposal);
  }

  #read(sql: string, value: string): Prediction | undefined {
    const found = this.database.get(sql, value);
    return found && (JSON.parse(String(found['content'])) as Prediction);
  }
}
