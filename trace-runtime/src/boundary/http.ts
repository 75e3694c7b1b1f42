/**
 * HTTP in both directions, one id an exchange: `http.request` (a server's, incoming), `http.send` (head and body that
 * go out, of either side), `http.response` (a client's, incoming), `http.body` (incoming chunks), and `fetch.*`, whose
 * bytes are its socket's. `http2.ts` has HTTP/2.
 */
import diagnostics from 'node:diagnostics_channel';
import type http from 'node:http';
import { safely } from './calls.ts';
import { carrierOf } from './connections/ends.ts';
import { installHttp2 } from './http2.ts';
import type { Json } from './json.ts';
import { errorJson, type BoundaryLog } from './log.ts';
import { override, ownData, replace } from './patch.ts';
import type { BoundaryOptions } from './sink.ts';

const { apply } = Reflect;
const { isArray } = Array;

type Http = typeof http;

/** These modules cost every program tens of milliseconds, and few use them: they are patched when they are asked for. */
export function installHttp(
  log: BoundaryLog,
  late: NonNullable<BoundaryOptions['late']>,
  need: NonNullable<BoundaryOptions['need']>,
): void {
  installFetch(log, need);
  let patched = false;
  const install = (): void => {
    if (patched) return;
    patched = true;
    const http = process.getBuiltinModule('node:http');
    installIncoming(log, http);
    installOutgoing(log, http);
  };
  late('http', install);
  late('https', () => {
    install();
    installIncomingUpgrades(log, process.getBuiltinModule('node:https'));
  });
  late('http2', () => installHttp2(log));
}

function installIncoming(log: BoundaryLog, http: Http): void {
  const { IncomingMessage } = http;
  diagnostics.subscribe('http.server.request.start', (message) => {
    safely(log, () => {
      const request = ownData(message, 'request');
      const response = ownData(message, 'response');
      if (!(request instanceof IncomingMessage)) return;
      const id = log.idOf(request);
      if (typeof response === 'object' && response !== null) log.share(response, id);
      const socket = log.idOf(request.socket);
      log.report('http.request', {
        id,
        socket,
        method: request.method,
        url: request.url,
        version: request.httpVersion,
        headers: request.rawHeaders,
        ...log.window?.from(request.socket),
      });
    });
  });
  diagnostics.subscribe('http.client.response.finish', (message) => {
    safely(log, () => {
      const request = ownData(message, 'request');
      const response = ownData(message, 'response');
      if (typeof request !== 'object' || request === null || !(response instanceof IncomingMessage)) return;
      const id = log.idOf(request);
      log.share(response, id);
      log.report('http.response', {
        id,
        status: response.statusCode,
        reason: response.statusMessage,
        version: response.httpVersion,
        headers: response.rawHeaders,
      });
    });
  });
  installIncomingUpgrades(log, http);
  installOutgoingUpgrades(log, http);
  override(
    IncomingMessage.prototype,
    'push',
    log.hide,
    (inherited) =>
      function (...args) {
        const [chunk] = args;
        if (chunk === null && log.hasTurns) safely(log, () => log.report('http.end', { id: log.idOf(this as object) }));
        if (chunk !== null && chunk !== undefined) {
          safely(log, () => {
            const message = this as http.IncomingMessage;
            log.report('http.body', { id: log.idOf(message) }, { content: log.message(chunk) });
          });
        }
        return log.below(() => apply(inherited(), this, args));
      },
  );
}

/** Connections that speak another protocol from then on: a WebSocket's, a tunnel's. Their bytes are their socket's. */
function upgradesOf(log: BoundaryLog, owner: object, told: (emitter: object, parts: readonly unknown[]) => void): void {
  override(
    owner,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, ...parts] = args;
        const isUpgrade = event === 'upgrade' || (event === 'connect' && parts.length > 1);
        if (isUpgrade) safely(log, () => told(this as object, parts));
        return log.below(() => apply(inherited(), this, args));
      },
  );
}

function installIncomingUpgrades(
  log: BoundaryLog,
  { Server }: { readonly Server: { readonly prototype: object } },
): void {
  upgradesOf(log, Server.prototype, (_, [request, socket, head]) => {
    const { method, url, rawHeaders: headers } = request as http.IncomingMessage;
    const ids = { id: log.idOf(request as object), socket: log.idOf(socket as object) };
    log.report('http.upgrade', { ...ids, method, url, headers }, { content: log.message(head) });
  });
}

