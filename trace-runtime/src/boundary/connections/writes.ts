/**
 * When what was written has gone out, and when an end was taken: mostly at once, else it is an arrival. `socket.waits`
 * says which write was not done at once, or failed.
 */
import net from 'node:net';
import { arrivalKey } from '../../model/recorded-world.ts';
import { safely } from '../calls.ts';
import { errorJson, type BoundaryLog } from '../log.ts';
import { ownData, replace, type AnyFunction } from '../patch.ts';
import type { ChildPipes } from './child-pipes.ts';
import type { Opened } from './events.ts';
import type { Callback } from './life.ts';
import { active, type ConnectionPlayer } from './player.ts';

const { apply } = Reflect;
const { isArray } = Array;
const { byteLength } = Buffer;

export interface Writes {
  /** As `_writeGeneric` does. */
  write(original: AnyFunction, socket: net.Socket, args: unknown[]): unknown;
}

export function installWrites(
  log: BoundaryLog,
  opened: Opened,
  pipes: ChildPipes,
  player: ConnectionPlayer | undefined,
): Writes {
  const numbers = new WeakMap<object, number>();
  const hasTurns = (socket: object): boolean => opened.has(socket) || pipes.has(socket);
  replace(
    net.Socket.prototype,
    '_final',
    log.hide,
    (original) =>
      function (...args) {
        const [callback] = args;
        const socket = this as net.Socket;
        // until it is connected it is put off, and comes by here again
        if (!hasTurns(socket) || socket.pending || typeof callback !== 'function') return apply(original, this, args);
        const id = log.idOf(socket);
        let isSync = true;
        const told: Callback = (...results) => {
          if (isSync) {
            safely(log, () => log.report('socket.shut', { socket: id, sync: true }));
            return void apply(callback as AnyFunction, undefined, results);
          }
          log.arrivals.arrive(arrivalKey('socket.shut', id), () => {
            safely(log, () => log.report('socket.shut', { socket: id }));
            apply(callback as AnyFunction, undefined, results);
          });
        };
        try {
          if (!player || !pipes.has(socket)) return apply(original, this, [told]);
          pipes.send(socket, (gone) => apply(original, this, [gone]));
          player.shut(socket, told);
          return undefined;
        } finally {
          isSync = false;
        }
      },
  );

  function write(original: AnyFunction, socket: net.Socket, args: unknown[]): unknown {
    const callback = args[3];
    const handle: unknown = Reflect.get(socket, '_handle');
    if (!hasTurns(socket) || !handle || typeof callback !== 'function') return apply(original, socket, args);
    const number = (numbers.get(socket) ?? 0) + 1;
    numbers.set(socket, number);
    const id = log.idOf(socket);
    let isSync = true;
    let error: unknown;
    let isDone = false;
    const told: Callback = (...results) => {
      isDone = true;
      if (isSync) {
        [error] = results;
        if (error)
          safely(log, () => log.report('socket.waits', { socket: id, write: number, error: errorJson(error) }));
        return void apply(callback as AnyFunction, undefined, results);
      }
      log.arrivals.arrive(arrivalKey('socket.wrote', id), () => {
        const [failed] = results;
        safely(log, () => log.report('socket.wrote', { socket: id, ...(failed ? { error: errorJson(failed) } : {}) }));
        apply(callback as AnyFunction, undefined, results);
      });
    };
    try {
      const begin = (done: Callback): unknown => apply(original, socket, [...args.slice(0, 3), done]);
      if (!player?.isPlayed(socket)) return begin(told);
      if (pipes.has(socket)) pipes.send(socket, begin);
      Object.assign(socket, { _pendingData: null, _pendingEncoding: '' });
      active(socket);
      player.write(socket, number, sizeOf(args), told);
      return undefined;
    } finally {
      isSync = false;
      if (!isDone) safely(log, () => log.report('socket.waits', { socket: id, write: number }));
    }
  }

  return { write };
}

function sizeOf([many, data, encoding]: readonly unknown[]): number {
  if (many !== true || !isArray(data)) return lengthOf(data, encoding);
  let size = 0;
  for (const entry of data) size += lengthOf(ownData(entry, 'chunk'), ownData(entry, 'encoding'));
  return size;
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  return typeof chunk === 'string'
    ? byteLength(chunk, encoding as BufferEncoding)
    : ((chunk as Uint8Array | undefined)?.byteLength ?? 0);
}
