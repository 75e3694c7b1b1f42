/**
 * Baskets in a Redis, each a hash of a thousand fields that a request writes and reads. Up to `hash-max-listpack-entries` a
 * hash is one list, in which each field is searched from its beginning: that takes less memory, and much longer where hashes
 * are large. (redis.io, "Memory optimization")
 */
import { Redis } from 'ioredis';
import { RedisKnob } from '../../../operational-loop/src/tuning/knobs/redis.ts';
import { RedisServer } from '../support/redis.ts';
import type { TunedStore } from './tuned-shop.ts';

const FIELDS = 1_000;
const CONTENT: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: FIELDS }, (_, index) => [`item ${index}`, String(index)]),
);

export class Baskets implements TunedStore {
  /** in fields */
  readonly cases = [
    { name: 'better', from: '4096', to: '128' },
    { name: 'worse', from: '128', to: '4096' },
    { name: 'equal', from: '128', to: '96' },
  ] as const;
  #asked = 0;

  static async start(): Promise<Baskets> {
    const server = await RedisServer.start();
    const knob = await RedisKnob.open({
      service: 'shop',
      connection: server.connection,
      name: 'hash-max-listpack-entries',
      bounds: { kind: 'range', least: 16, most: 8_192, whole: true },
      unit: 'fields',
      allowed: true,
      description: 'Up to how many fields a hash is kept as one list.',
    });
    return new Baskets(server, new Redis(server.connection), knob);
  }

  private constructor(
    private readonly server: RedisServer,
    private readonly redis: Redis,
    readonly knob: RedisKnob,
  ) {}

  async ask(): Promise<string> {
    const basket = `basket ${this.#asked++ % 8}`;
    const results = await this.redis.multi().del(basket).hset(basket, CONTENT).hget(basket, 'item 999').exec();
    const [, , read] = results ?? [];
    return String(read?.[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.redis.disconnect();
    await this.server[Symbol.asyncDispose]();
  }
}
