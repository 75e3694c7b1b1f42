/**
 * Random numbers, bytes and identifiers as they were. A statement that draws more than the failing run did gets numbers of a
 * generator that is the same in each rerun, bytes and identifiers that are real; what a new statement draws is noted.
 */
import crypto from 'node:crypto';
import { replace, type AnyFunction } from '../patch.ts';
import type { Realm } from '../clocks.ts';
import { bytesOf } from './contents.ts';
import type { Answer } from './answers.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const later = setImmediate;

export interface Randomness {
  installRealm(realm: Realm): void;
}

export function serveRandomness(serving: Serving): Randomness {
  const { hide } = serving;
  const further = generator(Math.floor(serving.world.startedAt));

  /** undefined: the real one is asked */
  function ask(kind: string, args: string, what: string): Answer | undefined {
    if (serving.isExact) return kind === 'random' ? serving.answers.next(kind) : undefined;
    if (!serving.fromRecordedCode) return undefined;
    const caller = serving.caller();
    if (caller.by === 'tool' || caller.by === 'loader') return undefined;
    const found = serving.answers.take(kind, args, caller.place);
    // what the failing run did not come to draw is anybody's guess: a new draw is as good as another
    const isDrawnFurther = caller.place !== undefined && serving.answers.isKnown(caller.place);
    if (!found && !isDrawnFurther) serving.unmatched('random', what, caller);
    return found;
  }

  /** `give` makes the call's result of an answer; undefined where the answer is none of its. */
  function answer(
    owner: object,
    name: string,
    kind: string,
    argsOf: (args: readonly unknown[]) => string,
    give: Give,
  ): void {
    replace(
      owner,
      name,
      hide,
      (original): AnyFunction =>
        function (...args) {
          const callback = args.at(-1);
          const isBack = typeof callback === 'function';
          const given = isBack ? args.slice(0, -1) : args;
          const found = ask(kind, argsOf(given), `${name}()`);
          const result = found && give(found.value as never, given);
          if (result === undefined) return apply(original, this, args);
          if (!isBack) return result;
          later(() => apply(callback, undefined, [null, result]));
          return undefined;
        },
    );
  }

  const sized = (args: readonly unknown[]): string => `${Number(args[0])}`;
  const ranged = (args: readonly unknown[]): string => args.filter((each) => typeof each === 'number').join();
  const ofView = ([view]: readonly unknown[]): string => `${(view as ArrayBufferView | undefined)?.byteLength}`;
  answer(crypto, 'randomBytes', 'crypto.randomBytes', sized, (content) => bytesOf(content));
  answer(crypto, 'pseudoRandomBytes', 'crypto.randomBytes', sized, (content) => bytesOf(content));
  answer(crypto, 'randomInt', 'crypto.randomInt', ranged, (value) => value);
  answer(
    crypto,
    'randomUUID',
    'crypto.randomUUID',
    () => '',
    (value) => value,
  );
  answer(crypto, 'randomFillSync', 'crypto.randomFill', ofView, fill);
  answer(crypto, 'randomFill', 'crypto.randomFill', ofView, fill);
  answer(crypto, 'getRandomValues', 'crypto.getRandomValues', ofView, fill);
  const web = crypto.webcrypto as unknown as object | undefined;
  if (web) {
    const prototype: object = Object.getPrototypeOf(web);
    answer(prototype, 'getRandomValues', 'crypto.getRandomValues', ofView, fill);
    answer(
      prototype,
      'randomUUID',
      'crypto.randomUUID',
      () => '',
      (value) => value,
    );
  }

  return {
    installRealm({ Math: own }) {
      if (own === undefined) return;
      const { random } = own;
      const wrappers = {
        random(): number {
          const found = ask('random', '', 'Math.random()');
          if (found) return Number(found.value);
          return serving.fromRecordedCode || serving.isExact ? further() : random();
        },
      };
      replace(own, 'random', hide, () => wrappers.random as AnyFunction);
    },
  };
}

/** mulberry32 (Tommy Ettinger, public domain) */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Give = (value: never, args: readonly unknown[]) => unknown;

function fill(content: never, [view]: readonly unknown[]): unknown {
  const bytes = bytesOf(content);
  if (!bytes || !ArrayBuffer.isView(view)) return undefined;
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes.subarray(0, view.byteLength));
  return view;
}
