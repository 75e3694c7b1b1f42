/** Connections from outside over HTTP/2: their streams, to be opened again in their order. */
import type { Http2Headers } from '../model/http2-talk.ts';
import type { Accepted, ServerName } from './accepted.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';

export interface Http2Guest {
  readonly server: ServerName;
  readonly isSecure: boolean;
  readonly servername: string | undefined;
  readonly does: readonly Http2GuestAct[];
  /** what the program said: how much, and when; `lengthOf` counts it */
  readonly hears: readonly { readonly order: number; readonly length: number }[];
}

export type Http2GuestAct = {
  /** its place in the records of its thread */
  readonly order: number;
  /** milliseconds after what came before it over any such connection of its thread */
  readonly after: number;
} & Http2Doing;

/** `stream`: number of the stream on its connection, from 0 */
type Http2Doing =
  | { readonly kind: 'connect' | 'closes' | 'leaves' }
  | { readonly kind: 'asks'; readonly headers: Http2Headers; readonly ends: boolean }
  | { readonly kind: 'data'; readonly stream: number; readonly bytes: Buffer }
  | { readonly kind: 'trailers'; readonly stream: number; readonly headers: Http2Headers }
  | { readonly kind: 'end'; readonly stream: number }
  | { readonly kind: 'reset'; readonly stream: number; readonly code: number };

export function http2GuestsOf(
  streams: readonly ReadStream[],
  accepted: readonly ReadonlyMap<unknown, Accepted>[],
  contents: Contents,
): readonly Http2Guest[] {
  return streams.flatMap(({ entries }, stream) => new Guests(accepted[stream]!, contents).read(entries));
}

interface Growing extends Http2Guest {
  readonly does: Http2GuestAct[];
  readonly hears: { readonly order: number; readonly length: number }[];
  streams: number;
  isLeaving: boolean;
}

interface Asked {
  readonly guest: Growing;
  readonly number: number;
  isEnded: boolean;
}

class Guests {
  readonly #guests = new Map<unknown, Growing>();
  readonly #asked = new Map<unknown, Asked>();
  /** parts of streams that were not announced yet */
  readonly #early = new Map<unknown, BoundaryEntry['detail'][]>();
  #last: number | undefined;

  constructor(
    private readonly accepted: ReadonlyMap<unknown, Accepted>,
    private readonly contents: Contents,
  ) {}

  read(entries: readonly BoundaryEntry[]): readonly Http2Guest[] {
    entries.forEach((entry, order) => this.#entry(entry, order));
    return [...this.#guests.values()];
  }

  #entry({ kind, detail }: BoundaryEntry, order: number): void {
    if (!kind.startsWith('http2.')) return;
    const guest = this.#guests.get(detail['session']);
    const asked = this.#asked.get(detail['id']);
    switch (kind) {
      case 'http2.session': {
        const connection = this.accepted.get(detail['socket']);
        if (detail['server'] === undefined || !connection || connection.isOwn) return;
        const { server, isSecure, servername } = connection;
        const made = { server, isSecure, servername, does: [], hears: [], streams: 0, isLeaving: false };
        this.#guests.set(detail['id'], made);
        return this.#does(made, { kind: 'connect' }, detail, order);
      }
      case 'http2.request':
        return guest && this.#asks(guest, detail, order);
      case 'http2.heard':
        if (asked) return this.#says(asked, detail, order);
        this.#early.set(detail['id'], [...(this.#early.get(detail['id']) ?? []), detail]);
        return;
      case 'http2.send':
        asked?.guest.hears.push({ order, length: lengthOf(detail, this.contents) });
        return;
      case 'http2.closed': {
        if (!asked || detail['own'] === true || asked.guest.isLeaving) return;
        const code = Number(detail['code'] ?? 0);
        if (code === 0 && asked.isEnded) return;
        return this.#does(asked.guest, { kind: 'reset', stream: asked.number, code }, detail, order);
      }
      case 'http2.goaway':
        return guest && this.#does(guest, { kind: 'closes' }, detail, order);
      case 'http2.session.closed':
        if (!guest || detail['own'] === true) return;
        guest.isLeaving = true;
        return this.#does(guest, { kind: 'leaves' }, detail, order);
    }
  }

  #asks(guest: Growing, detail: BoundaryEntry['detail'], order: number): void {
    const early = this.#early.get(detail['id']) ?? [];
    this.#early.delete(detail['id']);
    const asked: Asked = { guest, number: guest.streams++, isEnded: false };
    this.#asked.set(detail['id'], asked);
    const ends = early.length === 1 && early[0]!['last'] === true;
    asked.isEnded = ends;
    this.#does(guest, { kind: 'asks', headers: this.#texts(detail['headers']), ends }, detail, order);
    if (!ends) for (const each of early) this.#says(asked, each, order);
  }

  #says(asked: Asked, detail: BoundaryEntry['detail'], order: number): void {
    const { guest, number: stream } = asked;
    const bytes = this.contents.bytes(detail['content']);
    if (detail['trailers'])
      return this.#does(guest, { kind: 'trailers', stream, headers: this.#texts(detail['trailers']) }, detail, order);
    if (bytes) return this.#does(guest, { kind: 'data', stream, bytes }, detail, order);
    if (detail['last'] !== true || asked.isEnded) return;
    asked.isEnded = true;
    this.#does(guest, { kind: 'end', stream }, detail, order);
  }

  #does(guest: Growing, doing: Http2Doing, detail: BoundaryEntry['detail'], order: number): void {
    const time = typeof detail['time'] === 'number' ? detail['time'] : undefined;
    const after = time === undefined || this.#last === undefined ? 0 : Math.max(0, time - this.#last);
    this.#last = time ?? this.#last;
    guest.does.push({ ...doing, order, after });
  }

  #texts(headers: unknown): Http2Headers {
    return ((headers ?? []) as readonly string[]).map((text) => this.contents.text(text));
  }
}

/** Bytes of the body, and one for the headers and one for the end. */
function lengthOf({ headers, content, last }: BoundaryEntry['detail'], contents: Contents): number {
  return (headers ? 1 : 0) + (last === true ? 1 : 0) + (contents.bytes(content)?.length ?? 0);
}
