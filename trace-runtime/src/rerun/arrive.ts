/** What came to the program's servers comes again: requests and connections of each thread in the order that they had. */
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { claimFile } from '../model/recorded-world.ts';
import type { ServerName } from './accepted.ts';
import { GuestConnection, haveHeard } from './guest-connections.ts';
import type { Guest, GuestAct } from './guests.ts';
import { Http2GuestConnection } from './http2-guest-connection.ts';
import type { Http2Guest, Http2GuestAct } from './http2-guests.ts';
import type { IncomingRequest } from './incoming.ts';
import type { IncomingSignal } from './signals.ts';
import { isHeard, placeOf, type ServerPlace } from './server-places.ts';

export interface Incoming {
  readonly requests: readonly IncomingRequest[];
  readonly guests: readonly Guest[];
  readonly http2: readonly Http2Guest[];
  readonly signals: readonly IncomingSignal[];
  /** what the program is told over UDP by others that speak first: it hears that by itself */
  readonly datagrams: readonly { readonly stream: number; readonly talk: number }[];
}

export interface ArriveOptions {
  readonly scratch: string;
  /** ends it at once */
  readonly over: AbortSignal;
  /** milliseconds that the program had after the last of it */
  readonly rest: number;
  /** hears of what could not be made again */
  readonly unmatched: (what: string) => void;
}

/** How often it looks whether a server listens. */
const LOOK_MS = 10;
/** After so long, the server at another place is taken. */
const PLACE_MS = 1000;
/** What a program may still do after the last of it. */
const QUIET_MS = 300;
/** Of a program that went on long after it. */
const LONGEST_REST_MS = 5000;
/** Between two portions over different connections, so that they come one after the other. */
const APART_MS = 2;
/** Nobody waits longer than that between two portions. */
const LONGEST_GAP_MS = 2000;

type Item = { readonly order: number } & (
  | { readonly request: IncomingRequest }
  | { readonly act: Act }
  | { readonly signal: IncomingSignal }
);

/** Something that comes over a connection. */
type Act =
  | { readonly connection: GuestConnection; readonly does: GuestAct }
  | { readonly connection: Http2GuestConnection; readonly http2: Http2GuestConnection; readonly does: Http2GuestAct };

/** Begins as soon as a server listens; resolves a little after all is answered. */
export async function arrive(incoming: Incoming, options: ArriveOptions): Promise<void> {
  const { over, rest } = options;
  const streams = new Map<number, Item[]>();
  const connections: (GuestConnection | Http2GuestConnection)[] = [];
  const add = ({ stream }: Pick<ServerName, 'stream'>, item: Item): void => {
    streams.set(stream, [...(streams.get(stream) ?? []), item]);
  };
  for (const request of incoming.requests) add(request.server, { order: request.order, request });
  for (const guest of incoming.guests) {
    const connection = new GuestConnection(guest);
    connections.push(connection);
    for (const does of guest.does) add(guest.server, { order: does.order, act: { connection, does } });
  }
  for (const guest of incoming.http2) {
    const connection = new Http2GuestConnection(guest);
    connections.push(connection);
    for (const does of guest.does)
      add(guest.server, { order: does.order, act: { connection, http2: connection, does } });
  }
  for (const signal of incoming.signals) add(signal, { order: signal.order, signal });
  const thread = (items: readonly Item[]) => new Thread(items, connections, options).arrive();
  await Promise.all([...streams.values()].map(thread));
  if (!over.aborted && connections.length > 0) await haveHeard(connections, Infinity, over, pauseFor);
  for (const { stream, talk } of incoming.datagrams)
    while (!over.aborted && !isHeard(stream, talk, options.scratch)) await pauseFor(LOOK_MS);
  const quiet = Math.min(LONGEST_REST_MS, Math.max(QUIET_MS, rest));
  if (!over.aborted) await pauseFor(quiet, undefined, { signal: over }).catch(() => undefined);
  for (const connection of connections) over.addEventListener('abort', () => connection.close(), { once: true });
}

