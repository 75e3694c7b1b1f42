/**
 * Connections to the outside end at sockets on which the recorded peers answer; TLS is plain text there, as the recording
 * has it. Servers of the program's own are reached as ever. To anything else there is no way.
 */
import net from 'node:net';
import { existsSync, unlinkSync } from 'node:fs';
import { resetFile, type PeerAnswers } from '../../model/recorded-world.ts';
import type { Http2Peer } from '../../model/http2-talk.ts';
import { override, ownData, replace } from '../patch.ts';
import { serveDatagrams } from './datagrams.ts';
import { serveHttp2 } from './http2/install.ts';
import { serveListeners } from './listeners.ts';
import { errorFrom, type Serving } from './serving.ts';
import { plainTls, tlsOver, type HeldPeer } from './plain-tls.ts';
import { deliverAt } from './time/held.ts';
import { holdPeer } from './time/peer-sockets.ts';
import type { Timeline } from './time/timeline.ts';

const { apply } = Reflect;
const existsAt = existsSync;
const removeAt = unlinkSync;
const { isArray } = Array;
const later = process.nextTick;
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|::|)$/;

type RealWay = { readonly path: string; readonly isPeer?: boolean } | { readonly port: number };

/** `after`: milliseconds */
type Way =
  | RealWay
  | { readonly http2: Http2Peer; readonly name: string }
  | { readonly error: Error; readonly after: number };

export interface Target {
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string | undefined;
}

/** `stream`: the thread's own number in the recording. */
export function serveNetwork(serving: Serving, stream: number, timeline: Timeline): void {
  const turns = new Map<string, number>();
  const listeners = serveListeners(serving, stream);
  const http2 = serveHttp2(serving, timeline);
  const toPeers = new WeakMap<object, HeldPeer>();
  const peers = new Set(Object.values(serving.world.peers).map((peer) => peer.path));

  function peerOf({ host, port, path: file }: Target): PeerAnswers | undefined {
    return serving.world.peers[file ?? `${host}:${port}`];
  }

  /** Where a server of the program's really listens; undefined: it has none there. */
  function own({ host, port, path: file }: Target): RealWay | undefined {
    if (file !== undefined) {
      if (peers.has(file)) return { path: file, isPeer: true };
      const real = listeners.realPath(file);
      return real === undefined ? undefined : { path: real };
    }
    const real = LOCAL.test(host) && port !== undefined ? listeners.realPort(port) : undefined;
    return real === undefined ? undefined : { port: real };
  }

  /** How the connection begins; undefined: as it is. */
  function route(target: Target): Way | undefined {
    const found = own(target);
    if (found) return found;
    const name = target.path ?? `${target.host}:${target.port}`;
    const peer = peerOf(target);
    if (!peer || (http2.isConnecting && !peer.http2)) {
      if (serving.isLive('network')) return undefined;
      const caller = serving.caller();
      // processes of a tool find each other by their real numbers
      if (target.path !== undefined && caller.by === 'tool') return undefined;
      const what = `connect ${name}${http2.isConnecting ? ' over HTTP/2' : ''}`;
      serving.unmatched('network', what, caller);
      const message = `connect ECONNREFUSED ${name}`;
      const fields = { address: target.host, port: target.port };
      return { error: errorFrom({ message, code: 'ECONNREFUSED', errno: -111, syscall: 'connect' }, fields), after: 0 };
    }
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    const failed = peer.connections[Math.min(turn, peer.connections.length - 1)];
    if (!failed && peer.http2 && (http2.isConnecting || peer.http2.only)) return { http2: peer.http2, name };
    if (!failed) return { path: peer.path, isPeer: true };
    return { error: errorFrom(failed, { address: target.host, port: target.port }), after: failed.after ?? 0 };
  }

  replace(
    net.Socket.prototype,
    'connect',
    serving.hide,
    (original) =>
      function (...args) {
        const socket = this as net.Socket;
        const way = route(targetOf(args));
        if (!way) return apply(original, this, args);
        const callback = (isArray(args[0]) ? (args[0] as readonly unknown[])[1] : args.at(-1)) as () => void;
        if ('http2' in way) {
          http2.connect(socket, way.name, way.http2, callback);
          return socket;
        }
        if ('error' in way) {
          if (typeof callback === 'function') socket.once('connect', callback);
          Reflect.set(socket, 'connecting', true);
          const fail = (): void => {
            Reflect.set(socket, 'connecting', false);
            socket.destroy(way.error);
          };
          if (way.after > 0) deliverAt(timeline, timeline.now() + way.after, fail);
          else later(fail);
          return socket;
        }
        if ('path' in way && way.isPeer) {
          const told = (what: string): void => serving.unmatchedOfPeer(what);
          toPeers.set(socket, { path: way.path, ...holdPeer(timeline, socket, told) });
        }
        return apply(original, this, redirected(args, way));
      },
  );

  override(
    net.Socket.prototype,
    'push',
    serving.hide,
    (inherited) =>
      function (...args) {
        const file = args[0] === null ? toPeers.get(this as object)?.path : undefined;
        if (file === undefined || !takeFile(resetFile(file))) return apply(inherited(), this, args);
        const reset = { message: 'read ECONNRESET', code: 'ECONNRESET', errno: -104, syscall: 'read' };
        (this as net.Socket).destroy(errorFrom(reset));
        return false;
      },
  );

  const tls = (): void => {
    const module = process.getBuiltinModule('node:tls');
    replace(
      module,
      'connect',
      serving.hide,
      (original) =>
        function (...args) {
          const callback = args.find((each) => typeof each === 'function') as (() => void) | undefined;
          const options = (args.find((each) => typeof each === 'object' && each !== null) ?? {}) as object;
          const carrier = ownData(options, 'socket');
          const held = carrier instanceof net.Socket ? toPeers.get(carrier) : undefined;
          if (held) {
            const socket = tlsOver(carrier as net.Socket, held, options, callback);
            toPeers.set(socket, held);
            return socket;
          }
          const target = targetOf(args);
          if (own(target) || (!peerOf(target) && serving.isLive('network'))) return apply(original, this, args);
          return plainTls(target, options, callback, peerOf(target)?.http2?.only ?? false);
        },
    );
  };
  tls();

  serveDatagrams(serving, stream, timeline);
}

