/**
 * Settings of a running PostgreSQL: ALTER SYSTEM, then a reload. Values are in the unit that `pg_settings` has for them.
 * Only those that take effect without a restart.
 */
import pg from 'pg';
import type { KnobBounds, KnobDefinition, KnobValue } from '../../model/knob.ts';
import { outOfBounds } from '../../model/knob.ts';
import type { LiveKnob } from './knob.ts';

/** Settings after which a crash, or a reader at the same time, can see something else. */
const SEMANTIC = new Set([
  'synchronous_commit',
  'fsync',
  'full_page_writes',
  'default_transaction_isolation',
  'default_transaction_deferrable',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
]);

/** What takes effect with a reload, for all sessions. */
const LIVE_CONTEXTS: readonly unknown[] = ['sighup', 'user', 'superuser'];

export interface PostgresqlKnobSettings {
  readonly service: string;
  /** `postgresql://user@host:port/database`; of a superuser */
  readonly connection: string;
  /** such as `work_mem` */
  readonly name: string;
  readonly allowed: boolean;
  /** narrower than PostgreSQL's own */
  readonly bounds?: { readonly least: number; readonly most: number };
}

interface Setting {
  readonly setting: string;
  readonly unit: string | null;
  readonly context: string;
  readonly vartype: string;
  readonly min_val: string | null;
  readonly max_val: string | null;
  readonly enumvals: readonly string[] | null;
  readonly short_desc: string;
  readonly pending_restart: boolean;
}

const RELOAD_WITHIN_MS = 5_000;

export class PostgresqlKnob implements LiveKnob {
  readonly definition: LiveKnob['definition'];
  readonly #connection: string;

  /** Asks the server for bounds and unit. Throws where it cannot be reached, or the setting takes a restart. */
  static async open(settings: PostgresqlKnobSettings): Promise<PostgresqlKnob> {
    const { connection, name } = settings;
    const found = await withClient(connection, (client) => settingOf(client, name));
    if (!LIVE_CONTEXTS.includes(found.context)) {
      throw new Error(`PostgreSQL's ${name} takes effect with a restart only: it cannot be tuned live.`);
    }
    return new PostgresqlKnob(connection, definitionOf(settings, found));
  }

  private constructor(connection: string, definition: LiveKnob['definition']) {
    this.#connection = connection;
    this.definition = definition;
  }

  read(): Promise<KnobValue> {
    return withClient(this.#connection, async (client) => (await settingOf(client, this.definition.name)).setting);
  }

  async apply(value: KnobValue): Promise<void> {
    const wrong = outOfBounds(this.definition, value);
    if (wrong !== undefined) throw new Error(wrong);
    const { name } = this.definition;
    await withClient(this.#connection, async (client) => {
      const sql = `ALTER SYSTEM SET ${client.escapeIdentifier(name)} = ${client.escapeLiteral(value)}`;
      await client.query(sql);
      await client.query('SELECT pg_reload_conf()');
      await this.#untilRead(client, value);
    });
  }

  async reset(): Promise<void> {
    await withClient(this.#connection, async (client) => {
      await client.query(`ALTER SYSTEM RESET ${client.escapeIdentifier(this.definition.name)}`);
      await client.query('SELECT pg_reload_conf()');
    });
  }

  /** The reload reaches sessions one after the other. */
  async #untilRead(client: pg.Client, value: KnobValue): Promise<void> {
    const { name } = this.definition;
    const until = performance.now() + RELOAD_WITHIN_MS;
    let found = '';
    while (performance.now() < until) {
      found = (await settingOf(client, name)).setting;
      if (found === value) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(
      `PostgreSQL's ${name} is ${found} after it was set to ${value}: its role or database may set it as well.`,
    );
  }
}

async function withClient<T>(connection: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: connection, connectionTimeoutMillis: 5_000 });
  // Its end is seen by whoever asks next.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function settingOf(client: pg.Client, name: string): Promise<Setting> {
  const sql = `SELECT setting, unit, context, vartype, min_val, max_val, enumvals, short_desc, pending_restart
    FROM pg_settings WHERE name = $1`;
  const { rows } = await client.query<Setting>(sql, [name]);
  const [found] = rows;
  if (!found) throw new Error(`PostgreSQL has no setting ${name}.`);
  return found;
}

function definitionOf(
  { service, name, allowed, bounds }: PostgresqlKnobSettings,
  found: Setting,
): KnobDefinition & { readonly applied: 'live' } {
  return {
    id: `${service}/${name}`,
    target: 'postgresql',
    service,
    name,
    unit: found.unit ?? '',
    bounds: boundsOf(found, bounds),
    applied: 'live',
    changesSemantics: SEMANTIC.has(name),
    allowed,
    description: `${found.short_desc}`,
  };
}

function boundsOf(found: Setting, narrower: PostgresqlKnobSettings['bounds']): KnobBounds {
  if (found.vartype === 'bool') return { kind: 'choices', values: ['on', 'off'] };
  if (found.enumvals) return { kind: 'choices', values: found.enumvals };
  const least = Math.max(Number(found.min_val), narrower?.least ?? -Infinity);
  const most = Math.min(Number(found.max_val), narrower?.most ?? Infinity);
  return { kind: 'range', least, most, whole: found.vartype === 'integer' };
}
