/**
 * UDP without a network: sockets are bound to the machine's own address, and believe that they are where they asked to be.
 * What came from others comes again, after what was sent before it; what is sent to others goes nowhere.
 */
import { AsyncResource } from 'node:async_hooks';
import dgram from 'node:dgram';
import fs from 'node:fs';
import path from 'node:path';
import { readWhole, writeWhole } from '../../base/whole-files.ts';
import { heardFile, LISTENING_FOLDER, type DatagramAct } from '../../model/recorded-world.ts';
import { datagramTarget } from '../datagram-target.ts';
import { override, ownData, replace, type AnyFunction } from '../patch.ts';
import type { Serving } from './serving.ts';
import { deliverWhile } from './time/held.ts';
import type { Timeline } from './time/timeline.ts';

const { apply } = Reflect;
const { isArray } = Array;
const { from, concat, isBuffer } = Buffer;
const { mkdirSync } = fs;
const later = process.nextTick;
const after = setTimeout;
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::)$/;
/** It says no more than it did before what came next comes. */
const SILENCE_MS = 400;
const LOOK_MS = 5;
/** What the machine may refuse without a network. */
const SETTINGS = [
  'addMembership',
  'dropMembership',
  'addSourceSpecificMembership',
  'dropSourceSpecificMembership',
  'setMulticastInterface',
  'setMulticastTTL',
  'setMulticastLoopback',
  'setBroadcast',
  'setTTL',
];

interface Place {
  readonly address: string;
  readonly port: number;
}

interface Known {
  /** of the talk, from 0 */
  readonly number: number;
  readonly acts: readonly DatagramAct[];
  /** of what went out: whether it went again */
  readonly sent: Set<number>;
  readonly resource: AsyncResource;
  asked: Place | undefined;
  peer: string | undefined;
  isPlaying: boolean;
}

