/**
 * HTTP/2 in both directions, as the program gives and gets it: its frames are read inside Node, and say nothing to another
 * connection. A `http2.session` has an id, a stream's records have one, too: `http2.request` (headers of either side),
 * `http2.send` (what the program says: headers, a part of the body, trailers, its end), `http2.heard` (what it is told, the
 * same), `http2.closed`. At level light nothing of it is kept, and the ledger says so.
 */
import type http2 from 'node:http2';
import net from 'node:net';
import { safely } from './calls.ts';
import { endsOf } from './connections/ends.ts';
import type { Json, Members } from './json.ts';
import { errorJson, type BoundaryLog } from './log.ts';
import { override, ownData, replace, type AnyFunction } from './patch.ts';

const { apply, get } = Reflect;
const { isArray } = Array;
const { getPrototypeOf, getOwnPropertySymbols, entries } = Object;
const { from } = Buffer;

/** What the headers were sent or came with, as HTTP/2 has it: nothing follows them. */
const END_STREAM = 1;

export function installHttp2(log: BoundaryLog): void {
  const module = process.getBuiltinModule('node:http2');
  if (log.hasTurns) return declare(log, module);
  const hooks = new Hooks(log);
  replace(
    module,
    'connect',
    log.hide,
    (original) =>
      function (...args) {
        const session = apply(original, this, args);
        safely(log, () => hooks.connected(session as http2.ClientHttp2Session, args[0]));
        return session;
      },
  );
  for (const name of ['createServer', 'createSecureServer'] as const)
    replace(
      module,
      name,
      log.hide,
      (original) =>
        function (...args) {
          const server = apply(original, this, args);
          safely(log, () => hooks.made(server as object));
          return server;
        },
    );
}

function declare(log: BoundaryLog, module: object): void {
  for (const name of ['connect', 'createServer', 'createSecureServer'])
    replace(
      module,
      name,
      log.hide,
      (original) =>
        function (...args) {
          const reason = 'HTTP/2 frames are read inside Node and are not kept';
          safely(log, () => {
            log.sink.emitLedger({ kind: 'opaque', subject: `http2.${name}`, reason });
            log.unrepeatable?.http2();
            log.arrivals.hurry?.();
          });
          return apply(original, this, args);
        },
    );
}

/** Node's classes can be got at by what they make alone: each is patched when the first of it is there. */
class Hooks {
  readonly #patched = new WeakSet<object>();
  /** streams that the program itself ended before their time */
  readonly #dropped = new WeakSet<object>();
  readonly #ended = new WeakSet<object>();
  readonly #settled = new WeakSet<object>();

  constructor(private readonly log: BoundaryLog) {}

