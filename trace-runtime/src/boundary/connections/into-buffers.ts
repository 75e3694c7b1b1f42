/** Bytes that a socket reads into buffers of the program's own (`onread`): they pass by the stream, but not by the order. */
import type net from 'node:net';
import { arrivalKey } from '../../model/recorded-world.ts';
import { safely } from '../calls.ts';
import type { BoundaryLog } from '../log.ts';
import { ownData } from '../patch.ts';

type Told = (size: number, buffer: Uint8Array) => boolean | undefined;

const { getOwnPropertySymbols } = Object;
const { apply } = Reflect;

/** Node has them as properties of a socket whose names nobody else knows. */
interface Symbols {
  readonly buffer: symbol;
  readonly told: symbol;
  readonly next: symbol;
}

export function intoBuffers(log: BoundaryLog, socket: net.Socket): void {
  const symbols = symbolsOf(socket);
  const original = symbols && (ownData(socket, symbols.told) as Told | null);
  if (!symbols || typeof original !== 'function') return;
  const id = log.idOf(socket);
  const told: Told = (size, buffer) => {
    const deliver = (): boolean | undefined => {
      safely(log, () => log.report('socket.in', { socket: id }, { content: log.message(buffer.subarray(0, size)) }));
      return apply(original, undefined, [size, buffer]) as boolean | undefined;
    };
    return log.inTurn(arrivalKey('socket.in', id), deliver, true);
  };
  Reflect.set(socket, symbols.told, told);
}

/** As Node does with what it has read. false: the socket has no buffers of the program's. */
export function readIntoBuffer(socket: net.Socket, bytes: Uint8Array): boolean {
  const symbols = symbolsOf(socket);
  const buffer = symbols && ownData(socket, symbols.buffer);
  if (!symbols || !(buffer instanceof Uint8Array)) return false;
  buffer.set(bytes);
  const goesOn = (ownData(socket, symbols.told) as Told)(bytes.length, buffer) !== false;
  const next = ownData(socket, symbols.next) as (() => unknown) | null;
  const following = next?.();
  if (following instanceof Uint8Array) Reflect.set(socket, symbols.buffer, following);
  const handle = Reflect.get(socket, '_handle') as { reading?: boolean } | null;
  if (!goesOn && handle) handle.reading = false;
  return true;
}

function symbolsOf(socket: object): Symbols | undefined {
  const all = getOwnPropertySymbols(socket);
  const named = (name: string): symbol | undefined => all.find(({ description }) => description === name);
  const [buffer, told, next] = [named('kBuffer'), named('kBufferCb'), named('kBufferGen')];
  return buffer && told && next ? { buffer, told, next } : undefined;
}
