/** Signals from others than the program: each comes when it came, as soon as somebody listens for it. */
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { OutsideSignal } from '../../model/recorded-world.ts';
import type { AnyFunction } from '../patch.ts';
import { deliverWhile } from './time/held.ts';
import type { Timeline } from './time/timeline.ts';

const { apply } = Reflect;
const { signals: NUMBERS } = constants;
/** Virtual milliseconds between two looks for a listener, and how many there are. */
const LOOK_MS = 10;
const LOOKS = 500;

/** `signals`: those of this thread, in their order. One that nobody listens for would end the program: it does not come. */
export function serveSignals(signals: readonly OutsideSignal[], timeline: Timeline): void {
  if (!isMainThread) return;
  let index = 0;
  let looks = 0;
  const next = (): void => {
    const signal = signals[index];
    if (!signal) return;
    const at = looks === 0 ? signal.at : timeline.now() + LOOK_MS;
    deliverWhile(timeline, Math.max(at, timeline.now()), () => come(signal.name), {
      isGone: () => false,
      holds: false,
    });
  };
  const come = (name: string): void => {
    const isHeard = process.listenerCount(name) > 0;
    looks = isHeard || looks >= LOOKS ? 0 : looks + 1;
    if (looks === 0) index++;
    next();
    // as Node's own handle of the signal does
    if (isHeard) apply(process.emit as AnyFunction, process, [name, name, NUMBERS[name as NodeJS.Signals]]);
  };
  next();
}