  made(server: object): void {
    const { log } = this;
    this.#once(getPrototypeOf(server) as object, (prototype) => {
      override(prototype, 'emit', log.hide, (inherited) =>
        this.#before(inherited, (emitter, [event, session]) => {
          if (event === 'session') this.#accepted(emitter, session as http2.Http2Session);
        }),
      );
    });
  }

  #accepted(server: object, session: http2.Http2Session): void {
    this.#patchSession(session);
    const socket = socketOf(session);
    const ids = { id: this.log.idOf(session), server: this.log.idOf(server, 'server') };
    this.log.report('http2.session', { ...ids, socket: socket && this.log.idOf(socket, 'accepted') });
  }

  connected(session: http2.ClientHttp2Session, authority: unknown): void {
    this.#patchSession(session);
    const { log } = this;
    this.#once(getPrototypeOf(session) as object, (prototype) => {
      replace(prototype, 'request', log.hide, (original) =>
        this.#after(original, (asker, _args, stream) => this.#asked(asker, stream as http2.ClientHttp2Stream)),
      );
    });
    const socket = socketOf(session);
    const to = authority instanceof URL ? authority.href : typeof authority === 'string' ? authority : undefined;
    log.report('http2.session', { id: log.idOf(session), socket: socket && log.idOf(socket), authority: to });
  }

  #asked(session: object, stream: http2.ClientHttp2Stream): void {
    const { log } = this;
    if (!log.knows(session)) return;
    this.#patchStream(stream);
    const id = log.idOf(stream);
    log.report('http2.request', { id, session: log.idOf(session), headers: headersJson(stream.sentHeaders) });
    if (stream.writableEnded) this.#ends(stream);
  }

  #patchSession(session: object): void {
    const { log } = this;
    const common = getPrototypeOf(getPrototypeOf(session)) as object;
    this.#once(common, (prototype) => {
      override(prototype, 'emit', log.hide, (inherited) =>
        this.#before(inherited, (emitter, parts) => this.#sessionTells(emitter, parts)),
      );
      for (const name of ['close', 'destroy'])
        replace(prototype, name, log.hide, (original) =>
          this.#before(
            () => original,
            (ended) => {
              if (!log.knows(ended) || isLost(ended) || this.#dropped.has(ended)) return;
              this.#dropped.add(ended);
              log.report('http2.session.ends', { session: log.idOf(ended) });
            },
          ),
        );
    });
  }

  #sessionTells(session: object, [event, first, second]: readonly unknown[]): void {
    const { log } = this;
    if (!log.knows(session)) return;
    const id = log.idOf(session);
    switch (event) {
      case 'connect':
        return connected(log, id, socketOf(session));
      case 'stream':
        return this.#came(id, first as http2.Http2Stream, second);
      case 'goaway':
        return log.report('http2.goaway', { session: id, code: Number(first), last: Number(second) });
      case 'remoteSettings':
        return this.#settle(session, first);
      case 'close':
        return log.report('http2.session.closed', { session: id, own: this.#dropped.has(session) || undefined });
      case 'error':
        return log.report('http2.session.failed', { session: id, error: errorJson(first) });
      case 'altsvc':
      case 'origin':
        return log.report('http2.unserved', { session: id, event });
    }
  }

  /** What the peer allows: its first word. */
  #settle(session: object, settings: unknown): void {
    if (this.#settled.has(session) || !this.log.knows(session)) return;
    this.#settled.add(session);
    this.log.report('http2.settings', { session: this.log.idOf(session) }, { settings: settingsJson(settings) });
  }

  /** A request to a server, or what a client is given without having asked. */
  #came(session: number, stream: http2.Http2Stream, headers: unknown): void {
    this.#patchStream(stream);
    const id = this.log.idOf(stream);
    this.log.report('http2.request', { id, session, came: true }, { headers: headersJson(headers) });
  }

  #patchStream(stream: object): void {
    const { log } = this;
    const prototype = getPrototypeOf(stream) as object;
    const common = getPrototypeOf(prototype) as object;
    this.#once(common, () => this.#patchCommon(common));
    this.#once(prototype, () => {
      const says = (name: string, what: (sender: object, args: readonly unknown[]) => Members): void =>
        void replace(prototype, name, log.hide, (original) =>
          this.#after(original, (sender, args) => {
            if (log.knows(sender)) log.report('http2.send', { id: log.idOf(sender), ...what(sender, args) });
          }),
        );
      says('respond', (sender) => ({ headers: headersJson(get(sender, 'sentHeaders')) }));
      says('additionalHeaders', (_, [headers]) => ({ information: headersJson(headers) }));
      says('pushStream', (_, [headers]) => ({ push: headersJson(headers) }));
      for (const name of ['respondWithFile', 'respondWithFD'])
        says(name, (_, [, headers]) => ({ headers: headersJson(headers) }));
    });
  }

  #patchCommon(prototype: object): void {
    const { log } = this;
    const told = (stream: object, what: Members): void => log.report('http2.send', { id: log.idOf(stream), ...what });
    override(prototype, 'emit', log.hide, (inherited) =>
      this.#before(inherited, (stream, parts) => this.#streamTells(stream, parts)),
    );
    override(prototype, 'push', log.hide, (inherited) =>
      this.#before(inherited, (stream, [chunk]) => {
        if (chunk === undefined || !this.#isOurs(stream)) return;
        const id = log.idOf(stream);
        if (chunk === null) log.report('http2.heard', { id, last: true });
        else log.report('http2.heard', { id }, { content: log.message(chunk) });
      }),
    );
    const before = (name: string, work: (stream: object, args: readonly unknown[]) => void): void =>
      void replace(prototype, name, log.hide, (original) =>
        this.#before(
          () => original,
          (stream, args) => {
            if (log.knows(stream)) work(stream, args);
          },
        ),
      );
    before('_write', (stream, [data, encoding]) => told(stream, { content: log.message(bytesOf(data, encoding)) }));
    before('_writev', (stream, [chunks]) => {
      if (!isArray(chunks)) return;
      for (const each of chunks as readonly unknown[])
        told(stream, { content: log.message(bytesOf(ownData(each, 'chunk'), ownData(each, 'encoding'))) });
    });
    before('_final', (stream) => this.#ends(stream));
    before('sendTrailers', (stream, [headers]) => told(stream, { trailers: headersJson(headers) }));
    const drops = (stream: object, code: unknown): void => {
      const session = get(stream, 'session') as object | undefined;
      if (get(stream, 'closed') === true || (session && isLost(session)) || this.#dropped.has(stream)) return;
      this.#dropped.add(stream);
      told(stream, { reset: typeof code === 'number' ? code : 0 });
    };
    before('close', (stream, [code]) => drops(stream, code));
    before('_destroy', (stream) => drops(stream, undefined));
  }

  /** Once: Node calls it again where the stream has to wait. */
  #ends(stream: object): void {
    if (this.#ended.has(stream)) return;
    this.#ended.add(stream);
    this.log.report('http2.send', { id: this.log.idOf(stream), last: true });
  }

  #streamTells(stream: object, [event, headers, flags]: readonly unknown[]): void {
    const { log } = this;
    if (!log.knows(stream)) return;
    const id = log.idOf(stream);
    switch (event) {
      case 'response': {
        const session = get(stream, 'session') as object | undefined;
        // Node tells of them only where somebody listens
        if (session) this.#settle(session, get(session, 'remoteSettings'));
        const ends = (Number(flags) & END_STREAM) !== 0 || undefined;
        return log.report('http2.heard', { id }, { headers: headersJson(headers), ends });
      }
      case 'headers':
        return log.report('http2.heard', { id }, { information: headersJson(headers) });
      case 'trailers':
        return log.report('http2.heard', { id }, { trailers: headersJson(headers) });
      case 'error':
        return log.report('http2.failed', { id, error: errorJson(headers) });
      case 'close': {
        const code = get(stream, 'rstCode') as number | undefined;
        return log.report('http2.closed', { id, code, own: this.#dropped.has(stream) || undefined });
      }
    }
  }

  /** One of a session that is recorded; a server's stream has parts before it is announced. */
  #isOurs(stream: object): boolean {
    if (this.log.knows(stream)) return true;
    const session = get(stream, 'session') as object | undefined;
    return session !== undefined && this.log.knows(session);
  }

  #once(prototype: object, patch: (prototype: object) => void): void {
    if (this.#patched.has(prototype)) return;
    this.#patched.add(prototype);
    patch(prototype);
  }

  #before(original: () => AnyFunction, tell: (self: object, args: readonly unknown[]) => void): AnyFunction {
    const { log } = this;
    return function (...args) {
      safely(log, () => tell(this as object, args));
      return apply(original(), this, args);
    };
  }

  #after(original: AnyFunction, tell: (self: object, args: readonly unknown[], result: unknown) => void): AnyFunction {
    const { log } = this;
    return function (...args) {
      const result = apply(original, this, args);
      safely(log, () => tell(this as object, args, result));
      return result;
    };
  }
}

