/**
 * What came over the boundary in a tick, rolled into a number that the tick's end records (Runtime.check): a run that is
 * executed again must have been given the same. Only where that may happen.
 */
import { Slot } from '../wire/words.ts';

export interface Check {
  /** A clock or a random number. */
  number(value: number): void;
  /** What a call brought; of what arrives, in its order, also its own members: which one it is. */
  text(kind: string, own: string, brought: string): void;
}

const nothing: Check = { number: () => undefined, text: () => undefined };
/** A number that the machine gives. */
const DESCRIPTOR = '"fd":';
/** FNV-1a's. */
const PRIME = 0x01000193;
/** The program may replace these. */
const { imul } = Math;
const { call } = Function.prototype;
const charCodeAt = call.bind(String.prototype.charCodeAt) as (text: string, at: number) => number;
const startsWith = call.bind(String.prototype.startsWith) as (text: string, part: string) => boolean;

export function createCheck(words: Int32Array, isChecked: boolean): Check {
  if (!isChecked) return nothing;
  const double = new Float64Array(1);
  const halves = new Int32Array(double.buffer);
  return {
    number(value) {
      // what Node and its tools ask is asked as often as they like
      if (words[Slot.progress] === 0) return;
      double[0] = value;
      words[Slot.check] = (imul(imul(words[Slot.check]! ^ halves[0]!, PRIME) ^ halves[1]!, PRIME) + 1) | 0;
    },
    text(kind, own, brought) {
      const arrives = isArrival(kind) && !(kind === 'message.in' && brought === '');
      const isKnown = brought === '' || startsWith(brought, DESCRIPTOR);
      if (!arrives && (isKnown || words[Slot.progress] === 0)) return;
      let hash = words[Slot.check]! + 1;
      if (arrives) hash = rolled(rolled(hash, kind), own);
      words[Slot.check] = isKnown ? hash : rolled(hash, brought);
    },
  };
}

function rolled(hash: number, text: string): number {
  for (let i = 0; i < text.length; i++) hash = imul(hash ^ charCodeAt(text, i), PRIME);
  return hash;
}

/**
 * It comes at its turn, between two ticks. A message without content was asked for, by load hooks. Node
 * compiles WebAssembly of its own, which no tick has to wait for.
 */
function isArrival(kind: string): boolean {
  return (kind.endsWith('.done') && !kind.startsWith('wasm.')) || ARRIVALS.has(kind);
}

const ARRIVALS: ReadonlySet<string> = new Set([
  'timer',
  'immediate',
  'stdin',
  'socket.in',
  'socket.wrote',
  'socket.accepted',
  'socket.event',
  'server.event',
  'http.in',
  'fs.change',
  'fs.polled',
  'worker.error',
  'signal',
  'datagram.in',
  'child.output',
  'child.exit',
  'child.failed',
  'message.in',
  'cluster.in',
  'port.close',
  'loop.end',
]);