/** `stream`: the thread's own number in the recording. */
export function serveDatagrams(serving: Serving, stream: number, timeline: Timeline): void {
  const folder = path.join(serving.world.scratch, LISTENING_FOLDER);
  const { prototype } = dgram.Socket;
  const talks = serving.world.datagrams[stream] ?? [];
  let sockets = 0;
  const known = new WeakMap<object, Known>();
  const realAddress = prototype.address;
  const isReal = (): boolean => serving.isLive('network') || serving.caller().by === 'tool';

  function knownOf(socket: object): Known {
    let found = known.get(socket);
    if (!found) {
      const number = sockets++;
      const { acts = [] } = talks[number] ?? {};
      const resource = new AsyncResource('HINDCAST');
      found = { number, acts, sent: new Set(), resource, asked: undefined, peer: undefined, isPlaying: false };
      known.set(socket, found);
    }
    return found;
  }

  function on(name: string, make: (original: AnyFunction, socket: dgram.Socket, args: unknown[]) => unknown): void {
    replace(
      prototype,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          return make(original, this as dgram.Socket, args);
        },
    );
  }

  on('bind', (original, socket, args) => {
    const [first] = args;
    const options = typeof first === 'object' && first !== null ? first : undefined;
    if (isReal() || (options && ownData(options, 'fd') !== undefined)) return apply(original, socket, args);
    const own = options ? ownData(options, 'address') : args[1];
    const port = Number((options ? ownData(options, 'port') : first) ?? 0) || 0;
    const any = loopback(socket) === '::1' ? '::' : '0.0.0.0';
    knownOf(socket).asked = { address: typeof own === 'string' && own !== '' ? own : any, port };
    const callback = args.find((each) => typeof each === 'function');
    const place = { ...options, port: 0, address: loopback(socket) };
    return apply(original, socket, callback ? [place, callback] : [place]);
  });

  on('address', (original, socket, args) => {
    const address = apply(original, socket, args) as Place;
    const asked = known.get(socket)?.asked;
    return asked ? { ...address, address: asked.address, port: asked.port || address.port } : address;
  });

  on('connect', (original, socket, args) => {
    if (isReal()) return apply(original, socket, args);
    const target = datagramTarget(args) ?? '';
    const one = knownOf(socket);
    one.peer = target;
    const port = ownPort(target) ?? NOWHERE;
    return apply(original, socket, [port, loopback(socket), ...args.filter((each) => typeof each === 'function')]);
  });

  on('remoteAddress', (original, socket, args) => {
    const address = apply(original, socket, args) as object;
    const peer = known.get(socket)?.peer;
    return peer === undefined ? address : { ...address, ...split(peer) };
  });

  on('send', (original, socket, args) => {
    if (isReal()) return apply(original, socket, args);
    const one = knownOf(socket);
    const target = datagramTarget(args.slice(1));
    const port = ownPort(target ?? one.peer ?? '');
    const callback = args.findLast((each) => typeof each === 'function') as AnyFunction | undefined;
    const bytes = bytesOf(args);
    if (port !== undefined) {
      const where = target === undefined ? [] : [port, loopback(socket)];
      return apply(original, socket, [bytes, ...where, ...(callback ? [callback] : [])]);
    }
    // it is bound by that
    if (ownData(stateOf(socket), 'bindState') === 0) socket.bind();
    told(one, bytes, target);
    if (callback) later(() => apply(callback, socket, [null, bytes.length]));
    return undefined;
  });

  for (const name of SETTINGS)
    on(name, (original, socket, args) => {
      try {
        return apply(original, socket, args);
      } catch (error) {
        // what Node itself says of the socket or the arguments stays true
        if (ownData(error, 'syscall') === undefined || isReal()) throw error;
        return undefined;
      }
    });

  override(
    prototype,
    'emit',
    serving.hide,
    (inherited) =>
      function (...args) {
        const [event, , sender] = args;
        const socket = this as dgram.Socket;
        const one = known.get(socket);
        if (one && event === 'listening') listens(socket, one);
        const told = one && event === 'message' ? read(`udp-real-${String(ownData(sender, 'port'))}`) : undefined;
        if (told !== undefined) args[2] = { ...(sender as object), port: Number(told) };
        return apply(inherited(), this, args);
      },
  );

  function listens(socket: dgram.Socket, one: Known): void {
    const { port } = apply(realAddress, socket, []) as Place;
    const asked = one.asked?.port || port;
    keep(`udp-${asked}`, port);
    if (asked !== port) keep(`udp-real-${port}`, asked);
    if (one.isPlaying) return;
    one.isPlaying = true;
    one.resource.runInAsyncScope(() => play(socket, one, 0, timeline.now()));
  }

  /** Goes through what was said; `since`: of the last of it. */
  function play(socket: dgram.Socket, one: Known, at: number, since: number): void {
    if (isClosed(socket)) return;
    const act = one.acts[at];
    if (!act) {
      if (one.acts[0]?.kind === 'in') keep(heardFile(stream, one.number), 1);
      return;
    }
    if (act.kind === 'out') {
      const passed = timeline.now() - since;
      const isDone = one.sent.has(at) || passed > act.after + SILENCE_MS;
      if (isDone) play(socket, one, at + 1, timeline.now());
      else after(() => play(socket, one, at, since), LOOK_MS).unref();
      return;
    }
    const deliver = (): void => {
      const bytes = from(act.bytes, 'base64');
      socket.emit('message', bytes, { ...act.from, size: bytes.length });
      play(socket, one, at + 1, timeline.now());
    };
    deliverWhile(timeline, since + act.after, deliver, { isGone: () => isClosed(socket), holds: false });
  }

  /** Notes what the recording has not, where it would be answered. */
  function told(one: Known, bytes: Buffer, target: string | undefined): void {
    const text = bytes.toString('base64');
    const isTo = (act: DatagramAct): boolean => act.kind === 'out' && act.to === target;
    const at = one.acts.findIndex((act, index) => isTo(act) && act.bytes === text && !one.sent.has(index));
    if (at >= 0) return void one.sent.add(at);
    const other = one.acts.findIndex((act, index) => isTo(act) && !one.sent.has(index));
    const isHeard = one.acts.some((act) => isTo(act) && act.isAnswered !== true);
    if (other >= 0) one.sent.add(other);
    const isGuest = one.acts.some(({ from: sender }) => sender !== undefined && isSender(sender, target));
    const isAsked = one.acts.some((act) => isTo(act) && act.isAnswered === true);
    if (!isAsked && (isHeard || isGuest)) return;
    const what = isAsked ? 'another datagram' : 'a datagram';
    serving.unmatched('network', `${what} to ${target ?? one.peer ?? 'nowhere'}`, serving.caller());
  }

  function ownPort(target: string): number | undefined {
    const { address, port } = split(target);
    const real = LOCAL.test(address) ? read(`udp-${port}`) : undefined;
    return real === undefined ? undefined : Number(real);
  }

  function read(name: string): string | undefined {
    try {
      return readWhole(path.join(folder, name), 'utf8') || undefined;
    } catch {
      return undefined;
    }
  }

  function keep(name: string, port: number): void {
    try {
      mkdirSync(folder, { recursive: true });
      writeWhole(path.join(folder, name), String(port));
    } catch {
      // Then its own datagrams go nowhere, and that is noted.
    }
  }
}

/** The port that nobody listens at (RFC 863: whatever comes is dropped). */
const NOWHERE = 9;

function isSender({ address, port }: Place, target: string | undefined): boolean {
  return target !== undefined && target === `${address}:${port}`;
}

function split(target: string): Place {
  const at = target.lastIndexOf(':');
  return { address: target.slice(0, at), port: Number(target.slice(at + 1)) };
}

function loopback(socket: object): string {
  return Reflect.get(socket, 'type') === 'udp6' ? '::1' : '127.0.0.1';
}

/** What Node keeps of a socket. */
function stateOf(socket: object): unknown {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  return symbol && ownData(socket, symbol);
}

function isClosed(socket: object): boolean {
  const handle = ownData(stateOf(socket), 'handle');
  return handle === null || handle === undefined;
}

/** Of `send`: its message, or that part of it. */
function bytesOf([message, offset, length]: readonly unknown[]): Buffer {
  const parts = (isArray(message) ? message : [message]).map((part: unknown) => {
    if (isBuffer(part)) return part;
    if (ArrayBuffer.isView(part)) return from(part.buffer, part.byteOffset, part.byteLength);
    return from(String(part));
  });
  const whole = concat(parts);
  const isPart = typeof offset === 'number' && typeof length === 'number';
  return isPart ? whole.subarray(offset, offset + length) : whole;
}
