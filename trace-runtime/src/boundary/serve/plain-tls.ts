/** TLS to recorded peers, which is plain text in a rerun: sockets that look as if they spoke it. */
import net from 'node:net';
import type { Target } from './network.ts';
import { ownData } from '../patch.ts';

const { apply } = Reflect;
const { defineProperties, assign } = Object;
const later = setImmediate;

/** The program's side of a connection to a recorded peer. */
export interface HeldPeer {
  /** where the peer listens */
  readonly path: string;
  /** From now on the socket gets what the peer says, and its end. */
  carries(over: net.Socket): void;
}

/** One that connects. */
export function plainTls(
  target: Target,
  options: object,
  callback: (() => void) | undefined,
  isHttp2: boolean,
): net.Socket {
  const socket = secured(new net.Socket(), options, target.host, isHttp2);
  if (callback) socket.once('secureConnect', callback);
  socket.once('connect', () => socket.emit('secureConnect'));
  socket.connect({ host: target.host, port: target.port ?? 443 });
  return socket;
}

/** One over a connection that was made before, and that says nothing more by itself. */
export function tlsOver(
  carrier: net.Socket,
  peer: HeldPeer,
  options: object,
  callback: (() => void) | undefined,
): net.Socket {
  const host = ownData(options, 'host');
  const socket = secured(new net.Socket(), options, typeof host === 'string' ? host : '', false);
  const writes = (chunk: unknown, encoding: BufferEncoding, done: () => void): void =>
    void carrier.write(chunk as string, encoding, done);
  own(socket, {
    _parent: carrier,
    _write: writes,
    _writev: (chunks: readonly { chunk: unknown; encoding: BufferEncoding }[], done: () => void): void => {
      for (const [index, { chunk, encoding }] of chunks.entries())
        writes(chunk, encoding, index === chunks.length - 1 ? done : () => undefined);
    },
    _read: () => undefined,
    _final: (done: () => void): void => void carrier.end(done),
    _destroy: (error: Error | null, done: (error: Error | null) => void): void => {
      carrier.destroy();
      done(error);
    },
  });
  for (const name of ['setTimeout', 'setNoDelay', 'setKeepAlive', 'ref', 'unref'] as const)
    own(socket, {
      [name]: (...args: unknown[]): net.Socket => {
        apply(net.Socket.prototype[name], name === 'setTimeout' ? socket : carrier, args);
        return socket;
      },
    });
  for (const name of ['remoteAddress', 'remotePort', 'remoteFamily', 'localAddress', 'localPort'] as const)
    defineProperties(socket, { [name]: { get: () => carrier[name], configurable: true } });
  carrier.on('error', (error) => socket.destroy(error)).on('close', () => socket.destroy());
  peer.carries(socket);
  if (callback) socket.once('secureConnect', callback);
  const isSecure = (): void => {
    later(() => {
      if (!socket.destroyed) for (const name of ['secure', 'secureConnect']) socket.emit(name);
    });
  };
  if (carrier.connecting) carrier.once('connect', isSecure);
  else isSecure();
  return socket;
}

function secured(socket: net.Socket, options: object, host: string, isHttp2: boolean): net.Socket {
  const cipher = { name: 'TLS_AES_256_GCM_SHA384', standardName: 'TLS_AES_256_GCM_SHA384', version: 'TLSv1.3' };
  return assign(socket, {
    encrypted: true,
    authorized: true,
    authorizationError: null,
    alpnProtocol: isHttp2 ? 'h2' : false,
    servername: ownData(options, 'servername') ?? host,
    getPeerCertificate: () => ({}),
    getCipher: () => cipher,
    getProtocol: () => 'TLSv1.3',
    getSession: () => undefined,
    isSessionReused: () => false,
  });
}

function own(object: object, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values))
    defineProperties(object, { [name]: { value, writable: true, configurable: true, enumerable: false } });
}
