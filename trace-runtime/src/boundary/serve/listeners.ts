/**
 * Servers of the program: each listens on a free port of this machine's own address, and believes that it has the port that
 * it asked for. All processes of a rerun, and the rerun itself, find the real one in the scratch folder.
 */
import { createHash } from 'node:crypto';
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { readWhole, writeWhole } from '../../base/whole-files.ts';
import { override, ownData, replace, type AnyFunction } from '../patch.ts';
import { LISTENING_FOLDER, serverFile } from '../../model/recorded-world.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const { existsSync, mkdirSync } = fs;
const OWN_ADDRESS = '127.0.0.1';

export interface Listeners {
  /** of the path that a server asked for */
  realPath(file: string): string | undefined;
  /** of the port that a server asked for */
  realPort(port: number): number | undefined;
}

/** `stream`: the thread's own number in the recording. */
export function serveListeners(serving: Serving, stream: number): Listeners {
  const folder = path.join(serving.world.scratch, LISTENING_FOLDER);
  /** in the order in which they were first told to listen, from 1 */
  const numbers = new WeakMap<object, number>();
  let servers = 0;
  const asked = new WeakMap<object, { readonly port: number; readonly host: string | undefined }>();
  const paths = new WeakMap<object, string>();
  /** A path of the program's own, in a short one. */
  const socketFor = (file: string): string =>
    path.join(serving.world.scratch, `s${createHash('sha256').update(file).digest('hex').slice(0, 12)}`);

  replace(
    net.Server.prototype,
    'listen',
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const [first] = args;
        if (!numbers.has(this as object)) numbers.set(this as object, ++servers);
        const options = typeof first === 'object' && first !== null ? first : undefined;
        const port = Number(options ? ownData(options, 'port') : first);
        const file = options ? ownData(options, 'path') : first;
        if (typeof file === 'string' && file !== '' && !(Number(file) >= 0)) {
          paths.set(this as object, file);
          const there = socketFor(file);
          return apply(original, this, [options ? { ...options, path: there } : there, ...args.slice(1)]);
        }
        if (!Number.isInteger(port) || port < 0) return apply(original, this, args);
        const host = options ? ownData(options, 'host') : args[1];
        asked.set(this as object, { port, host: typeof host === 'string' ? host : undefined });
        const callback = args.find((each) => typeof each === 'function');
        return apply(original, this, [{ ...options, port: 0, host: OWN_ADDRESS }, ...(callback ? [callback] : [])]);
      },
  );

  const given = new WeakMap<object, unknown>();
  const real = net.Server.prototype.address;
  replace(
    net.Server.prototype,
    'address',
    serving.hide,
    (original): AnyFunction =>
      function () {
        const address = apply(original, this, []);
        if (serving.isExact) return recordedAddress(this as net.Server, address);
        const file = paths.get(this as object);
        if (typeof address === 'string') return file ?? address;
        const wanted = asked.get(this as object);
        const isPort = typeof address === 'object' && address !== null;
        return wanted && wanted.port !== 0 && isPort ? { ...address, port: wanted.port } : address;
      },
  );

  if (serving.isExact) {
    for (const owner of [net.Socket.prototype, dgram.Socket.prototype]) told(owner, 'address');
    told(dgram.Socket.prototype, 'remoteAddress');
  }

  function told(owner: object, name: string): void {
    replace(
      owner,
      name,
      serving.hide,
      (original): AnyFunction =>
        function () {
          const address = apply(original, this, []);
          return serving.answers.next('address')?.value ?? address;
        },
    );
  }

  /** Its port is another one now; connections to the one that it had find it. */
  function recordedAddress(server: net.Server, address: unknown): unknown {
    const next = serving.answers.next('address')?.value ?? given.get(server) ?? paths.get(server) ?? address;
    if (typeof next !== 'object' || next === null) return next;
    const port = ownData(next, 'port');
    // it did not listen
    if (port === undefined) return null;
    given.set(server, next);
    const now = ownData(address, 'port');
    if (typeof port === 'number' && typeof now === 'number') keep(String(port), String(now));
    return { ...next };
  }

  override(
    net.Server.prototype,
    'emit',
    serving.hide,
    (inherited) =>
      function (...args) {
        if (args[0] === 'listening') note(this as net.Server);
        return apply(inherited(), this, args);
      },
  );

  function note(server: net.Server): void {
    const address = apply(real, server, []) as net.AddressInfo | string | null;
    if (address === null) return;
    const wanted = asked.get(server)?.port;
    const place = typeof address === 'string' ? address : String(address.port);
    if (typeof address !== 'string') keep(String(wanted || address.port), place);
    keep(serverFile(stream, numbers.get(server) ?? 0), place);
  }

  function keep(name: string, port: string): void {
    try {
      mkdirSync(folder, { recursive: true });
      writeWhole(path.join(folder, name), port);
    } catch {
      // Then its own connections are refused, and that is noted.
    }
  }

  return {
    realPath(file) {
      const real = socketFor(file);
      return existsSync(real) ? real : undefined;
    },
    realPort(port) {
      try {
        return Number(readWhole(path.join(folder, String(port)), 'utf8'));
      } catch {
        return undefined;
      }
    },
  };
}
