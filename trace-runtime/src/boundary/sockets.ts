/**
 * Bytes in and out of sockets: TCP, pipes, TLS (as plain text), standard input, and the pipes of child processes.
 * Sockets that carry HTTP are left to `http.ts`; standard output and error to the recorder.
 */
import net from 'node:net';
import { carrierOf, endsOf } from './connections/ends.ts';
import { installConnections, type Connections } from './connections/install.ts';
import { BY_PARSER } from './connections/parsers.ts';
import { arrivalKey } from '../model/recorded-world.ts';
import dgram from 'node:dgram';
import { safely } from './calls.ts';
import { plain } from './dns.ts';
import type { Json } from './json.ts';
import { errorJson, type BoundaryLog } from './log.ts';
import { recordedOutputs } from './child-outputs.ts';
import { datagramTarget } from './datagram-target.ts';
import { override, ownData, replace, type AnyFunction } from './patch.ts';
import { Portions } from './portions.ts';

const { apply } = Reflect;
const { isArray } = Array;
const { assign } = Object;

export interface Sockets {
  /** Marks a child's pipe: its bytes are logged as that child's output. `isPlayed`: nobody reads what is written to it. */
  belongsToChild(socket: object, child: number, stream: string, isPlayed: boolean): void;
}

export function installSockets(log: BoundaryLog, late: (id: string, install: () => void) => void): Sockets {
  const children = new WeakMap<object, { readonly child: number; readonly stream: string }>();
  const portions = new WeakMap<object, Portions>();
  /** connections that the program made, and that have said nothing yet */
  const made = new WeakSet<object>();
  /** that carry TLS, and have been told of */
  const carriers = new WeakSet<object>();
  const { prototype } = net.Socket;
  const parsed = (socket: object, bytes: Uint8Array): void => httpCame(socket, bytes, true);
  const outputs = log.recorded && recordedOutputs(log.recorded);
  const connections = log.hasTurns ? installConnections(log, late, parsed) : undefined;

  override(
    prototype,
    'push',
    log.hide,
    (inherited) =>
      function (...args) {
        const [chunk] = args;
        const socket = this as object;
        if (log.hasTurns) return inTurn(socket, args, inherited());
        const mark = children.get(socket);
        if (chunk === null && mark) safely(log, () => log.report('pipe.end', { of: `${mark.child}.${mark.stream}` }));
        else if (chunk === null && isConnection(socket))
          safely(log, () => log.report('pipe.end', { of: log.idOf(socket) }));
        else if (chunk !== null && chunk !== undefined && !speaksHttp(this)) safely(log, () => came(socket, chunk));
        return log.below(() => apply(inherited(), this, args));
      },
  );

  /** Not standard input, nor a child's pipe. */
  function isConnection(socket: object): boolean {
    return log.knows(socket) && !children.has(socket) && ownData(socket, 'fd') !== 0;
  }

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
    else if (outputs && mark && chunk instanceof Uint8Array)
      for (const portion of outputs.came(String(of), chunk.length)) arrived(socket, of, portion, push);
    else if (chunk === null) {
      const rest = portions.get(socket)?.rest();
      if (rest) arrived(socket, of, rest, push);
      if (outputs && mark)
        for (const portion of outputs.came(String(of), undefined)) arrived(socket, of, portion, push);
      let isNow = true;
      log.arrivals.arrive(arrivalKey('pipe.end', of), () => {
        safely(log, () => log.report('pipe.end', { of }));
        go();
        // as Node does where it is at once: nobody may read any more
        if (!isNow) (socket as net.Socket).read(0);
      });
      isNow = false;
    } else if (log.recorded && of === 'stdin' && chunk instanceof Uint8Array) {
      for (const portion of portionsOf(socket, of).add(chunk)) arrived(socket, of, portion, push);
    } else isRoom = arrived(socket, of, chunk, push);
    return isRoom;
  }

  function arrived(socket: object, of: string | number, chunk: unknown, push: AnyFunction): unknown {
    let isRoom: unknown = true;
    const kind = children.has(socket) ? 'child.output' : of === 'stdin' ? 'stdin' : kindOf(socket);
    log.arrivals.arrive(arrivalKey(kind, kind === 'stdin' ? '' : of), () => {
      safely(log, () => came(socket, chunk));
      isRoom = apply(push, socket, [chunk]);
    });
    return isRoom;
  }

  /** Of an exact run: pipes are real, and cut their bytes as they like. */
  function portionsOf(socket: object, of: string): Portions {
    let found = portions.get(socket);
    if (!found) portions.set(socket, (found = new Portions(log.recorded?.portions(of) ?? [])));
    return found;
  }

  function came(socket: object, chunk: unknown): void {
    const mark = children.get(socket);
    if (mark)
      return log.report('child.output', { child: mark.child, stream: mark.stream }, { content: log.message(chunk) });
    if (ownData(socket, 'fd') === 0) return log.report('stdin', {}, { content: log.message(chunk) });
    if (speaksHttp(socket)) httpCame(socket, chunk, connections?.isByParser(socket) ?? false);
    else
      log.report(
        'socket.in',
        { socket: log.idOf(socket), ...portOnce(socket), ...carrierOnce(socket) },
        { content: log.message(chunk) },
      );
  }

  /** Of a connection that the program made: which one it is for a server of its own. Turns tell with the connect. */
  function portOnce(socket: object): { readonly localPort?: number | undefined } {
    if (log.hasTurns || !made.has(socket)) return {};
    made.delete(socket);
    return { localPort: endsOf(socket as net.Socket).localPort };
  }

  /** Which connection carries it, where it speaks TLS over one that spoke otherwise before. */
  function carrierOnce(socket: object): { readonly over?: number } {
    const carrier = carrierOf(socket);
    if (!carrier || carriers.has(carrier) || !log.knows(carrier)) return {};
    carriers.add(carrier);
    return { over: log.idOf(carrier) };
  }

  function httpCame(socket: object, chunk: unknown, isByParser: boolean): void {
    const by = isByParser ? BY_PARSER : undefined;
    log.report('http.in', { socket: log.idOf(socket), by }, { content: log.message(chunk) });
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
        return later || !connections
          ? apply(original, this, args)
          : connections.write(original, this as net.Socket, args);
      },
  );

  function went(socket: object, many: boolean, data: unknown): void {
    const mark = children.get(socket);
    const chunks = many && isArray(data) ? data.map((entry) => ownData(entry, 'chunk')) : [data];
    for (const chunk of chunks) {
      if (mark) log.report('child.input', { child: mark.child, content: log.message(chunk) });
      else {
        const of = { socket: log.idOf(socket), ...portOnce(socket), ...carrierOnce(socket) };
        log.report('socket.out', { ...of, content: log.message(chunk) });
      }
    }
  }

  const pipeOf = (socket: object): string | undefined => {
    const mark = children.get(socket);
    return mark && `${mark.child}.${mark.stream}`;
  };
  installLife(log, connections, made, pipeOf);
  installDatagrams(log);
  return {
    belongsToChild(socket, child, stream, isPlayed) {
      children.set(socket, { child, stream });
      // ids are given in the order of the pipes, whatever comes through which first
      log.idOf(socket);
      if (stream !== 'stdout' && stream !== 'stderr') connections?.writesToChild(socket as net.Socket, !isPlayed);
    },
  };
}

