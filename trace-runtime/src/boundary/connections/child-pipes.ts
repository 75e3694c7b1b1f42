/**
 * Pipes through which the program writes to its children. In an exact run what it writes goes out in truth, too, where a child
 * that is executed again reads it: the program hears of it at its turn, and a pipe is closed once all has gone. To a child
 * that is played nothing goes.
 */
import type net from 'node:net';
import { ownData, type AnyFunction } from '../patch.ts';

const { apply } = Reflect;
const { assign, defineProperty } = Object;

interface Going {
  readonly hasReader: boolean;
  writes: number;
  /** the program has closed it */
  close: (() => void) | undefined;
}

export class ChildPipes {
  readonly #going = new WeakMap<object, Going>();

  add(pipe: net.Socket, hasReader: boolean): void {
    this.#going.set(pipe, { hasReader, writes: 0, close: undefined });
  }

  /** Of an exact run: what plays the child has not read all, and ends. To the program the pipe ends then, and is not broken. */
  endsWhere(pipe: net.Socket, isPlayers: (error: unknown) => boolean): void {
    const destroy = pipe.destroy as AnyFunction;
    defineProperty(pipe, 'destroy', {
      value: function (this: unknown, ...args: unknown[]): unknown {
        if (!isPlayers(args[0])) return apply(destroy, this, args);
        pipe.push(null);
        return pipe;
      },
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }

  has(pipe: object): boolean {
    return this.#going.has(pipe);
  }

  /** Of an exact run: `begin` does it, and calls back when it has gone. */
  send(pipe: object, begin: (gone: () => void) => void): void {
    const going = this.#going.get(pipe)!;
    if (!going.hasReader) return;
    closeLater(Reflect.get(pipe, '_handle'), going);
    going.writes++;
    begin(() => {
      if (--going.writes === 0) going.close?.();
    });
  }
}

function closeLater(handle: unknown, going: Going): void {
  if (typeof handle !== 'object' || handle === null || ownData(handle, 'close') !== undefined) return;
  const close = Reflect.get(handle, 'close') as AnyFunction;
  assign(handle, {
    close(...args: unknown[]): void {
      going.close = () => void apply(close, handle, args);
      if (going.writes === 0) going.close();
    },
  });
}
