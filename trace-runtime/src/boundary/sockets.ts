/**
 * Bytes in and out of sockets: TCP, pipes, TLS (as plain text), standard input, and the pipes of child processes.
 * Sockets that carry HTTP are left to `http.ts`; standard output and error to the recorder.
 */
import diagnostics from 'node:diagnostics_channel';
import net from 'node:net';
import { arrivalKey } from '../model/recorded-world.ts';
import dgram from 'node:dgram';
import { safely } from './calls.ts';
import type { Json } from './json.ts';
import { errorJson, type BoundaryLog } from './log.ts';
import { override, ownData, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { isArray } = Array;

export interface Sockets {
  /** Marks a child's pipe: its bytes are logged as that child's output. */
  belongsToChild(socket: object, child: number, stream: string): void;
}

export function installSockets(log: BoundaryLog): Sockets {
  const children = new WeakMap<object, { readonly child: number; readonly stream: string }>();
  const { prototype } = net.Socket;

  override(
    prototype,
    'push',
    log.hide,
    (inherited) =>
      function (...args) {
        const [chunk] = args;
        const socket = this as object;
        if (log.hasTurns) return inTurn(socket, args, inherited());
        if (chunk !== null && chunk !== undefined && !speaksHttp(this)) safely(log, () => came(socket, chunk));
        return apply(inherited(), this, args);
      },
  );

  /** Bytes and ends are arrivals. True, as of `push`: there is room for more. */
  function inTurn(socket: object, args: unknown[], push: AnyFunction): unknown {
    const [chunk] = args;
    let isRoom: unknown = true;
    const go = (): void => {
      isRoom = apply(push, socket, args);
    };
    const mark = children.get(socket);
    const of = mark ? `${mark.child}.${mark.stream}` : ownData(socket, 'fd') === 0 ? 'stdin' : log.idOf(socket);
    if (chunk === undefined) go();
    else if (speaksHttp(socket)) {
      if (chunk === null) go();
      else log.arrivals.arriveWhole(arrivalKey('http', of), go);
    } else if (chunk === null)
      log.arrivals.arrive(arrivalKey('pipe.end', of), () => {
        safely(log, () => log.report('pipe.end', { of }));
        go();
      });
    else {
      const key = mark
        ? arrivalKey('child.output', of)
        : of === 'stdin'
          ? arrivalKey('stdin', '')
          : arrivalKey('socket.in', of);
      log.arrivals.arrive(key, () => {
        safely(log, () => came(socket, chunk));
        go();
      });
    }
    return isRoom;
  }

  function came(socket: object, chunk: unknown): void {
    const mark = children.get(socket);
    if (mark)
      return log.report('child.output', { child: mark.child, stream: mark.stream }, { content: log.message(chunk) });
    if (ownData(socket, 'fd') === 0) return log.report('stdin', {}, { content: log.message(chunk) });
    log.report('socket.in', { socket: log.idOf(socket) }, { content: log.message(chunk) });
  }

  replace(
    prototype,
    '_writeGeneric',
    log.hide,
    (original) =>
      function (...args) {
        const [many, data] = args;
        const later = ownData(this, 'connecting') === true || ownData(this, '_isStdio') === true;
        if (!later && !speaksHttp(this)) safely(log, () => went(this as object, many === true, data));
        return apply(original, this, args);
      },
  );

  function went(socket: object, many: boolean, data: unknown): void {
    const mark = children.get(socket);
    const chunks = many && isArray(data) ? data.map((entry) => ownData(entry, 'chunk')) : [data];
    for (const chunk of chunks) {
      if (mark) log.report('child.input', { child: mark.child, content: log.message(chunk) });
      else log.report('socket.out', { socket: log.idOf(socket), content: log.message(chunk) });
    }
  }

  installLife(log);
  installDatagrams(log);
  return { belongsToChild: (socket, child, stream) => void children.set(socket, { child, stream }) };
}

/** A socket has a `parser` exactly while Node's HTTP reads from it. */
function speaksHttp(socket: unknown): boolean {
  const parser = ownData(socket, 'parser');
  return typeof parser === 'object' && parser !== null;
}

function installLife(log: BoundaryLog): void {
  const { prototype } = net.Socket;
  replace(
    prototype,
    'connect',
    log.hide,
    (original) =>
      function (...args) {
        if (typeof this === 'object' && this !== null) safely(log, () => connecting(log, this as object, args));
        return connected(log, original, this, args);
      },
  );
  if (log.hasTurns)
    replace(
      net.Server.prototype,
      'listen',
      log.hide,
      (original) =>
        function (...args) {
          return connected(log, original, this, args);
        },
    );
  replace(
    prototype,
    '_destroy',
    log.hide,
    (original) =>
      function (...args) {
        const [error] = args;
        const socket = this as object;
        if (error && log.knows(socket)) {
          safely(log, () => log.report('socket.failed', { socket: log.idOf(socket), error: errorJson(error) }));
        }
        return apply(original, this, args);
      },
  );
  if (log.hasTurns) installEvents(log);
  else
    diagnostics.subscribe('net.server.socket', (message) => {
      safely(log, () => {
        const socket = ownData(message, 'socket');
        if (!(socket instanceof net.Socket)) return;
        const { remoteAddress, remotePort, localPort } = socket;
        log.report('socket.accepted', { socket: log.idOf(socket, 'accepted'), remoteAddress, remotePort, localPort });
      });
    });
  for (const owner of [net.Server.prototype, net.Socket.prototype, dgram.Socket.prototype]) {
    replace(
      owner,
      'address',
      log.hide,
      (original) =>
        function (...args) {
          const address = apply(original, this, args);
          safely(log, () => log.report('address', { of: log.idOf(this as object), address: addressJson(address) }));
          return address;
        },
    );
  }
}

const SOCKET_EVENTS = new Set<unknown>(['connect', 'secureConnect', 'close']);
const SERVER_EVENTS = new Set<unknown>(['connection', 'secureConnection']);

/** What sockets and servers tell of others is an arrival, too. */
function installEvents(log: BoundaryLog): void {
  override(
    net.Socket.prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event] = args;
        const socket = this as net.Socket;
        if (!SOCKET_EVENTS.has(event) || ownData(socket, 'fd') === 0) return apply(inherited(), this, args);
        const detail = { socket: log.idOf(socket), event: String(event) };
        const deliver = (): unknown => {
          safely(log, () => log.report('socket.event', detail));
          return apply(inherited(), this, args);
        };
        return log.inTurn(arrivalKey('socket.event', `${detail.socket} ${detail.event}`), deliver, true);
      },
  );
  override(
    net.Server.prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, socket] = args;
        if (!SERVER_EVENTS.has(event) || !(socket instanceof net.Socket)) return apply(inherited(), this, args);
        if (log.recorded) keepFromParser(socket);
        const server = log.idOf(this as object, 'server');
        const isNew = !log.knows(socket);
        const deliver = (): unknown => {
          const { remoteAddress, remotePort, localPort } = socket;
          safely(log, () =>
            log.report('socket.accepted', {
              socket: log.idOf(socket, 'accepted'),
              server,
              event: String(event),
              ...(isNew ? { remoteAddress, remotePort, localPort } : {}),
            }),
          );
          const result = apply(inherited(), this, args);
          resume(socket);
          return result;
        };
        const key = arrivalKey('socket.accepted', `${server} ${String(event)}`);
        const held = {};
        const result = log.inTurn<unknown>(key, deliver, held);
        if (result !== held) return result;
        pause(socket);
        return true;
      },
  );
}