/** A socket has a `parser` exactly while Node's HTTP reads from it. */
function speaksHttp(socket: unknown): boolean {
  const parser = ownData(socket, 'parser');
  return typeof parser === 'object' && parser !== null;
}

/** What HTTP's parser is given is kept for exact runs alone: requests and answers tell what is in it. */
function kindOf(socket: object): string {
  return speaksHttp(socket) ? 'http.in' : 'socket.in';
}

/** `pipeOf`: what a child's pipe is called. */
function installLife(
  log: BoundaryLog,
  connections: Connections | undefined,
  made: WeakSet<object>,
  pipeOf: (socket: object) => string | undefined,
): void {
  const { prototype } = net.Socket;
  replace(
    prototype,
    'connect',
    log.hide,
    (original) =>
      function (...args) {
        if (typeof this === 'object' && this !== null) {
          made.add(this);
          safely(log, () => connecting(log, this as object, args));
        }
        return connections ? connections.connect(original, this as net.Socket, args) : apply(original, this, args);
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
          const read = connections?.isRead(error);
          const id = log.idOf(socket);
          const of =
            read && log.recordedConnections?.all('socket.failed', id).length === 0 ? pipeOf(socket) : undefined;
          // what plays the child has not read what it was sent
          if (of !== undefined)
            return log.arrivals.arrive(arrivalKey('pipe.end', of), () => {
              safely(log, () => log.report('pipe.end', { of }));
              apply(original, this, [null, ...args.slice(1)]);
            });
          if (read) log.arrivals.came(arrivalKey('socket.failed', id));
          safely(log, () => log.report('socket.failed', { socket: id, error: errorJson(error), read }));
        } else if (connections?.isUnasked(socket)) {
          const id = log.idOf(socket);
          log.arrivals.came(arrivalKey('socket.unasked', id));
          safely(log, () => log.report('socket.unasked', { socket: id }));
        }
        return apply(original, this, args);
      },
  );
  if (log.hasTurns) ownEndEarly(log);
  else acceptConnections(log);
  for (const owner of [net.Server.prototype, net.Socket.prototype, dgram.Socket.prototype])
    address(log, owner, 'address');
  address(log, dgram.Socket.prototype, 'remoteAddress');
}

