/**
 * Definitions of objects. The first sight of an object defines it and all it reaches, by a work queue; references
 * between them may run ahead of the definitions. Getters are not called, proxies not asked.
 */
import { OwnWeakMap, getPrototypeOf, is, isArray, isView } from './primordials.ts';
import { createContents, keysOf, type OwnKeys } from './object-contents.ts';
import type { Intrinsic, Intrinsics } from './intrinsics.ts';
import { isPrototype, type Kinds } from './kinds.ts';
import { Register } from './registers.ts';
import type { Room } from './room.ts';
import type { Secrets } from './secrets.ts';
import type { ResizedBuffers } from './resized-buffers.ts';
import type { SharedMemory } from './shared-memory.ts';
import type { StackTexts } from './stack-texts.ts';
import type { SubclassedArrays } from './subclassed-arrays.ts';
import type { Slices } from './slices.ts';
import type { SlowObjects, Values } from './values.ts';
import { ObjectFlag, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';

export interface Objects extends SlowObjects {
  /** true where the recording knows the object, as an intrinsic too */
  knows(object: unknown): boolean;
  /** Writes a known object's contents anew. */
  redefine(position: number, object: object): number;
  /** Defines what an overflow of the stack left undefined. */
  finish(position: number): number;
  /** What a proxy stands for, if it was seen when it was made. */
  noteProxy(proxy: object, target: object, handler: object): void;
  /** The object itself where it is no proxy; undefined where a proxy's target is not known. */
  beyondProxies(object: object): object | undefined;
  /** The proxy was revoked. */
  forgetProxy(proxy: object): void;
}

export interface ObjectParts {
  readonly words: Int32Array;
  readonly registers: Int32Array;
  readonly room: Room;
  readonly intrinsics: Intrinsics;
  readonly kinds: Kinds;
  readonly secrets: Secrets;
  readonly slices: Slices;
  readonly subclassedArrays: SubclassedArrays;
  readonly stackTexts: StackTexts;
  readonly sharedMemory: SharedMemory;
  readonly resized: ResizedBuffers;
  /** late: values need objects first */
  values(): Values;
}

const control = (id: number): number => (id << 4) | Tag.control;
export const DEF_OBJECT = control(Runtime.defObject);
export const OPAQUE = (Special.opaque << 3) | Tag.special;
/** A longer queue is let go once it was worked off. */
const LONG_QUEUE = 10_000;
const NULL = (Special.null << 3) | Tag.special;

export function createObjects(parts: ObjectParts): Objects {
  const { words, registers, room, intrinsics, kinds } = parts;
  const proxies = new OwnWeakMap<object, { readonly target: object | null; readonly handler: object | null }>();
  /** objects that have a word and wait for their definition, and their keys: listing them is slow afterwards */
  const queue: (object | undefined)[] = [];
  const keys: (OwnKeys | undefined)[] = [];
  /** intrinsics that were written since the outermost value */
  const fresh: Intrinsic[] = [];
  const state: { queued: number; done: number; fresh: number; failed: object | undefined } = {
    queued: 0,
    done: 0,
    fresh: 0,
    failed: undefined,
  };

  function putObject(position: number, object: object): number {
    const intrinsic = intrinsics.entryOf(object);
    if (intrinsic !== undefined && intrinsic.word !== 0) {
      words[position] = intrinsic.word;
      return position + 1;
    }
    if (registers[Register.defining] === 1) return putNested(position, object, intrinsic);
    try {
      return putOutermost(position, object, intrinsic);
    } catch {
      // the stack ended here: what waits is defined later
      passOver(queue[state.done]);
      registers[Register.defining] = 0;
      registers[Register.globalWord] = 0;
      for (let i = 0; i < state.fresh; i++) fresh[i]!.word = 0;
      registers[Register.shallow]!++;
      room.broke();
      words[position] = OPAQUE;
      return position + 1;
    }
  }

  /** What fails once more cannot be described: it is left out, so that all others are not. */
  function passOver(object: object | undefined): void {
    if (object === undefined || object !== state.failed) state.failed = object;
    else {
      queue[state.done] = undefined;
      keys[state.done++] = undefined;
      state.failed = undefined;
    }
  }

  function putOutermost(position: number, object: object, intrinsic: Intrinsic | undefined): number {
    const next = room.at(position);
    state.fresh = 0;
    intrinsics.refresh();
    const known = intrinsic ?? intrinsics.entryOf(object);
    if (known !== undefined) return putIntrinsic(next, object, known);
    const word = enqueue(object);
    const after = room.at(runQueue(next));
    words[after] = word;
    return after + 1;
  }

  function putNested(position: number, object: object, intrinsic: Intrinsic | undefined): number {
    if (intrinsic !== undefined) return putIntrinsic(room.at(position), object, intrinsic);
    words[position] = enqueue(object);
    return position + 1;
  }

  function enqueue(object: object): number {
    const listed =
      typeof object === 'object' && !is.isProxy(object) && !isArray(object) && !isView(object)
        ? keysOf(object)
        : undefined;
    const word = parts.values().stamp(object);
    keys[state.queued] = listed;
    queue[state.queued++] = object;
    return word;
  }

  /** Goes on where an earlier run was cut short. */
  function runQueue(position: number): number {
    const values = parts.values();
    registers[Register.defining] = 1;
    let next = position;
    while (state.done < state.queued) {
      const object = queue[state.done]!;
      next = define(next, object, keys[state.done], values.wordOf(object), values);
      queue[state.done] = undefined;
      keys[state.done++] = undefined;
    }
    state.queued = 0;
    state.done = 0;
    if (queue.length > LONG_QUEUE) {
      queue.length = 0;
      keys.length = 0;
    }
    registers[Register.defining] = 0;
    return next;
  }

  function putIntrinsic(position: number, object: object, intrinsic: Intrinsic): number {
    const values = parts.values();
    const word = registers[Register.objectWord]!;
    registers[Register.objectWord] = word + 8;
    let next = head(position, word, ObjectKind.intrinsic, 0);
    words[next] = NULL;
    next = values.put(next + 1, typeof object === 'function' ? 'Function' : '');
    next = room.at(values.put(next, intrinsic.path));
    words[next] = 0;
    words[next + 1] = word;
    intrinsic.word = word;
    fresh[state.fresh++] = intrinsic;
    if (object === globalThis) registers[Register.globalWord] = word;
    return next + 2;
  }

  function head(position: number, word: number, kind: number, flags: number): number {
    words[position] = DEF_OBJECT;
    words[position + 1] = (word >>> 3) << 1;
    words[position + 2] = kind << 1;
    words[position + 3] = flags << 1;
    return position + 4;
  }

  function define(position: number, object: object, listed: OwnKeys | undefined, word: number, values: Values): number {
    let next = room.at(position);
    if (is.isProxy(object)) return defineProxy(next, object, word, values);
    const prototype = getPrototypeOf(object);
    const shape = kinds.shapeOf(prototype);
    const isFunction = typeof object === 'function';
    const names = listed?.names;
    const kind = isFunction ? ObjectKind.function : kinds.kindOf(object, shape, names);
    const flags = flagsOf(object, prototype, kind, names);
    if (kind === ObjectKind.error) parts.stackTexts.repair(object);
    next = values.put(head(next, word, kind, flags), prototype);
    next = room.at(values.put(next, kind === ObjectKind.generator ? 'Generator' : shape.className));
    next = contents.putPayload(next, object, kind);
    return contents.putProperties(next, object, kind, listed);
  }

  function flagsOf(
    object: object,
    prototype: object | null,
    kind: number,
    names: readonly string[] | undefined,
  ): number {
    const flags = contents.flagsOf(object, kind) | (prototype === null ? ObjectFlag.null : 0);
    return kind === ObjectKind.plain && isPrototype(object, names) ? flags | ObjectFlag.owned : flags;
  }

  function defineProxy(position: number, proxy: object, word: number, values: Values): number {
    const known = proxies.get(proxy);
    let next = head(position, word, ObjectKind.proxy, 0);
    words[next] = OPAQUE;
    next = room.at(values.put(next + 1, 'Proxy'));
    if (known === undefined) {
      words[next] = OPAQUE;
      words[next + 1] = OPAQUE;
      next += 2;
    } else {
      next = values.put(next, known.target);
      next = room.at(values.put(next, known.handler));
    }
    words[next] = 0;
    return next + 1;
  }

  const contents = createContents({
    ...parts,
    head,
    isKnown: (object) => intrinsics.entryOf(object) !== undefined,
  });

  return {
    putObject,
    knows(object) {
      if ((typeof object !== 'object' || object === null) && typeof object !== 'function') return false;
      return parts.values().wordOf(object) !== 0 || (intrinsics.entryOf(object)?.word ?? 0) !== 0;
    },
    redefine(position, object) {
      if (parts.values().wordOf(object) === 0) return position;
      queue[state.queued++] = object;
      return registers[Register.defining] === 1 ? position : runQueue(position);
    },
    finish: (position) => (state.done < state.queued ? runQueue(room.at(position)) : position),
    noteProxy(proxy, target, handler) {
      registers[Register.proxies] = 1;
      proxies.set(proxy, { target, handler });
    },
    beyondProxies(object) {
      let at: object | null | undefined = object;
      while (at !== null && at !== undefined && is.isProxy(at)) at = proxies.get(at)?.target;
      return at ?? undefined;
    },
    forgetProxy: (proxy) => void proxies.set(proxy, { target: null, handler: null }),
  };
}
