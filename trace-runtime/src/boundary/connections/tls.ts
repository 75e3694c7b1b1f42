/**
 * TLS, above its bytes: what its machine tells of a connection is an arrival (`tls.event`), and what it is asked of one
 * (certificates, protocols, sessions) is kept as `tls.NAME`. Nothing of a handshake is made again where it is played.
 */
import crypto from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { arrivalKey } from '../../model/recorded-world.ts';
import { safely } from '../calls.ts';
import { plain } from '../dns.ts';
import type { Json } from '../json.ts';
import type { BoundaryLog } from '../log.ts';
import { ownData, replace, type AnyFunction } from '../patch.ts';
import type { Opened } from './events.ts';
import { packed, unpacked } from './packed.ts';
import type { ConnectionPlayer } from './player.ts';

const { apply } = Reflect;
const { getPrototypeOf } = Object;
const { X509Certificate } = crypto;
const { from } = Buffer;

/** What the machine tells. */
const EVENTS = [
  'onhandshakedone',
  'onnewsession',
  'onclienthello',
  'oncertcb',
  'onkeylog',
  'onocspresponse',
  'onerror',
  'ALPNCallback',
];
const ANSWERS = [
  'getServername',
  'getALPNNegotiatedProtocol',
  'verifyError',
  'isSessionReused',
  'getCertificate',
  'getPeerCertificate',
  'getCipher',
  'getEphemeralKeyInfo',
  'getFinished',
  'getPeerFinished',
  'getProtocol',
  'getSession',
  'getSharedSigalgs',
  'getTLSTicket',
  'exportKeyingMaterial',
];
const CERTIFICATES = ['getPeerX509Certificate', 'getX509Certificate'];
/** What makes a handshake go on. */
const STEPS = ['start', 'certCbDone', 'endParser', 'newSessionDone', 'loadSession', 'receive', 'renegotiate'];

export interface SecureConnections {
  /** A socket that the program opens may be one that was made before the module was seen. */
  opens(socket: object): void;
  /** Once the program can get at `tls`. */
  install(): void;
}

export function secureConnections(
  log: BoundaryLog,
  opened: Opened,
  player: ConnectionPlayer | undefined,
): SecureConnections {
  const sockets = new WeakMap<object, TLSSocket>();
  let isInstalled = false;
  let isAnswering = false;

  function install(): void {
    if (isInstalled) return;
    isInstalled = true;
    const { prototype } = process.getBuiltinModule('node:tls').TLSSocket;
    replace(
      prototype,
      '_init',
      log.hide,
      (original) =>
        function (...args) {
          const result = apply(original, this, args);
          watch(this as TLSSocket);
          return result;
        },
    );
    for (const name of CERTIFICATES) certificate(prototype, name);
  }

  function watch(socket: TLSSocket): void {
    const handle = Reflect.get(socket, '_handle') as Record<string, unknown> | null;
    if (!handle || sockets.has(handle)) return;
    sockets.set(handle, socket);
    opened.add(socket);
    const id = log.idOf(socket, ownData(ownData(socket, '_tlsOptions'), 'isServer') === true ? 'accepted' : '');
    player?.adopt(socket);
    if (!isAnswering) answering(getPrototypeOf(handle) as object);
    for (const name of EVENTS) if (typeof ownData(handle, name) === 'function') event(handle, name, id);
  }

  function event(handle: Record<string, unknown>, name: string, id: number): void {
    const original = handle[name] as AnyFunction;
    handle[name] = function (this: unknown, ...args: unknown[]): unknown {
      const deliver = (): unknown => {
        // the machine itself says who was asked for
        const servername = plain(ownData(sockets.get(handle), 'servername'));
        safely(log, () => log.report('tls.event', { socket: id, event: name }, { args: args.map(packed), servername }));
        return apply(original, this, args);
      };
      return log.inTurn<unknown>(arrivalKey('tls.event', `${id} ${name}`), deliver, undefined);
    };
  }

  function answering(prototype: object): void {
    isAnswering = true;
    for (const name of ANSWERS) answer(prototype, name, packed, unpacked);
    if (!player) return;
    for (const name of STEPS)
      replace(
        prototype,
        name,
        log.hide,
        (original) =>
          function (...args) {
            return sockets.has(this as object) ? undefined : apply(original, this, args);
          },
      );
  }

  function answer(
    owner: object,
    name: string,
    pack: (value: unknown) => Json,
    unpack: (value: unknown) => unknown,
  ): void {
    const kind = `tls.${name}`;
    replace(
      owner,
      name,
      log.hide,
      (original) =>
        function (...args) {
          const socket = sockets.get(this as object) ?? (opened.has(this as object) ? (this as TLSSocket) : undefined);
          if (!socket) return apply(original, this, args);
          const id = log.idOf(socket);
          const value = player?.isPlayed(socket)
            ? unpack(player.recorded.next(kind, id)?.['value'])
            : apply(original, this, args);
          safely(log, () => log.report(kind, { socket: id }, { value: pack(value) }));
          return value;
        },
    );
  }

  function certificate(owner: object, name: string): void {
    answer(
      owner,
      name,
      (value) => (value instanceof X509Certificate ? value.raw.toString('base64') : null),
      (value) => (typeof value === 'string' ? new X509Certificate(from(value, 'base64')) : undefined),
    );
  }

  return {
    install,
    opens(socket) {
      if (ownData(socket, 'encrypted') !== true) return;
      install();
      watch(socket as TLSSocket);
    },
  };
}
