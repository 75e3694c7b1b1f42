/** What connections and servers tell of others, in its order; where a run is executed again it is played. */
import net from 'node:net';
import { arrivalKey } from '../../model/recorded-world.ts';
import { safely } from '../calls.ts';
import { errorJson, type BoundaryLog } from '../log.ts';
import type { Json, Members } from '../json.ts';
import { plain } from '../dns.ts';
import { override, ownData, type AnyFunction } from '../patch.ts';
import { endsOf } from './ends.ts';
import type { Parsers } from './parsers.ts';
import type { ConnectionPlayer } from './player.ts';

const { apply } = Reflect;
const SOCKET_EVENTS = new Set<unknown>([
  'lookup',
  'connect',
  'connectionAttemptFailed',
  'connectionAttemptTimeout',
  'secureConnect',
  'timeout',
  'close',
]);
const SERVER_EVENTS = new Set<unknown>(['connection', 'secureConnection']);

/** Sockets that the program opened, or that were opened to it. */
export type Opened = WeakSet<object>;

/** How often each server was told to listen. */
export type Attempts = WeakMap<object, number>;

export function installConnectionEvents(
  log: BoundaryLog,
  opened: Opened,
  attempts: Attempts,
  player: ConnectionPlayer | undefined,
  parsers: Parsers,
  watchLooks: (server: net.Server) => void,
): void {
  override(
    net.Socket.prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event] = args;
        const socket = this as net.Socket;
        if (!SOCKET_EVENTS.has(event) || ownData(socket, 'fd') === 0)
          return log.below(() => apply(inherited(), this, args));
        if (event !== 'close' && !opened.has(socket)) return log.below(() => apply(inherited(), this, args));
        const id = log.idOf(socket);
        const name = String(event);
        const deliver = (): unknown => {
          safely(log, () => log.report('socket.event', { socket: id, event: name }, moreOf(name, socket, args)));
          if (name === 'close') player?.closed(socket);
          return log.below(() => apply(inherited(), this, args));
        };
        return log.inTurn(arrivalKey('socket.event', `${id} ${name}`), deliver, true);
      },
  );
  function own(server: net.Server, event: string, args: unknown[], emit: AnyFunction): unknown {
    const id = log.idOf(server, 'server');
    const deliver = (): unknown => {
      safely(log, () => log.report('server.event', { server: id, event }, plain(args[1] ?? {}) as Members));
      const result = apply(emit, server, args);
      if (event === 'listening') safely(log, () => watchLooks(server));
      return result;
    };
    return log.inTurn(arrivalKey('server.event', `${id} ${event}`), deliver, true);
  }

  /** It could not listen. The program may say so, too. */
  function refused(server: net.Server, args: unknown[], emit: AnyFunction): unknown {
    const [, error] = args;
    const id = log.idOf(server, 'server');
    const attempt = attempts.get(server);
    const sync = log.fromRecordedCode;
    const deliver = (): unknown => {
      safely(log, () => {
        const [address, port] = [plain(ownData(error, 'address')), plain(ownData(error, 'port'))];
        log.report('server.refused', { server: id, attempt, sync }, { error: errorJson(error), address, port });
      });
      return apply(emit, server, args);
    };
    return sync ? deliver() : log.inTurn(arrivalKey('server.refused', `${id}.${attempt}`), deliver, true);
  }

  override(
    net.Server.prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, socket] = args;
        if (event === 'listening') log.window?.listening();
        if (event === 'listening' || event === 'drop') return own(this as net.Server, event, args, inherited());
        if (event === 'error' && ownData(socket, 'syscall') === 'listen')
          return refused(this as net.Server, args, inherited());
        if (!SERVER_EVENTS.has(event) || !(socket instanceof net.Socket))
          return log.below(() => apply(inherited(), this, args));
        if (player || event === 'secureConnection') keepFromParser(socket);
        opened.add(socket);
        const server = log.idOf(this as object, 'server');
        const id = log.idOf(socket, 'accepted');
        player?.accepted(socket);
        log.window?.accepted(socket, { server, ...endsOf(socket) });
        const deliver = (): unknown => {
          const ends = event === 'connection' ? endsOf(socket) : {};
          safely(log, () => log.report('socket.accepted', { socket: id, server, event: String(event) }, ends));
          const result = apply(inherited(), this, args);
          safely(log, () => parsers.watch(socket));
          return result;
        };
        return log.inTurn<unknown>(arrivalKey('socket.accepted', `${server} ${String(event)}`), deliver, true);
      },
  );
}

function moreOf(event: string, socket: net.Socket, args: readonly unknown[]): Members {
  switch (event) {
    case 'connect':
      return endsOf(socket);
    case 'lookup':
      return lookupJson(args);
    case 'connectionAttemptFailed':
      // address, port, family, error
      return { error: errorJson(args[4]) };
    default:
      return {};
  }
}

function lookupJson([, error, address, family]: readonly unknown[]): Members {
  if (error) return { error: errorJson(error) };
  return { address: address as Json, family: family as Json };
}

/** HTTP's parser must not take the bytes from the handle itself: they are played, or decrypted. */
function keepFromParser(socket: net.Socket): void {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle === 'object' && handle !== null) Object.assign(handle, { _consumed: true });
}