/** Servers have their numbers in the order in which they listen. */
function acceptConnections(log: BoundaryLog): void {
  const { prototype } = net.Server;
  replace(
    prototype,
    'listen',
    log.hide,
    (original) =>
      function (...args) {
        safely(log, () => void log.idOf(this as object, 'server'));
        return apply(original, this, args);
      },
  );
  override(
    prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, socket] = args;
        const isNew = event === 'connection' || event === 'secureConnection';
        if (isNew && socket instanceof net.Socket) safely(log, () => accepted(this as object, event, socket));
        return log.below(() => apply(inherited(), this, args));
      },
  );

  function accepted(server: object, event: string, socket: net.Socket): void {
    const { remoteAddress, remotePort, localPort } = endsOf(socket);
    const servername = plain(ownData(socket, 'servername'));
    const ids = { socket: log.idOf(socket, 'accepted'), server: log.idOf(server, 'server') };
    log.report('socket.accepted', { ...ids, event, remoteAddress, remotePort, localPort, servername });
  }
}

/** A socket may be asked for its own end before it is connected: from then on Node has kept what it was told. */
function ownEndEarly(log: BoundaryLog): void {
  replace(
    net.Socket.prototype,
    '_getsockname',
    log.hide,
    (original) =>
      function (...args) {
        const isEarly = ownData(this, 'connecting') === true && !ownData(this, '_sockname');
        const found = apply(original, this, args);
        if (isEarly && ownData(this, '_sockname') === found) {
          safely(log, () => {
            const socket = log.idOf(this as object);
            const recorded = log.recordedConnections?.next('socket.local', socket)?.['address'];
            if (recorded) assign(found as object, recorded);
            log.report('socket.local', { socket }, { address: addressJson(found) });
          });
        }
        return found;
      },
  );
}

function address(log: BoundaryLog, owner: object, name: string): void {
  replace(
    owner,
    name,
    log.hide,
    (original) =>
      function (...args) {
        const found = apply(original, this, args);
        safely(log, () => log.report('address', { of: log.idOf(this as object), address: addressJson(found) }));
        return found;
      },
  );
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
  return { address: value('address'), family: value('family'), port: value('port') };
}

/** A socket of the program's own talks to others of it by its port. */
function bound(log: BoundaryLog, socket: dgram.Socket): void {
  const { port } = apply(dgram.Socket.prototype.address, socket, []) as { port: number };
  log.report('datagram.bound', { socket: log.idOf(socket), port });
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
        if (event === 'listening' && !log.hasTurns) safely(log, () => bound(log, this as dgram.Socket));
        if (event !== 'message') return log.below(() => apply(inherited(), this, args));
        const socket = log.idOf(this as object);
        const deliver = (): unknown => {
          safely(log, () =>
            log.report('datagram.in', { socket }, { content: log.content(message), from: addressJson(from) }),
          );
          return log.below(() => apply(inherited(), this, args));
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
            to: datagramTarget(args.slice(1)),
            contents: parts.map((part) => log.content(part)),
          });
        });
        return apply(original, this, args);
      },
  );
}
