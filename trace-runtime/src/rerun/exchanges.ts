/** What the program said to others over connections that it made, and what they answered: out of the boundary log. */
import type { Http2Peer } from '../model/http2-talk.ts';
import type { RecordedError } from '../model/recorded-world.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';
import { http2PeersOf } from './http2-talks.ts';
import { turnsOf, type Turns } from './recorded-turns.ts';

/** A request over HTTP and its answer. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly body: Buffer;
  /** undefined: none came */
  readonly response: Response | undefined;
  /** without a response: milliseconds after which the connection failed; undefined: the recording ends before */
  readonly failedAfter: number | undefined;
  /** the turn of the event loop had lasted so many milliseconds when it was sent */
  readonly lead: number;
  /** what was said after the connection went over to another protocol */
  readonly upgraded?: Upgraded;
}

/** The answer to a request for another protocol, such as a WebSocket's. */
export interface Upgraded {
  readonly status: number;
  readonly reason: string;
  /** names and values in turn */
  readonly headers: readonly string[];
  /** milliseconds after the request */
  readonly after: number;
  readonly talk: readonly Part[];
  /** requests of HTTP follow what was said: through a tunnel */
  carriesHttp: boolean;
}

export interface Response {
  readonly status: number;
  readonly reason: string;
  /** names and values in turn */
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** milliseconds after the request */
  readonly after: number;
}

/** Bytes over a connection, in their order. */
export interface Part {
  readonly from: 'program' | 'peer';
  /** of the peer: after the bytes it ends its side, or breaks off */
  readonly ends?: 'end' | 'reset';
  readonly bytes: Buffer;
  /** of the peer: milliseconds after the part before it */
  readonly after: number;
  /** of the program: the turn of the event loop had lasted so many milliseconds when it was sent */
  readonly lead: number;
}

export interface Peer {
  /** `host:port`, or a path */
  readonly name: string;
  /** how each connection began: null, or what made it fail */
  readonly connections: (RecordedError | null)[];
  readonly exchanges: Exchange[];
  /** of connections that do not speak HTTP */
  readonly talks: Part[][];
  /** what was said over a connection before its first request, as to a proxy that is asked to go on to another host */
  readonly preludes: Part[][];
  /** over HTTP/2 */
  readonly http2?: Http2Peer;
}

export function peersOf(streams: readonly ReadStream[], contents: Contents): readonly Peer[] {
  const peers = new Map<string, Peer>();
  for (const stream of streams) new Connections(peers, contents, turnsOf(stream)).read(stream.entries);
  for (const [name, http2] of http2PeersOf(streams, contents)) {
    peers.set(name, { ...(peers.get(name) ?? newPeer(name)), http2 });
  }
  return [...peers.values()];
}

function newPeer(name: string): Peer {
  return { name, connections: [], exchanges: [], talks: [], preludes: [] };
}

interface Socket {
  readonly peer: Peer;
  readonly at: number;
  readonly talk: Part[];
  /** when the last part came or went, or it was connected */
  last: number;
  isHttp: boolean;
  /** a fetch whose answer comes over it */
  fetching: Outgoing | undefined;
  upgraded: Upgraded | undefined;
}

interface Outgoing {
  peer: Peer | undefined;
  /** of fetch: the peer's name */
  to: string;
  method: string;
  url: string;
  head: string;
  readonly body: Buffer[];
  status: number;
  reason: string;
  headers: readonly string[];
  readonly answer: Buffer[];
  /** of fetch: head and body as they came */
  readonly raw: Buffer[];
  isAnswered: boolean;
  failedAfter: number | undefined;
  upgraded: Upgraded | undefined;
  sentAt: number;
  after: number;
  lead: number;
}

class Connections {
  readonly #sockets = new Map<unknown, Socket>();
  readonly #requests = new Map<unknown, Outgoing>();

  constructor(
    private readonly peers: Map<string, Peer>,
    private readonly contents: Contents,
    private readonly turns: Turns,
  ) {}