/** What Node keeps of a session: its connection. */
export function socketOf(session: object): net.Socket | undefined {
  for (const symbol of getOwnPropertySymbols(session)) {
    const value = ownData(session, symbol);
    if (value instanceof net.Socket) return value;
  }
  return undefined;
}

/** The connection is not there any more, or the peer gave it up: what Node ends then, the program does not. */
function isLost(session: object): boolean {
  return (socketOf(session)?.destroyed ?? true) || Number(get(session, 'goawayCode') ?? 0) > 0;
}

/** With the port by which a server of the program's own knows the connection. */
function connected(log: BoundaryLog, session: number, socket: net.Socket | undefined): void {
  const { localPort } = socket ? endsOf(socket) : {};
  log.report('http2.connected', { session, socket: socket && log.idOf(socket), localPort });
}

function bytesOf(data: unknown, encoding: unknown): unknown {
  const isText = typeof data === 'string' && typeof encoding === 'string' && !/^(?:utf-?8|buffer)$/i.test(encoding);
  return isText ? from(data, encoding as BufferEncoding) : data;
}

/** Names and values in turn; a name with several values comes several times. */
function headersJson(headers: unknown): Json {
  if (typeof headers !== 'object' || headers === null) return [];
  if (isArray(headers)) return headers.map(String);
  const list: Json[] = [];
  for (const [name, value] of entries(headers))
    for (const each of isArray(value) ? (value as readonly unknown[]) : [value])
      if (each !== undefined) list.push(name, String(each));
  return list;
}

/** Without leave to push, which only clients give. */
function settingsJson(settings: unknown): Json {
  const found: Record<string, Json> = {};
  for (const name of SETTINGS) {
    const value = ownData(settings, name);
    if (typeof value === 'number' || typeof value === 'boolean') found[name] = value;
  }
  return found;
}

const SETTINGS = [
  'headerTableSize',
  'initialWindowSize',
  'maxFrameSize',
  'maxConcurrentStreams',
  'maxHeaderListSize',
  'enableConnectProtocol',
];