/** What came to one thread of the program. */
class Thread {
  readonly #all: Promise<void>[] = [];
  #answered = 0;

  constructor(
    private readonly items: readonly Item[],
    private readonly connections: readonly (GuestConnection | Http2GuestConnection)[],
    private readonly options: ArriveOptions,
  ) {}

  async arrive(): Promise<void> {
    for (const item of this.items.toSorted((a, b) => a.order - b.order)) {
      if (this.options.over.aborted) return;
      if ('request' in item) await this.#ask(item.request);
      else if ('signal' in item) await this.#send(item.signal);
      else await this.#act(item.act);
    }
    await Promise.all(this.#all);
  }

  async #ask(request: IncomingRequest): Promise<void> {
    const { over } = this.options;
    while (!over.aborted && this.#answered < request.after) await pauseFor(LOOK_MS);
    const place = await this.#placeOf(request.server);
    if (!place) return;
    this.#all.push(makeRequest(request, place, over).then(() => void this.#answered++));
    // those that came together begin in their order
    await pauseFor(1);
  }

  /** What came before it has come: the process is there, and listens as it did. */
  async #send({ stream, name, answered, after, order }: IncomingSignal): Promise<void> {
    const { over, scratch } = this.options;
    // of fewer requests there are fewer answers
    const most = Math.min(answered, this.#all.length);
    while (!over.aborted && this.#answered < most) await pauseFor(LOOK_MS);
    await this.#haveHeard(stream, order);
    await pauseFor(Math.min(LONGEST_GAP_MS, Math.max(LOOK_MS, after)));
    const file = path.join(scratch, claimFile(stream));
    if (over.aborted || !existsSync(file)) return;
    try {
      process.kill(Number.parseInt(readFileSync(file, 'utf8'), 10), name);
    } catch {
      // The process is at its end.
    }
  }

  async #act(act: Act): Promise<void> {
    const { connection, does } = act;
    const { over, unmatched } = this.options;
    await this.#haveHeard(connection.guest.server.stream, does.order);
    await pauseFor(Math.min(LONGEST_GAP_MS, Math.max(APART_MS, does.after)));
    if (over.aborted) return;
    if (does.kind !== 'connect') return 'http2' in act ? act.http2.act(act.does) : act.connection.act(act.does);
    const { server } = connection.guest;
    const place = await this.#placeOf(server);
    if (!place) return;
    await connection.connect(place).catch((error: unknown) => {
      if (!over.aborted) unmatched(`a connection to its server on port ${server.port}: ${String(error)}`);
    });
  }

  #haveHeard(stream: number, order: number): Promise<void> {
    const mine = this.connections.filter(({ guest }) => guest.server.stream === stream);
    return haveHeard(mine, order, this.options.over, pauseFor);
  }

  async #placeOf(server: ServerName): Promise<ServerPlace | undefined> {
    const { scratch, over } = this.options;
    const begun = performance.now();
    while (!over.aborted) {
      const isLate = performance.now() - begun > PLACE_MS;
      const place = placeOf(isLate ? { ...server, number: undefined } : server, scratch);
      if (place) return place;
      await pauseFor(LOOK_MS);
    }
    return undefined;
  }
}

/** Resolves when it is answered, or cannot be any more. */
function makeRequest(
  { method, url, headers, body, isSecure }: IncomingRequest,
  place: ServerPlace,
  over: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const way = 'path' in place ? { socketPath: place.path } : { host: '127.0.0.1', port: place.port };
    const options = { method, path: url, headers: headers.slice(), ...way, signal: over };
    const answered = (response: http.IncomingMessage): void => {
      response.on('error', () => resolve());
      response.on('close', () => resolve());
      response.resume();
    };
    const request = isSecure
      ? https.request({ ...options, rejectUnauthorized: false, agent: false }, answered)
      : http.request({ ...options, agent: false }, answered);
    request.on('error', () => resolve());
    request.end(body);
  });
}
