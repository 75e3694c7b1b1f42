/** Orders in a PostgreSQL: a request takes much longer with too little `work_mem`. */
import pg from 'pg';
import { PostgresqlKnob } from '../../../operational-loop/src/tuning/knobs/postgresql.ts';
import { Postgresql } from '../support/postgresql.ts';
import type { TunedStore } from './tuned-shop.ts';

/** Those that were not sent yet: PostgreSQL hashes the inner query if it fits into `work_mem`, and else reads it for each row. */
const QUERY = 'SELECT count(*) FROM orders WHERE id NOT IN (SELECT id FROM sent)';
const TABLES = `
  DROP TABLE IF EXISTS orders, sent;
  CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 60) AS i;
  CREATE TABLE sent AS SELECT i AS id FROM generate_series(31, 20030) AS i;
  ANALYZE orders;
  ANALYZE sent`;

export class Orders implements TunedStore {
  /** in kB */
  readonly cases = [
    { name: 'better', from: '64', to: '65536' },
    { name: 'worse', from: '65536', to: '64' },
    { name: 'equal', from: '65536', to: '81920' },
  ] as const;

  static async start(): Promise<Orders> {
    const server = await Postgresql.start();
    const { connection } = server;
    const pool = new pg.Pool({ connectionString: connection, max: 2 });
    await pool.query(TABLES);
    const bounds = { least: 64, most: 262_144 };
    const knob = await PostgresqlKnob.open({ service: 'shop', connection, name: 'work_mem', allowed: true, bounds });
    return new Orders(server, pool, knob);
  }

  private constructor(
    private readonly server: Postgresql,
    private readonly pool: pg.Pool,
    readonly knob: PostgresqlKnob,
  ) {}

  async ask(): Promise<string> {
    return JSON.stringify((await this.pool.query(QUERY)).rows);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.end();
    await this.server[Symbol.asyncDispose]();
  }
}