  read(entries: readonly BoundaryEntry[]): void {
    entries.forEach(({ kind, detail }, order) => this.#entry(kind, detail, order));
    for (const { talk, peer, isHttp } of new Set(this.#sockets.values()))
      if (!isHttp && talk.length > 0) peer.talks.push(talk);
    for (const request of this.#requests.values()) {
      // one that was given up before it was sent
      const peer = request.peer ?? this.peers.get(request.to);
      peer?.exchanges.push(exchangeOf(request));
    }
  }

  #entry(kind: string, detail: BoundaryEntry['detail'], order: number): void {
    const { id, socket, content } = detail;
    const time = Number(detail['time'] ?? 0);
    this.#joins(socket, detail['over']);
    switch (kind) {
      case 'pipe.end':
        return this.#ended(detail['of'], 'end', time);
      case 'http.upgraded':
        return this.#upgraded(detail, time);
      case 'socket.connect':
        return this.#connect(socket, detail);
      case 'http2.session': {
        const carrier = this.#sockets.get(socket);
        if (carrier) carrier.isHttp = true;
        return;
      }
      case 'socket.failed':
        return this.#failed(socket, detail['error'] as RecordedError, time);
      case 'socket.in':
      case 'socket.out':
        return this.#bytes(kind, socket, this.contents.bytes(content), time, order);
      case 'http.socket':
        this.#begins(socket);
        return this.#assign(this.#request(id), socket);
      case 'http.send':
        return this.#send(id, detail, order);
      case 'http.response': {
        const { status, reason, headers } = detail;
        const texts = ((headers ?? []) as readonly string[]).map((text) => this.contents.text(text));
        const request = this.#request(id);
        Object.assign(request, { status, reason: reason ?? '', headers: texts, isAnswered: true });
        this.#answered(request, time);
        return;
      }
      case 'http.failed':
      case 'fetch.failed': {
        const failed = this.#requests.get(id);
        // the program's own end of it says nothing of what would have been answered
        if (failed && isOfConnection(detail['error'])) failed.failedAfter = Math.max(0, time - failed.sentAt);
        return;
      }
      case 'http.body': {
        const bytes = this.contents.bytes(content);
        if (bytes) this.#requests.get(id)?.answer.push(bytes);
        return;
      }
      case 'fetch.request':
        Object.assign(this.#request(id), {
          to: peerNameOf(String(detail['origin'])),
          method: detail['method'],
          url: this.contents.text(String(detail['path'])),
          sentAt: time,
          lead: this.turns.lasted(order),
        });
        return;
      case 'fetch.head': {
        const request = this.#request(id);
        // of a proxy: it is said before the requests
        if (request.method === 'CONNECT') return void this.#requests.delete(id);
        this.#begins(socket);
        this.#assign(request, socket);
        const carrier = this.#sockets.get(socket);
        if (carrier) carrier.fetching = request;
        return;
      }
    }
  }

  #connect(socket: unknown, detail: BoundaryEntry['detail']): void {
    const { host, port, path } = detail;
    const name =
      typeof path === 'string' && port === undefined ? path : `${String(host ?? 'localhost')}:${String(port)}`;
    let peer = this.peers.get(name);
    if (!peer) this.peers.set(name, (peer = newPeer(name)));
    const at = peer.connections.push(null) - 1;
    const last = Number(detail['time'] ?? 0);
    this.#sockets.set(socket, { peer, at, talk: [], last, isHttp: false, fetching: undefined, upgraded: undefined });
  }

