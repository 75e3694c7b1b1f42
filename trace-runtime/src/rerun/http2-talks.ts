/** What the program said to others over HTTP/2 and what they answered: out of the boundary log (boundary/http2.ts). */
import type { Http2Act, Http2Headers, Http2Peer, Http2Said, Http2SessionEnd, Http2Talk } from '../model/http2-talk.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';
import { turnsOf, type Turns } from './recorded-turns.ts';

/** By `host:port`, or path. */
export function http2PeersOf(streams: readonly ReadStream[], contents: Contents): ReadonlyMap<string, Http2Peer> {
  const peers = new Map<string, { readonly sessions: Http2SessionEnd[]; readonly talks: Http2Talk[] }>();
  for (const stream of streams)
    for (const session of new Sessions(contents, turnsOf(stream)).read(stream.entries)) {
      const peer = peers.get(session.peer) ?? { sessions: [], talks: [] };
      peers.set(session.peer, peer);
      peer.sessions.push({ settings: session.settings, ...(session.ends && { ends: session.ends }) });
      peer.talks.push(...session.talks.map((talk) => talkOf(talk)));
    }
  return peers;
}

/** What was said over HTTP/2 and cannot be served again, for people. */
export function unservedHttp2(streams: readonly ReadStream[]): readonly string[] {
  const told = new Set<string>();
  for (const { entries } of streams) {
    const clients = new Set<unknown>();
    for (const { kind, detail } of entries) {
      if (kind === 'http2.session' && detail['server'] === undefined) clients.add(detail['id']);
      const isPushed = kind === 'http2.request' && detail['came'] === true && clients.has(detail['session']);
      if (isPushed) told.add('what a server pushed over HTTP/2 is not served again');
      if (kind === 'http2.unserved')
        told.add(`what a server told over HTTP/2 (${String(detail['event'])}) is not served`);
    }
  }
  return [...told];
}

interface Session {
  readonly peer: string;
  settings: Readonly<Record<string, number | boolean>>;
  ends: Http2SessionEnd['ends'];
  readonly talks: Talk[];
  /** acts of the peer */
  said: number;
  last: number;
  /** the program ended it */
  isDropped: boolean;
}

interface Talk {
  readonly session: Session;
  readonly headers: Http2Headers;
  readonly acts: Http2Act[];
  last: number;
  /** the peer is at its end */
  isWhole: boolean;
  /** by whoever */
  isClosed: boolean;
  /** the peer closed it before its end, or lost it: why, and when */
  broken: { readonly code: number; readonly time: number } | undefined;
}

class Sessions {
  readonly #sockets = new Map<unknown, string>();
  readonly #sessions = new Map<unknown, Session>();
  readonly #talks = new Map<unknown, Talk>();
  #order = 0;

  constructor(
    private readonly contents: Contents,
    private readonly turns: Turns,
  ) {}

  read(entries: readonly BoundaryEntry[]): readonly Session[] {
    entries.forEach((entry, order) => this.#entry(entry, order));
    for (const talk of this.#talks.values()) if (talk.broken) this.#breaks(talk, talk.broken);
    return [...this.#sessions.values()];
  }

  #entry({ kind, detail }: BoundaryEntry, order: number): void {
    const time = Number(detail['time'] ?? 0);
    if (kind === 'socket.connect') return void this.#sockets.set(detail['socket'], nameOf(detail));
    if (!kind.startsWith('http2.')) return;
    const session = this.#sessions.get(detail['session']);
    const talk = this.#talks.get(detail['id']);
    switch (kind) {
      case 'http2.session':
        if (detail['server'] === undefined) this.#begin(detail, time);
        return;
      case 'http2.settings':
        if (session) session.settings = detail['settings'] as Session['settings'];
        return;
      case 'http2.session.ends':
        if (session) session.isDropped = true;
        return;
      case 'http2.goaway':
        return this.#ended(session, 'goaway', Number(detail['code']), time);
      case 'http2.session.failed': {
        const { code } = detail['error'] as { readonly code?: unknown };
        return /^(?:ECONNRESET|EPIPE)$/.test(String(code)) ? this.#ended(session, 'reset', 0, time) : undefined;
      }
      case 'http2.session.closed':
        return this.#ended(session, 'closed', 0, time);
      case 'http2.request':
        if (session && detail['came'] !== true) this.#ask(session, detail, time, order);
        return;
      case 'http2.send':
        if (talk) this.#send(talk, detail, time, order);
        return;
      case 'http2.heard':
        if (talk) this.#heard(talk, detail, time);
        return;
      case 'http2.closed':
        if (talk) this.#closed(talk, detail, time);
    }
  }

  #begin(detail: BoundaryEntry['detail'], time: number): void {
    const peer = this.#sockets.get(detail['socket']) ?? authorityName(detail['authority']);
    const more = { settings: {}, ends: undefined, talks: [], said: 0, last: time, isDropped: false };
    this.#sessions.set(detail['id'], { peer, ...more });
  }

  #ended(session: Session | undefined, how: 'goaway' | 'closed' | 'reset', code: number, time: number): void {
    if (!session || session.ends || session.isDropped) return;
    session.ends = { how, code, behind: session.said, after: Math.max(0, time - session.last) };
  }

