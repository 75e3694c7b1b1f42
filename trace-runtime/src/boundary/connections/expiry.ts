/**
 * Requests that take an HTTP server too long: Node looks for them every now and then, and tells by the real time. What a look
 * found is recorded; where a run is executed again the same look finds the same.
 */
import type net from 'node:net';
import { arrivalKey } from '../../model/recorded-world.ts';
import { safely } from '../calls.ts';
import type { BoundaryLog } from '../log.ts';
import { ownData, replace } from '../patch.ts';
import type { ConnectionPlayer } from './player.ts';

const { apply } = Reflect;
const { getOwnPropertySymbols, getPrototypeOf } = Object;

interface Parser {
  readonly socket: net.Socket | null;
}

/** Of Node's list of a server's connections, which only the server has. */
interface Connections {
  expired(headersMs: number, requestMs: number): readonly Parser[];
}

/** Gives what is to be called when a server has begun to listen. */
export function watchExpiry(log: BoundaryLog, player: ConnectionPlayer | undefined): (server: net.Server) => void {
  const servers = new WeakMap<object, net.Server>();
  const patched = new WeakSet<object>();

  function tell(server: net.Server, found: readonly Parser[]): void {
    const id = log.idOf(server, 'server');
    const sockets = found.flatMap(({ socket }) => (socket ? log.idOf(socket) : []));
    log.arrivals.arrive(arrivalKey('server.event', `${id} expired`), () =>
      log.report('server.event', { server: id, event: 'expired' }, { sockets }),
    );
  }

  return (server) => {
    const list = connectionsOf(server);
    if (!list) return;
    servers.set(list, server);
    const prototype = getPrototypeOf(list) as object;
    if (patched.has(prototype)) return;
    patched.add(prototype);
    replace(
      prototype,
      'expired',
      log.hide,
      (original) =>
        function (...args) {
          const of = servers.get(this as object);
          const found = player && of ? parsersOf(player.expired(of)) : apply(original, this, args);
          if (of && isAny(found)) safely(log, () => tell(of, found));
          return found;
        },
    );
  };
}

function isAny(found: unknown): found is readonly Parser[] {
  return Array.isArray(found) && found.length > 0;
}

function parsersOf(sockets: readonly net.Socket[]): readonly Parser[] {
  return sockets.flatMap((socket) => (ownData(socket, 'parser') as Parser | null | undefined) ?? []);
}

function connectionsOf(server: net.Server): Connections | undefined {
  const symbol = getOwnPropertySymbols(server).find(({ description }) => description === 'http.server.connections');
  return symbol && (Reflect.get(server, symbol) as Connections | undefined);
}