function takeFile(file: string): boolean {
  try {
    if (!existsAt(file)) return false;
    removeAt(file);
    return true;
  } catch {
    return false;
  }
}

/** net.connect hands over its arguments as one normalised array. */
function targetOf(args: readonly unknown[]): Target {
  const first: unknown = isArray(args[0]) ? (args[0] as readonly unknown[])[0] : args[0];
  if (typeof first === 'object' && first !== null) {
    const file = ownData(first, 'path');
    const port = ownData(first, 'port');
    const host = ownData(first, 'host');
    // a path wins, as it does for Node
    const isPath = typeof file === 'string' && file !== '';
    return {
      host: typeof host === 'string' ? host : 'localhost',
      port: port === undefined ? undefined : Number(port),
      path: isPath ? file : undefined,
    };
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { host: '', port: undefined, path: first };
  return { host: typeof args[1] === 'string' ? args[1] : 'localhost', port: Number(first), path: undefined };
}

function redirected(args: readonly unknown[], way: RealWay): unknown[] {
  const given: unknown = isArray(args[0]) ? (args[0] as readonly unknown[])[0] : args[0];
  const elsewhere =
    'path' in way ? { path: way.path, host: undefined, port: undefined } : { host: '127.0.0.1', port: way.port };
  const options = { ...(typeof given === 'object' ? given : {}), ...elsewhere };
  if (!isArray(args[0])) return [options, args.find((each) => typeof each === 'function')];
  const normalised = [options, (args[0] as readonly unknown[])[1]];
  for (const symbol of Object.getOwnPropertySymbols(args[0]))
    Object.defineProperty(normalised, symbol, { value: Reflect.get(args[0], symbol) });
  return [normalised];
}