function installOutgoingUpgrades(log: BoundaryLog, { ClientRequest }: Http): void {
  upgradesOf(log, ClientRequest.prototype, (request, [response, socket, head]) => {
    const { statusCode: status, statusMessage: reason, rawHeaders: headers } = response as http.IncomingMessage;
    const ids = { id: log.idOf(request), socket: log.idOf(socket as object) };
    log.report('http.upgraded', { ...ids, status, reason, headers }, { content: log.message(head) });
  });
}

function installOutgoing(log: BoundaryLog, { ClientRequest, OutgoingMessage }: Http): void {
  const headed = new WeakSet<object>();
  const { prototype } = OutgoingMessage;
  for (const name of ['write', 'end'] as const) {
    replace(
      prototype,
      name,
      log.hide,
      (original) =>
        function (...args) {
          const result = apply(original, this, args);
          safely(log, () => sent(this as object, args[0], name === 'end'));
          return result;
        },
    );
  }

  /** The head is made with the first part of the body, so it is there afterwards. */
  function sent(message: object, chunk: unknown, last: boolean): void {
    const text = ownData(message, '_header');
    const head = headed.has(message) || typeof text !== 'string' ? undefined : text;
    if (head !== undefined) headed.add(message);
    const hasBody = chunk !== undefined && chunk !== null && typeof chunk !== 'function';
    if (head === undefined && !hasBody && !last) return;
    const body = hasBody ? log.message(chunk) : undefined;
    log.report('http.send', { id: log.idOf(message), head, body, last: last || undefined });
  }

  replace(
    ClientRequest.prototype,
    'onSocket',
    log.hide,
    (original) =>
      function (...args) {
        const [socket, error] = args;
        safely(log, () => {
          const id = log.idOf(this as object);
          if (error) log.report('http.failed', { id, error: errorJson(error) });
          else if (typeof socket === 'object' && socket !== null)
            log.report('http.socket', { id, socket: log.idOf(socket), over: carrierId(log, socket) });
        });
        return apply(original, this, args);
      },
  );
}

function carrierId(log: BoundaryLog, socket: object): number | undefined {
  const carrier = carrierOf(socket);
  return carrier && log.knows(carrier) ? log.idOf(carrier) : undefined;
}

/** fetch announces itself; names and values of headers come as bytes or text, depending on the release. */
function installFetch(log: BoundaryLog, need: NonNullable<BoundaryOptions['need']>): void {
  const on = (channel: string, work: (request: object, message: unknown) => void): void => {
    diagnostics.subscribe(channel, (message) => {
      const request = ownData(message, 'request');
      if (typeof request === 'object' && request !== null) safely(log, () => work(request, message));
    });
  };
  on('undici:request:create', (request) => {
    // what comes compressed is taken apart by streams of zlib: they are patched before
    need('node:zlib');
    const { origin, method, path } = request as { origin?: unknown; method?: unknown; path?: unknown };
    log.report('fetch.request', {
      id: log.idOf(request),
      origin: String(origin),
      method: String(method),
      path: String(path),
    });
  });
  on('undici:client:sendHeaders', (request, message) => {
    const socket = ownData(message, 'socket');
    const isKnown = typeof socket === 'object' && socket !== null;
    const by = isKnown ? { socket: log.idOf(socket), over: carrierId(log, socket) } : {};
    log.report('fetch.head', { id: log.idOf(request), ...by, headers: headersJson(ownData(message, 'headers')) });
  });
  on('undici:request:headers', (request, message) => {
    const response = ownData(message, 'response');
    const status = ownData(response, 'statusCode');
    log.report('fetch.response', {
      id: log.idOf(request),
      status: typeof status === 'number' ? status : null,
      headers: headersJson(ownData(response, 'headers')),
    });
  });
  on('undici:request:error', (request, message) => {
    log.report('fetch.failed', { id: log.idOf(request), error: errorJson(ownData(message, 'error')) });
  });
}

function headersJson(headers: unknown): Json {
  if (!isArray(headers)) return String(headers);
  const out: Json[] = [];
  for (const part of headers) out.push(String(part));
  return out;
}
