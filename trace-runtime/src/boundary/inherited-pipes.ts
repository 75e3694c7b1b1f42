/**
 * Pipes to the parent behind the three standard ones (`stdio: ['pipe', 'pipe', 'pipe', 'pipe']`). A process that an executed
 * one starts again writes to them in truth, for its parent reads what comes.
 */
import fs from 'node:fs';
import type { Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import * as recordedFiles from './recorded-files.ts';
import type { AnyFunction } from './patch.ts';

type Replay = NonNullable<Crossing['replay']>;

const { apply } = Reflect;
/** Node's own */
const { fstatSync, writeSync, writevSync } = fs;
const WRITING: Readonly<Record<'write' | 'writev', AnyFunction>> = {
  write: writeSync as AnyFunction,
  writev: writevSync as AnyFunction,
};

export class InheritedPipes {
  /** numbers that the program got for files: they are none of its process here */
  readonly #opened = new Set<unknown>();

  constructor(private readonly log: BoundaryLog) {}

  opening(replay: Replay): Replay {
    return (detail, ...more) => {
      this.#opened.add(detail['fd']);
      return replay(detail, ...more);
    };
  }

  writing(name: 'write' | 'writev'): Replay {
    const replay = recordedFiles.field('bytes');
    return (detail, args) => {
      const [fd] = args;
      if (typeof fd === 'number' && fd > 2 && !this.#opened.has(fd)) this.#write(WRITING[name], args);
      return replay(detail, args);
    };
  }

  #write(write: AnyFunction, args: readonly unknown[]): void {
    const { log } = this;
    log.depth++;
    try {
      const stats = fstatSync(args[0] as number);
      if (stats.isSocket() || stats.isFIFO()) apply(write, fs, args);
    } catch {
      // there is no such pipe here: nobody reads it
    } finally {
      log.depth--;
    }
  }
}