  #answered(request: Outgoing, time: number): void {
    request.after = Math.max(0, time - request.sentAt);
  }

  #failed(id: unknown, error: RecordedError, time: number): void {
    const socket = this.#sockets.get(id);
    if (!socket) return;
    const after = Math.max(0, time - socket.last);
    if (socket.talk.length === 0 && error.syscall !== 'read')
      socket.peer.connections[socket.at] = time > 0 ? { ...error, after } : error;
    else if (error.syscall === 'read' || error.syscall === 'write') this.#ended(id, 'reset');
  }

  #ended(id: unknown, ends: 'end' | 'reset', time?: number): void {
    const socket = this.#sockets.get(id);
    if (!socket || socket.talk.at(-1)?.ends) return;
    const after = time === undefined ? 0 : Math.max(0, time - socket.last);
    socket.last = time ?? socket.last;
    socket.talk.push({ from: 'peer', bytes: Buffer.alloc(0), ends, after, lead: 0 });
  }

  #upgraded({ id, socket: of, status, reason, headers, content }: BoundaryEntry['detail'], time: number): void {
    const socket = this.#sockets.get(of);
    const request = this.#requests.get(id);
    if (!socket || !request) return;
    const texts = ((headers ?? []) as readonly string[]).map((text) => this.contents.text(text));
    // what follows is said in the other protocol
    socket.talk.length = 0;
    socket.last = time;
    const after = Math.max(0, time - request.sentAt);
    const bytes = this.contents.bytes(content);
    if (bytes?.length) socket.talk.push({ from: 'peer', bytes, after: 0, lead: 0 });
    const talk = socket.talk;
    const answer = { status: Number(status), reason: String(reason ?? ''), headers: texts };
    socket.upgraded = request.upgraded = { ...answer, after, talk, carriesHttp: false };
  }

  #bytes(kind: string, id: unknown, bytes: Buffer | undefined, time: number, order: number): void {
    const socket = this.#sockets.get(id);
    if (!socket || !bytes) return;
    const { fetching } = socket;
    if (fetching && kind === 'socket.in') {
      if (fetching.raw.length === 0) this.#answered(fetching, time);
      fetching.raw.push(bytes);
    } else if (fetching) fetching.body.push(bytes);
    const after = Math.max(0, time - socket.last);
    socket.last = time;
    if (kind === 'socket.in') socket.talk.push({ from: 'peer', bytes, after, lead: 0 });
    else socket.talk.push({ from: 'program', bytes, after: 0, lead: this.turns.lasted(order) });
  }

  #request(id: unknown): Outgoing {
    let request = this.#requests.get(id);
    if (!request) {
      const texts = { to: '', method: '', url: '', head: '', status: 0, reason: '' };
      const times = { sentAt: 0, after: 0, lead: 0, failedAfter: undefined, upgraded: undefined };
      request = { peer: undefined, ...texts, headers: [], body: [], answer: [], raw: [], isAnswered: false, ...times };
      this.#requests.set(id, request);
    }
    return request;
  }

  /** TLS over a connection that spoke otherwise before: it goes on as that one. */
  #joins(id: unknown, over: unknown): void {
    const carrier = over === undefined ? undefined : this.#sockets.get(over);
    if (carrier) this.#sockets.set(id, carrier);
  }

  /** Requests follow. */
  #begins(id: unknown): void {
    const socket = this.#sockets.get(id);
    if (socket?.upgraded) socket.upgraded.carriesHttp = true;
    if (!socket || socket.isHttp || socket.talk.length === 0) return;
    socket.peer.preludes.push(socket.talk.splice(0));
  }

  #assign(request: Outgoing, id: unknown): void {
    const socket = this.#sockets.get(id);
    if (!socket) return;
    socket.isHttp = true;
    request.peer = socket.peer;
  }

  /** Of both sides: an answer that the program gives has a head that begins otherwise. */
  #send(id: unknown, { head, body, time }: BoundaryEntry['detail'], order: number): void {
    if (typeof head === 'string' && head.startsWith('HTTP/')) return;
    if (typeof head !== 'string' && !this.#requests.has(id)) return;
    const request = this.#request(id);
    if (typeof head === 'string') {
      const [method = '', url = ''] = this.contents.text(head).split(' ', 2);
      Object.assign(request, { method, url });
    }
    request.sentAt = Number(time ?? 0);
    request.lead = this.turns.lasted(order);
    const bytes = this.contents.bytes(body);
    if (bytes) request.body.push(bytes);
  }
}

function peerNameOf(origin: string): string {
  if (!URL.canParse(origin)) return '';
  const { hostname, port, protocol } = new URL(origin);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

/** Not of a signal that aborts, nor of a limit that the program set. */
function isOfConnection(error: unknown): boolean {
  return typeof (error as RecordedError | undefined)?.code === 'string';
}

function exchangeOf(request: Outgoing): Exchange {
  const { method, url, status, reason, headers, answer, isAnswered, raw, after, lead, failedAfter, upgraded } = request;
  const base = { method, url, failedAfter, lead, ...(upgraded && { upgraded }) };
  if (raw.length === 0) {
    const body = Buffer.concat(request.body);
    const response = isAnswered ? { status, reason, headers, body: Buffer.concat(answer), after } : undefined;
    return { ...base, body, response };
  }
  const parsed = parseResponse(Buffer.concat(raw));
  return { ...base, body: bodyOf(Buffer.concat(request.body)), response: parsed && { ...parsed, after } };
}

/** What stands behind a head; fetch's own head is among what it sent. */
function bodyOf(sent: Buffer): Buffer {
  const at = sent.indexOf('\r\n\r\n');
  if (at < 0 || !/^[A-Z]+ \S+ HTTP\//.test(sent.toString('latin1', 0, 200))) return sent;
  return sent.subarray(at + 4);
}

function parseResponse(bytes: Buffer): Omit<Response, 'after'> | undefined {
  const at = bytes.indexOf('\r\n\r\n');
  if (at < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, at).split('\r\n');
  const match = /^HTTP\/[\d.]+ (\d+) ?(.*)$/.exec(first);
  if (!match) return undefined;
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const isChunked = lines.some((line) => /^transfer-encoding:.*chunked/i.test(line));
  const rest = bytes.subarray(at + 4);
  return { status: Number(match[1]), reason: match[2] ?? '', headers, body: isChunked ? unchunked(rest) : rest };
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