  #ask(session: Session, detail: BoundaryEntry['detail'], time: number, order: number): void {
    const headers = this.#texts(detail['headers']);
    const acts: Http2Act[] = [{ from: 'program', bytes: '', ends: false, lead: this.turns.lasted(order) }];
    const talk = { session, headers, acts, last: time, isWhole: false, isClosed: false, broken: undefined };
    session.talks.push(talk);
    this.#talks.set(detail['id'], talk);
  }

  #send(talk: Talk, detail: BoundaryEntry['detail'], time: number, order: number): void {
    talk.last = time;
    const bytes = this.contents.bytes(detail['content'])?.toString('base64') ?? '';
    // what the program gave up says no more of its peer
    if (detail['reset'] !== undefined) talk.isClosed = true;
    else if (bytes !== '' || detail['last'] === true)
      talk.acts.push({ from: 'program', bytes, ends: detail['last'] === true, lead: this.turns.lasted(order) });
  }

  #heard(talk: Talk, detail: BoundaryEntry['detail'], time: number): void {
    // what the program gave up, Node ends
    if (talk.isClosed) return;
    const said = this.#saidIn(detail);
    if (said) this.#says(talk, said, time);
    if (said?.kind === 'end' || (said?.kind === 'headers' && said.ends)) talk.isWhole = true;
  }

  #says(talk: Talk, said: Http2Said, time: number): void {
    talk.acts.push({ from: 'peer', after: Math.max(0, time - talk.last), order: this.#order++, ...said });
    talk.last = time;
    talk.session.said++;
    talk.session.last = time;
  }

  #saidIn(detail: BoundaryEntry['detail']): Http2Said | undefined {
    const { headers, information, trailers, content, last, ends } = detail;
    if (headers) return { kind: 'headers', headers: this.#texts(headers), ends: ends === true };
    if (information) return { kind: 'information', headers: this.#texts(information) };
    if (trailers) return { kind: 'trailers', headers: this.#texts(trailers) };
    if (last === true) return { kind: 'end' };
    return { kind: 'data', bytes: this.contents.bytes(content)?.toString('base64') ?? '' };
  }

  #closed(talk: Talk, { own, code }: BoundaryEntry['detail'], time: number): void {
    if (talk.isClosed) return;
    talk.isClosed = true;
    if (own === true || (talk.isWhole && Number(code ?? 0) === 0)) return;
    if (talk.session.isDropped && talk.session.ends === undefined) return;
    talk.broken = { code: Number(code ?? 0), time };
  }

  /** Its connection may be told to have ended only later. */
  #breaks(talk: Talk, { code, time }: NonNullable<Talk['broken']>): void {
    const { ends } = talk.session;
    const after = Math.max(0, time - talk.last);
    const last = talk.acts.at(-1);
    // Node ends what it closes
    if (last?.from === 'peer' && last.kind === 'end' && after < 1) talk.acts.pop();
    const isLost = ends !== undefined && ends.how !== 'goaway';
    const order = this.#order++;
    talk.acts.push({ from: 'peer', after, order, ...(isLost ? { kind: 'lost' } : { kind: 'reset', code }) });
  }

  #texts(headers: unknown): Http2Headers {
    return ((headers ?? []) as readonly string[]).map((text) => this.contents.text(text));
  }
}

/** Ends come before what they end: their frame carries them. */
function talkOf({ headers, acts, isClosed, isWhole }: Talk): Http2Talk {
  const field = (name: string): string =>
    headers[headers.findIndex((each, at) => at % 2 === 0 && each === name) + 1] ?? '';
  const isEnd = (act: Http2Act): boolean => act.from === 'peer' && act.kind === 'end';
  const isBreak = (act: Http2Act): boolean => act.from === 'peer' && (act.kind === 'reset' || act.kind === 'lost');
  const endsWithHead = acts.some((act) => act.from === 'peer' && act.kind === 'headers' && act.ends);
  const ordered = [
    ...acts.filter((act) => !isEnd(act) && !isBreak(act)),
    ...(endsWithHead ? [] : acts.filter(isEnd)),
    ...acts.filter(isBreak),
  ];
  return { method: field(':method'), path: field(':path'), acts: ordered, isCutOff: !isClosed && !isWhole };
}

function nameOf({ host, port, path }: BoundaryEntry['detail']): string {
  return typeof path === 'string' && port === undefined ? path : `${String(host ?? 'localhost')}:${String(port)}`;
}

function authorityName(authority: unknown): string {
  if (typeof authority !== 'string' || !URL.canParse(authority)) return '';
  const { hostname, port, protocol } = new URL(authority);
  return `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`;
}
