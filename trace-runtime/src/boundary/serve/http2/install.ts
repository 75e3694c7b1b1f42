/** Connections to recorded peers that speak HTTP/2: no socket is connected, and no frame leaves the thread. */
import type net from 'node:net';
import type http2 from 'node:http2';
import type { Http2Peer, Http2Talk } from '../../../model/http2-talk.ts';
import { socketOf } from '../../http2.ts';
import { ownData, replace, type AnyFunction } from '../../patch.ts';
import type { Serving } from '../serving.ts';
import type { Timeline } from '../time/timeline.ts';
import { Http2Connection } from './connection.ts';

const { apply, get, set } = Reflect;
const { getPrototypeOf, getOwnPropertySymbols, defineProperty } = Object;
const later = process.nextTick;

export interface ServedHttp2 {
  /** whether the program is about to connect for HTTP/2 */
  readonly isConnecting: boolean;
  /** `socket` has not been connected yet. */
  connect(socket: net.Socket, name: string, peer: Http2Peer, connected: unknown): void;
}

export function serveHttp2(serving: Serving, timeline: Timeline): ServedHttp2 {
  let isConnecting = false;
  const left = new Map<string, Http2Talk[]>();
  const turns = new Map<string, number>();
  /** by the program's end of it */
  const connections = new WeakMap<object, Http2Connection>();
  const patched = new WeakSet<object>();

  serving.options.late('http2', () => {
    replace(
      process.getBuiltinModule('node:http2'),
      'connect',
      serving.hide,
      (original) =>
        function (...args) {
          isConnecting = true;
          try {
            const session = apply(original, this, args) as http2.ClientHttp2Session;
            begins(session);
            return session;
          } finally {
            isConnecting = false;
          }
        },
    );
  });

  /** What Node puts around the program's end, for its own frames, passes for it. */
  function begins(session: http2.ClientHttp2Session): void {
    const wrap = socketOf(session);
    const socket: unknown = wrap && get(wrap, 'stream');
    const connection = typeof socket === 'object' && socket !== null ? connections.get(socket) : undefined;
    if (!wrap || !connection) return;
    connections.set(session, connection);
    for (const [name, isKept] of [
      ['ref', true],
      ['unref', false],
    ] as const)
      own(wrap, name, () => {
        connection.keeps(isKept);
        return wrap;
      });
    for (const name of SECURE) {
      const value = ownData(socket, name);
      if (value !== undefined) own(wrap, name, value);
    }
    // what Node keeps of its connection when it is made
    for (const symbol of getOwnPropertySymbols(session))
      for (const name of ['encrypted', 'alpnProtocol'])
        if (symbol.description === name && ownData(socket, 'encrypted') === true)
          set(session, symbol, ownData(socket, name));
    patch(getPrototypeOf(session) as object, ['request'], (asker) => asker);
    later(() => connection.moves());
  }

  function patch(prototype: object, names: readonly string[], sessionOf: (asker: object) => unknown): void {
    if (patched.has(prototype)) return;
    patched.add(prototype);
    for (const name of names)
      replace(
        prototype,
        name,
        serving.hide,
        (original): AnyFunction =>
          function (...args) {
            const session = sessionOf(this as object);
            if (typeof session === 'object' && session !== null) connections.get(session)?.asks();
            const result = apply(original, this, args);
            if (name === 'request') patch(streamClass(result as object), PARTS, (stream) => get(stream, 'session'));
            return result;
          },
      );
  }

  return {
    get isConnecting() {
      return isConnecting;
    },
    connect(socket, name, peer, connected) {
      const turn = turns.get(name) ?? 0;
      turns.set(name, turn + 1);
      let talks = left.get(name);
      if (!talks) left.set(name, (talks = [...peer.talks]));
      if (typeof connected === 'function') socket.once('connect', connected as () => void);
      const module = process.getBuiltinModule('node:http2');
      const unmatched = (what: string): void => serving.unmatched('network', `${name}: ${what}`, { place: undefined });
      const session = peer.sessions[Math.min(turn, peer.sessions.length - 1)];
      const connection = new Http2Connection(socket, module, { timeline, left: talks, session, unmatched });
      connections.set(socket, connection);
      set(socket, 'connecting', true);
      later(() => {
        if (socket.destroyed) return;
        set(socket, 'connecting', false);
        socket.emit('connect');
        socket.emit('ready');
      });
    },
  };
}

/** What a client says on a stream. */
const PARTS = ['_write', '_writev', '_final'];
const SECURE = [
  'encrypted',
  'authorized',
  'authorizationError',
  'alpnProtocol',
  'servername',
  'getPeerCertificate',
  'getCipher',
  'getProtocol',
];

function streamClass(stream: object): object {
  return getPrototypeOf(getPrototypeOf(stream) as object) as object;
}

function own(object: object, name: string, value: unknown): void {
  defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });
}
