/** Predictions as they were made, with all their inputs, so that each decision can be replayed. */
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

  /** `proposal`: of the tuner, where the prediction led to one */
  add(prediction: Prediction, proposal: string | undefined): void {
    const { service, at } = prediction.input;
    this.database.run(
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
