/**
 * Connections of a run that is to be executed again: everything that comes over them has its place in the order, down to
 * the portions in which bytes come. Where it is executed again, all of it is played.
 */
import { executionAsyncId } from 'node:async_hooks';
import net from 'node:net';
import type { BoundaryLog } from '../log.ts';
import { ownData, replace, type AnyFunction } from '../patch.ts';
import { ChildPipes } from './child-pipes.ts';
import { installDatagramCalls } from './datagrams.ts';
import { installConnectionEvents, type Attempts, type Opened } from './events.ts';
import { watchExpiry } from './expiry.ts';
import { ConnectionPlayer } from './player.ts';
import { intoBuffers } from './into-buffers.ts';
import { playParsers, watchParsers } from './parsers.ts';
import { secureConnections } from './tls.ts';
import { installWrites, type Writes } from './writes.ts';

const { apply } = Reflect;
const { isArray } = Array;
const later = process.nextTick;

/** The agent of HTTP lets nobody else read from a connection that is free. */
interface Guarded {
  readonly onread?: { readonly name: string } | null;
  getAsyncId(): number;
}

export interface Connections extends Writes {
  /** As `connect` does. */
  connect(original: AnyFunction, socket: net.Socket, args: unknown[]): unknown;
  /** whether the system says it of bytes that were to come, for the first time */
  isRead(error: unknown): boolean;
  /** whether the bytes that are played now were read by HTTP's parser itself */
  isByParser(socket: object): boolean;
  /** whether Node drops it as something came while no request used it */
  isUnasked(socket: object): boolean;
  /** The program writes to a child through it, that is there and may read it. */
  writesToChild(pipe: net.Socket, hasReader: boolean): void;
}

/** `came`: HTTP's parser has read that from the connection. */
export function installConnections(
  log: BoundaryLog,
  late: (id: string, install: () => void) => void,
  came: (socket: net.Socket, bytes: Uint8Array) => void,
): Connections {
  const opened: Opened = new WeakSet();
  const attempts: Attempts = new WeakMap();
  const pipes = new ChildPipes();
  const told = new WeakSet<object>();
  const { recordedConnections: recorded } = log;
  const datagrams = installDatagramCalls(log, recorded);
  const player = recorded && new ConnectionPlayer(log, recorded, datagrams);
  const secure = secureConnections(log, opened, player);
  late('tls', secure.install);
  const isByParser = (socket: object): boolean => player?.isByParser(socket) ?? false;
  const parsers = player ? playParsers(log, isByParser) : watchParsers(log, came);
  const watchLooks = watchExpiry(log, player);
  installConnectionEvents(log, opened, attempts, player, parsers, watchLooks);
  replace(
    net.Server.prototype,
    'listen',
    log.hide,
    (original) =>
      function (...args) {
        const server = this as net.Server;
        const attempt = (attempts.get(server) ?? 0) + 1;
        attempts.set(server, attempt);
        log.idOf(server, 'server');
        player?.listens(server);
        const refused = player?.refused(server, attempt);
        if (refused) return refuse(server, refused, args);
        return unlogged(log, original, this, args);
      },
  );
  if (player) keepTime(log, player);
  const isRead = (error: unknown): boolean => {
    if (typeof error !== 'object' || error === null || told.has(error)) return false;
    told.add(error);
    return ownData(error, 'syscall') === 'read' && typeof ownData(error, 'errno') === 'number';
  };
  return {
    ...installWrites(log, opened, pipes, player),
    connect(original, socket, args) {
      opened.add(socket);
      secure.opens(socket);
      intoBuffers(log, socket);
      const given = player ? player.opens(socket, args) : args;
      const first = isArray(args[0]) ? args[0][0] : args[0];
      // the program's own function is asked for the name
      if (ownData(first, 'lookup') !== undefined) return apply(original, socket, given);
      return unlogged(log, original, socket, given);
    },
    isRead,
    isByParser,
    writesToChild(pipe, hasReader) {
      pipes.add(pipe, hasReader);
      if (!player) return;
      player.tells(pipe);
      const id = log.idOf(pipe);
      pipes.endsWhere(pipe, (error) => player.recorded.all('socket.failed', id).length === 0 && isRead(error));
    },
    isUnasked(socket) {
      if (!opened.has(socket)) return false;
      const handle = Reflect.get(socket, '_handle') as Guarded | null;
      if (!handle || handle.onread?.name !== 'freeSocketOnReadGuard') return false;
      return player ? player.isDropping(socket) : executionAsyncId() === handle.getAsyncId();
    },
  };
}

/** As Node does where the system does not let a server listen. */
function refuse(server: net.Server, error: Error, args: readonly unknown[]): net.Server {
  const callback = args.findLast((each) => typeof each === 'function');
  if (callback) server.once('listening', callback as () => void);
  later(() => server.emit('error', error));
  return server;
}

/** Where a run is executed again its addresses are others: that Node asks for the name is no call of the program's. */
function unlogged(log: BoundaryLog, original: AnyFunction, self: unknown, args: unknown[]): unknown {
  log.depth++;
  try {
    return apply(original, self, args);
  } finally {
    log.depth--;
  }
}

/** Time limits of played sockets run out at their turns. */
function keepTime(log: BoundaryLog, player: ConnectionPlayer): void {
  const { prototype } = net.Socket;
  replace(
    prototype,
    '_onTimeout',
    log.hide,
    (original) =>
      function (...args) {
        return player.isPlayed(this as object) ? undefined : apply(original, this, args);
      },
  );
  replace(
    prototype,
    'setTimeout',
    log.hide,
    (original) =>
      function (...args) {
        player.limitsTime(this as net.Socket);
        return apply(original, this, args);
      },
  );
}
