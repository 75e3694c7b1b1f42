/**
 * A service whose requests each ask PostgreSQL something that takes much longer with too little `work_mem`. The tuner's proxy
 * stands in front of it, and clients ask without a pause.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { systemClock } from '../../../operational-loop/src/model/time.ts';
import type { RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import { Database } from '../../../operational-loop/src/store/sqlite.ts';
import type { Knob } from '../../../operational-loop/src/tuning/knobs/knob.ts';
import { PostgresqlKnob } from '../../../operational-loop/src/tuning/knobs/postgresql.ts';
import type { Launcher, RunningInstance, StartRequest } from '../../../operational-loop/src/tuning/launch/launcher.ts';
import { ProxyPort } from '../../../operational-loop/src/tuning/traffic/proxy.ts';
import { Tuner } from '../../../operational-loop/src/tuning/tuner.ts';

/** Those that were not sent yet: PostgreSQL hashes the inner query if it fits into `work_mem`, and else reads it for each row. */
const QUERY = 'SELECT count(*) FROM orders WHERE id NOT IN (SELECT id FROM sent)';
const TABLES = `
  DROP TABLE IF EXISTS orders, sent;
  CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 60) AS i;
  CREATE TABLE sent AS SELECT i AS id FROM generate_series(31, 20030) AS i;
  ANALYZE orders;
  ANALYZE sent`;

export class OrderShop implements AsyncDisposable {
  readonly tuner: Tuner;
  readonly knob: PostgresqlKnob;
  readonly #parts: ShopParts;

  static async open(connection: string): Promise<OrderShop> {
    const pool = new pg.Pool({ connectionString: connection, max: 2 });
    await pool.query(TABLES);
    const knob = await PostgresqlKnob.open({
      service: 'shop',
      connection,
      name: 'work_mem',
      allowed: true,
      bounds: { least: 64, most: 262_144 },
    });
    const traffic = await ProxyPort.listen({ host: '127.0.0.1', port: 0, slots: ['blue', 'green'] }, systemClock);
    const shop = new OrderShop(pool, knob, traffic);
    await shop.tuner.recover();
    return shop;
  }

  private constructor(pool: pg.Pool, knob: PostgresqlKnob, traffic: ProxyPort) {
    const database = new Database(':memory:');
    const launcher = new QueryInstances(pool);
    const image = { build: 'shop', configuration: {} };
    const knobs: readonly Knob[] = [knob];
    this.knob = knob;
    this.tuner = new Tuner({
      database,
      services: [{ name: 'shop', traffic, launcher, replicas: 1, image }],
      knobs,
      clock: systemClock,
      blocks: { block: 400, settle: 100, most: 12 },
    });
    this.#parts = { database, launcher, pool, traffic, clients: new Clients(traffic.address, 2) };
  }

  /** Sets the baseline by hand, then has the tuner try a value. */
  async try(from: string, to: string): Promise<RolloutState> {
    await this.tuner.override(this.knob.definition.id, from, 'test');
    const change = { kind: 'knob', knob: this.knob.definition.id, value: to } as const;
    const proposal = this.tuner.recommend({
      service: 'shop',
      change,
      reason: `${from} kB may be too little or too much.`,
    });
    const { id } = await this.tuner.apply(proposal.id, { strategy: 'canary', by: 'test' });
    return this.tuner.finished(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { database, launcher, pool, traffic, clients } = this.#parts;
    await this.tuner[Symbol.asyncDispose]();
    await clients[Symbol.asyncDispose]();
    await traffic[Symbol.asyncDispose]();
    launcher[Symbol.dispose]();
    await pool.end();
    database[Symbol.dispose]();
  }
}

interface ShopParts {
  readonly database: Database;
  readonly launcher: QueryInstances;
  readonly pool: pg.Pool;
  readonly traffic: ProxyPort;
  readonly clients: Clients;
}

class QueryInstances implements Launcher {
  readonly #pool: pg.Pool;
  readonly #servers = new Map<string, { readonly instance: RunningInstance; readonly server: http.Server }>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async start({ id, service, image }: StartRequest): Promise<RunningInstance> {
    const server = http.createServer((_request, response) => {
      this.#pool.query(QUERY).then(
        ({ rows }) => response.end(JSON.stringify(rows)),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const instance = { id, service, image, address };
    this.#servers.set(id, { instance, server });
    return instance;
  }

  async stop(id: string): Promise<void> {
    this.#servers.get(id)?.server.close();
    this.#servers.delete(id);
  }

  async running(): Promise<readonly RunningInstance[]> {
    return [...this.#servers.values()].map(({ instance }) => instance);
  }

  onExit(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  [Symbol.dispose](): void {
    for (const { server } of this.#servers.values()) {
      server.closeAllConnections();
      server.close();
    }
  }
}

class Clients implements AsyncDisposable {
  #ends = false;
  readonly #all: readonly Promise<void>[];

  constructor(address: string, count: number) {
    this.#all = Array.from({ length: count }, () => this.#ask(address));
  }

  async #ask(address: string): Promise<void> {
    while (!this.#ends) await fetch(address).then((response) => response.text());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ends = true;
    await Promise.all(this.#all);
  }
}
