/**
 * Channels that several threads hear. Who hears a message depends on whether its channel is there already, which in an exact
 * run it may not be: there messages come from the records, and those that are sent are heard by nobody.
 */
import v8 from 'node:v8';
import workerThreads from 'node:worker_threads';
import { arrivalKey } from '../model/recorded-world.ts';
import { safely } from './calls.ts';
import type { Json } from './json.ts';
import type { BoundaryLog } from './log.ts';
import { disguise, ownData, type AnyFunction } from './patch.ts';
import { recordedContent } from './recorded-calls.ts';

const { apply, construct, get } = Reflect;
const { serialize, deserialize } = v8;
/** Where Node hands a message that has come to the port's listeners. */
export const DISPATCH = Symbol.for('nodejs.internal.kHybridDispatch');
const COMES = /^port (\d+) (\{.*\})$/;
const START = arrivalKey('message.in', '');

export class Broadcasts {
  readonly #ports = new WeakSet<object>();
  /** of an exact run, by the ids of their ports */
  readonly #played = new Map<number, object>();
  #isPlaying = false;

  constructor(private readonly log: BoundaryLog) {
    const { BroadcastChannel: Channel } = workerThreads;
    const marked: typeof Channel = new Proxy(Channel, {
      construct: (target, args, newTarget) => {
        const channel = construct(target, args, newTarget === marked ? target : newTarget) as object;
        const port = ownData(channel, symbolOf(channel, 'kHandle') ?? '');
        if (typeof port === 'object' && port !== null) safely(log, () => this.#made(port));
        return channel;
      },
    });
    Object.assign(workerThreads, { BroadcastChannel: disguise(marked, Channel, log.hide) });
    const own = Object.getOwnPropertyDescriptor(globalThis, 'BroadcastChannel');
    if (own?.configurable)
      Object.defineProperty(globalThis, 'BroadcastChannel', {
        ...own,
        ...(own.get ? { get: () => marked } : { value: marked }),
      });
    if (log.recorded) log.arrivals.playedBy({ find: (key) => this.#find(key) });
  }

  /** Ports that hear of several others. */
  has(port: object): boolean {
    return this.#ports.has(port);
  }

  /** A real message that comes from the records: nobody hears it a second time. */
  isPlayed(message: Json): boolean {
    return this.log.recorded !== undefined && !this.#isPlaying && this.#dataOf(JSON.stringify(message)) !== undefined;
  }

  #made(port: object): void {
    this.#ports.add(port);
    const id = this.log.idOf(port, 'port');
    if (this.log.recorded) this.#played.set(id, port);
  }

  #find(key: string): (() => void) | undefined {
    const [, id, text = ''] = (key.startsWith(START) && COMES.exec(key.slice(START.length))) || [];
    const port = this.#played.get(Number(id));
    const found = port && this.#dataOf(text);
    if (!port || !found) return undefined;
    return () => {
      this.#isPlaying = true;
      try {
        apply(get(port, DISPATCH) as AnyFunction, port, [found.data, 'message']);
      } finally {
        this.#isPlaying = false;
      }
    };
  }

  /** undefined: its record does not hold it whole, and it is waited for. */
  #dataOf(text: string): { readonly data: unknown } | undefined {
    const message = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const content = recordedContent((message['v8'] ?? message) as Parameters<typeof recordedContent>[0]);
    const data = 'v8' in message && typeof content === 'object' ? deserialize(content) : (content ?? message['value']);
    return JSON.stringify(messageJson(this.log, data)) === text ? { data } : undefined;
  }
}

/**
 * A message as data: primitives as they are, other values as V8's serialisation. Only for values that a message has
 * brought: those have no getters. What cannot be serialised (ports, handles) is named by its type.
 */
export function messageJson(log: BoundaryLog, value: unknown): Json {
  if (typeof value === 'string') return log.content(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return { value };
  if (typeof value !== 'object') return { type: typeof value };
  try {
    return { v8: log.content(serialize(value)) };
  } catch {
    return { type: 'object' };
  }
}

export function symbolOf(object: object, description: string): symbol | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}
