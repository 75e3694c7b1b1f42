/**
 * Of an exact run: what children wrote comes from the records, portion by portion. What Node says in their names, such as
 * the stack of what ended one, may be another one now.
 */
import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { arrivalKey } from '../model/recorded-world.ts';
import type { BoundaryLog } from './log.ts';
import type { AnyFunction } from './patch.ts';
import type { RecordedCalls } from './recorded-calls.ts';

const { push } = Readable.prototype;

export interface Outputs {
  /** `of`: CHILD.STREAM */
  play(pipe: object, of: string): void;
  /** what really comes through the pipe is not what the program gets */
  isPlayed(of: unknown): boolean;
}

/** `arrived`: a portion is there. */
export function playOutputs(
  log: BoundaryLog,
  recorded: RecordedCalls,
  arrived: (pipe: object, of: string, chunk: unknown, push: AnyFunction) => unknown,
): Outputs {
  const pipes = new Map<string, { readonly pipe: object; readonly of: string; readonly resource: AsyncResource }>();
  log.arrivals.playedBy({
    find(key) {
      const found = pipes.get(key);
      if (!found || !recorded.isLeft(found.of)) return undefined;
      const { pipe, of, resource } = found;
      return () => resource.runInAsyncScope(() => arrived(pipe, of, recorded.output(of), push as AnyFunction));
    },
  });
  return {
    play: (pipe, of) =>
      void pipes.set(arrivalKey('child.output', of), { pipe, of, resource: new AsyncResource('HINDCAST') }),
    isPlayed: (of) => typeof of === 'string' && pipes.has(arrivalKey('child.output', of)),
  };
}
