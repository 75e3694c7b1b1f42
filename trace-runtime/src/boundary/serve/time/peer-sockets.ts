/**
 * Connections to recorded peers, on the virtual timeline: what a peer answers comes as long after it was asked as it
 * took, and nothing that is due later comes before it is known what is answered.
 */
import net from 'node:net';
import { PeerFrames, type PeerFrame, type PeerTime } from '../../../model/peer-frames.ts';
import type { AnyFunction } from '../../patch.ts';
import { deliverAt } from './held.ts';
import type { Due, Timeline } from './timeline.ts';

const { apply } = Reflect;
const { defineProperty } = Object;
/** A peer answers at once, whatever the load: it is gone where it does not in so many milliseconds. */
const PATIENCE_MS = 20_000;

/**
 * To be called before the socket connects to its peer. `unmatched` hears of what the recording has no answer to. What is
 * returned lets another socket get what the peer says.
 */
export function holdPeer(
  timeline: Timeline,
  socket: net.Socket,
  unmatched: (what: string) => void,
): { carries(over: net.Socket): void } {
  const { prototype } = net.Socket;
  const inherited = (name: 'push' | '_writeGeneric' | '_destroy'): AnyFunction => Reflect.get(prototype, name);
  const frames = new PeerFrames();
  const held = new Set<Due>();
  let asking: Due | undefined;
  /** the turn of the event loop in which it was asked last began then */
  let begun = 0;
  let last = 0;
  let isEnding = false;
  let reader = socket;

  function asks(): void {
    last = timeline.now();
    begun = timeline.begun;
    asking ??= timeline.expect(last, PATIENCE_MS);
  }

  function isHeard(bytes: number): void {
    if (!asking || bytes < socket.bytesWritten) return;
    timeline.forget(asking);
    asking = undefined;
  }

  function at({ after, follows, lead }: PeerTime): number {
    // what the turn did after it had asked says nothing of when that was
    const asked = lead > 0 ? begun + lead : timeline.now();
    last = (follows ? last : asked) + after;
    return last;
  }

  function hold(time: PeerTime, deliver: () => void): void {
    const due = deliverAt(timeline, at(time), () => {
      held.delete(due);
      deliver();
    });
    held.add(due);
  }

  function takes(frame: PeerFrame): void {
    switch (frame.kind) {
      case 'heard':
        return isHeard(frame.bytes);
      case 'bytes':
        return hold(frame, () => void apply(inherited('push'), reader, [frame.bytes]));
      case 'close':
        return hold(frame, () => {
          if (frame.unmatched !== '') unmatched(frame.unmatched);
          ends();
        });
    }
  }

  /** As Node does it where it is at once. */
  function ends(): void {
    if (isEnding) return;
    isEnding = true;
    apply(inherited('push'), reader, [null]);
    reader.read(0);
  }

  function stops(): void {
    if (asking) timeline.forget(asking);
    asking = undefined;
    for (const due of held) timeline.forget(due);
    held.clear();
  }

  own('push', function (...args) {
    const [chunk] = args;
    if (chunk instanceof Uint8Array) for (const frame of frames.add(chunk)) takes(frame);
    else if (chunk === null) {
      if (asking) timeline.forget(asking);
      asking = undefined;
      hold({ after: 0, follows: held.size > 0, lead: 0 }, ends);
    }
    // it is read on, so that what is heard is known
    return true;
  });
  own('_writeGeneric', function (...args) {
    asks();
    return apply(inherited('_writeGeneric'), this, args);
  });
  own('_destroy', function (...args) {
    stops();
    return apply(inherited('_destroy'), this, args);
  });
  asks();
  return {
    carries(over) {
      reader = over;
    },
  };

  function own(name: string, value: AnyFunction): void {
    defineProperty(socket, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
