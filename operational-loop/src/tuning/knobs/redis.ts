/** Settings of a running Redis, by CONFIG SET. They hold until it restarts; what its own file says comes back then. */
import { Redis } from 'ioredis';
import type { KnobBounds, KnobValue } from '../../model/knob.ts';
import { outOfBounds } from '../../model/knob.ts';
import type { LiveKnob } from './knob.ts';

/** Settings by which data can be lost, evicted or expire at another time. */
const SEMANTIC = new Set([
  'appendfsync',
  'appendonly',
  'maxmemory',
  'maxmemory-policy',
  'save',
  'no-appendfsync-on-rewrite',
]);

export interface RedisKnobSettings {
  readonly service: string;
  /** `redis://host:port` */
  readonly connection: string;
  /** such as `hash-max-listpack-entries` */
  readonly name: string;
  readonly bounds: KnobBounds;
  /** empty where it is a number of things */
  readonly unit: string;
  readonly allowed: boolean;
  readonly description: string;
}

export class RedisKnob implements LiveKnob {
  readonly definition: LiveKnob['definition'];
  readonly #connection: string;
  readonly #initial: KnobValue;

  /** Throws where Redis cannot be reached, or has no such setting. */
  static async open(settings: RedisKnobSettings): Promise<RedisKnob> {
    const { connection, name } = settings;
    return new RedisKnob(settings, await withRedis(connection, (redis) => valueOf(redis, name)));
  }

  private constructor(settings: RedisKnobSettings, initial: KnobValue) {
    const { service, name, unit, bounds, allowed, description, connection } = settings;
    this.#connection = connection;
    this.#initial = initial;
    this.definition = {
      id: `${service}/${name}`,
      target: 'redis',
      service,
      name,
      unit,
      bounds,
      applied: 'live',
      changesSemantics: SEMANTIC.has(name),
      allowed,
      description,
    };
  }

  read(): Promise<KnobValue> {
    return withRedis(this.#connection, (redis) => valueOf(redis, this.definition.name));
  }

  async apply(value: KnobValue): Promise<void> {
    const wrong = outOfBounds(this.definition, value);
    if (wrong !== undefined) throw new Error(wrong);
    await this.#set(value);
  }

  /** To what it was when this knob was made: Redis does not tell what its file says. */
  reset(): Promise<void> {
    return this.#set(this.#initial);
  }

  #set(value: KnobValue): Promise<void> {
    const { name } = this.definition;
    return withRedis(this.#connection, async (redis) => {
      await redis.config('SET', name, value);
      const found = await valueOf(redis, name);
      if (found !== value) throw new Error(`Redis' ${name} is ${found} after it was set to ${value}.`);
    });
  }
}

async function withRedis<T>(connection: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(connection, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  // What connecting ends with says only that it is closed.
  let reason: Error | undefined;
  redis.on('error', (error: Error) => {
    reason = error;
  });
  await redis.connect().catch((error: unknown) => {
    throw reason ?? error;
  });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, name: string): Promise<KnobValue> {
  const [, value] = (await redis.config('GET', name)) as readonly string[];
  if (value === undefined) throw new Error(`Redis has no setting ${name}.`);
  return value;
}
