/**
 * Node writes a whole file by the `open`, `write` and `close` that it finds in `fs`, and reads one by `openSync` and
 * `closeSync`: graceful-fs puts its own there. Where the program has replaced one of them it hears of such calls, so it must
 * when it is executed again. Then a call that calls back is no crossing: those that it is made of are. One that returns and
 * is answered from a recording is made as well, on a file of nothing.
 */
import fs from 'node:fs';
import os from 'node:os';
import type { Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import type { AnyFunction } from './patch.ts';

const RETURNING = ['openSync', 'writeSync', 'closeSync'] as const;
const CALLING_BACK = ['open', 'write', 'fsync', 'close'] as const;
const { apply } = Reflect;
const { devNull } = os;
/** Node's own: below ours, an exact run serves files from its scratch folder. */
const { readFileSync, writeFileSync, appendFileSync, writeFile, appendFile } = fs;
const WHOLE_RETURNING: Readonly<Record<string, AnyFunction>> = {
  readFile: readFileSync as AnyFunction,
  writeFile: writeFileSync as AnyFunction,
  appendFile: appendFileSync as AnyFunction,
};

export class FileParts {
  #installed = new Map<string, unknown>();
  /** of files that are written by their parts, until they are open */
  readonly #opening = new Set<unknown>();
  readonly #open = new Set<unknown>();

  constructor(private readonly log: BoundaryLog) {}

  /** Takes what is in `fs` now for Node's. */
  installed(): void {
    this.#installed = new Map([...RETURNING, ...CALLING_BACK].map((name) => [name, fs[name]]));
  }

  /** The crossing of a call that returns. */
  returning(name: string, crossing: Crossing): Crossing {
    const { replay } = crossing;
    const whole = WHOLE_RETURNING[name];
    if (!replay || !whole || !this.log.recorded) return crossing;
    return {
      ...crossing,
      replay: (detail, args, self) => {
        const values = replay(detail, args, self);
        if (values && typeof args[0] !== 'number' && this.#areReplaced(RETURNING)) this.#again(whole, args);
        return values;
      },
    };
  }

  /** The crossing of a call that calls back. */
  callingBack(name: string, crossing: Crossing): Crossing {
    if (!this.log.hasTurns) return crossing;
    const isPart = ([fd]: readonly unknown[]): boolean => this.#open.has(fd);
    switch (name) {
      case 'writeFile':
        return this.#whole(crossing, writeFile as AnyFunction);
      case 'appendFile':
        return this.#whole(crossing, appendFile as AnyFunction);
      case 'open':
        return {
          ...crossing,
          isPart: ([file]) => this.#opening.has(file),
          result: (results, args, self) => {
            if (this.#opening.delete(args[0])) this.#open.add(results[0]);
            return crossing.result(results, args, self);
          },
        };
      case 'close':
        return {
          ...crossing,
          isPart,
          args: (args, self) => {
            this.#open.delete(args[0]);
            return crossing.args(args, self);
          },
        };
      case 'write':
      case 'fsync':
        return { ...crossing, isPart };
      default:
        return crossing;
    }
  }

  #whole(crossing: Crossing, whole: AnyFunction): Crossing {
    return {
      ...crossing,
      byParts: (args) => {
        if (typeof args[0] === 'number' || !this.#areReplaced(CALLING_BACK)) return undefined;
        // what may be loaded as code is kept for the loader
        if (this.log.recorded) crossing.replay?.({}, args, undefined);
        this.#opening.add(args[0]);
        return whole;
      },
    };
  }

  #areReplaced(names: readonly (keyof typeof fs)[]): boolean {
    return names.some((name) => fs[name] !== this.#installed.get(name));
  }

  #again(whole: AnyFunction, [, ...more]: readonly unknown[]): void {
    const { log } = this;
    log.depth++;
    try {
      apply(whole, fs, [devNull, ...more]);
    } catch {
      // the answer says how it ended
    } finally {
      log.depth--;
    }
  }
}