/** Bytes reach HTTP's parser at their turn: it must not take them from the handle itself. */
function keepFromParser(socket: net.Socket): void {
  const handle = Reflect.get(socket, '_handle');
  if (typeof handle === 'object' && handle !== null) Object.assign(handle, { _consumed: true });
}

interface Reading {
  reading?: boolean;
  readStop?: () => void;
}

/** Nothing is read before the program knows of the socket. */
function pause(socket: net.Socket): void {
  const handle = Reflect.get(socket, '_handle') as Reading | undefined;
  if (!handle?.readStop) return;
  handle.readStop();
  handle.reading = false;
}

function resume(socket: net.Socket): void {
  const handle = Reflect.get(socket, '_handle') as Reading | undefined;
  if (handle && handle.reading === false && !socket.isPaused()) socket.read(0);
}

/** Where a run is executed again its addresses are others: that Node asks for the name is no call of the program's. */
function connected(log: BoundaryLog, original: AnyFunction, self: unknown, args: unknown[]): unknown {
  const first = isArray(args[0]) ? args[0][0] : args[0];
  if (!log.hasTurns || ownData(first, 'lookup') !== undefined) return apply(original, self, args);
  log.depth++;
  try {
    return apply(original, self, args);
  } finally {
    log.depth--;
  }
}

/** net.connect hands over its arguments as one normalised array. */
function connecting(log: BoundaryLog, socket: object, args: readonly unknown[]): void {
  const first = isArray(args[0]) ? args[0][0] : args[0];
  const text = (key: string): Json => {
    const value = ownData(first, key);
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  };
  const target =
    typeof first === 'object' && first !== null
      ? { host: text('host'), port: text('port'), path: text('path') }
      : { port: first as Json, host: typeof args[1] === 'string' ? args[1] : undefined };
  log.report('socket.connect', { socket: log.idOf(socket), ...target });
}

function addressJson(address: unknown): Json {
  if (typeof address === 'string') return address;
  const value = (key: string): Json => ownData(address, key) as Json;
  return { address: value('address'), port: value('port'), family: value('family') };
}

function installDatagrams(log: BoundaryLog): void {
  const { prototype } = dgram.Socket;
  override(
    prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, message, from] = args;
        if (event !== 'message') return apply(inherited(), this, args);
        const socket = log.idOf(this as object);
        const deliver = (): unknown => {
          safely(log, () =>
            log.report('datagram.in', { socket }, { content: log.content(message), from: addressJson(from) }),
          );
          return apply(inherited(), this, args);
        };
        return log.inTurn(arrivalKey('datagram.in', socket), deliver, true);
      },
  );
  replace(
    prototype,
    'send',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const [message] = args;
        safely(log, () => {
          const parts = isArray(message) ? message : [message];
          log.report('datagram.out', {
            socket: log.idOf(this as object),
            contents: parts.map((part) => log.content(part)),
          });
        });
        return apply(original, this, args);
      },
  );
}
