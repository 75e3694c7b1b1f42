/**
 * Definitions of objects. The first sight of an object defines it and all it reaches, by a work queue; references
 * between them may run ahead of the definitions. Getters are not called, proxies not asked.
 */
import { OwnWeakMap, getPrototypeOf, is } from './primordials.ts';
import { createContents } from './object-contents.ts';
import type { Intrinsics } from './intrinsics.ts';
import type { Kinds } from './kinds.ts';
import { Register } from './registers.ts';
import type { Room } from './room.ts';
import type { Secrets } from './secrets.ts';
import type { SlowObjects, Values } from './values.ts';
import { ObjectFlag, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';

export interface Objects extends SlowObjects {
  /** true where the recording knows the object, as an intrinsic too */
  knows(object: unknown): boolean;
  /** Writes a known object's contents anew. */
  redefine(position: number, object: object): number;
  /** What a proxy stands for, if it was seen when it was made. */
  noteProxy(proxy: object, target: object, handler: object): void;
  targetOf(proxy: object): object | undefined;
}

export interface ObjectParts {
  readonly words: Int32Array;
  readonly registers: Int32Array;
  readonly room: Room;
  readonly intrinsics: Intrinsics;
  readonly kinds: Kinds;
  readonly secrets: Secrets;
  /** late: values need objects first */
  values(): Values;
}

const control = (id: number): number => (id << 4) | Tag.control;
export const DEF_OBJECT = control(Runtime.defObject);
export const OPAQUE = (Special.opaque << 3) | Tag.special;
const NULL = (Special.null << 3) | Tag.special;

export function createObjects(parts: ObjectParts): Objects {
  const { words, registers, room, intrinsics, kinds } = parts;
  const intrinsicWords = new OwnWeakMap<object, number>();
  const proxies = new OwnWeakMap<object, { readonly target: object; readonly handler: object }>();
  const queue: (object | undefined)[] = [];
  let queued = 0;

  function putObject(position: number, object: object): number {
    const intrinsic = intrinsicWords.get(object);
    if (intrinsic !== undefined) {
      words[position] = intrinsic;
      return position + 1;
    }
    const values = parts.values();
    if (registers[Register.defining] === 1) return putNested(position, object, values);
    if (!room.deep()) {
      registers[Register.shallow]!++;
      words[position] = OPAQUE;
      return position + 1;
    }
    let next = room.at(position);
    intrinsics.refresh();
    if (intrinsics.pathOf(object) !== undefined) return putIntrinsic(next, object, values);
    const word = values.stamp(object);
    queue[queued++] = object;
    next = room.at(runQueue(next, values));
    words[next] = word;
    return next + 1;
  }

  function putNested(position: number, object: object, values: Values): number {
    if (intrinsics.pathOf(object) !== undefined) return putIntrinsic(room.at(position), object, values);
    words[position] = values.stamp(object);
    queue[queued++] = object;
    return position + 1;
  }

  function runQueue(position: number, values: Values): number {
    registers[Register.defining] = 1;
    let next = position;
    for (let i = 0; i < queued; i++) {
      const object = queue[i]!;
      queue[i] = undefined;
      next = define(next, object, values.wordOf(object), values);
    }
    queued = 0;
    if (queue.length > 10_000) queue.length = 0;
    registers[Register.defining] = 0;
    return next;
  }

  function putIntrinsic(position: number, object: object, values: Values): number {
    const word = registers[Register.objectWord]!;
    registers[Register.objectWord] = word + 8;
    let next = head(position, word, ObjectKind.intrinsic, 0);
    words[next] = NULL;
    next = values.put(next + 1, typeof object === 'function' ? 'Function' : '');
    next = room.at(values.put(next, intrinsics.pathOf(object)));
    words[next] = 0;
    words[next + 1] = word;
    intrinsicWords.set(object, word);
    return next + 2;
  }

  function head(position: number, word: number, kind: number, flags: number): number {
    words[position] = DEF_OBJECT;
    words[position + 1] = (word >>> 3) << 1;
    words[position + 2] = kind << 1;
    words[position + 3] = flags << 1;
    return position + 4;
  }

  function define(position: number, object: object, word: number, values: Values): number {
    let next = room.at(position);
    if (is.isProxy(object)) return defineProxy(next, object, word, values);
    const prototype = getPrototypeOf(object);
    const shape = kinds.shapeOf(prototype);
    const isFunction = typeof object === 'function';
    const kind = isFunction ? ObjectKind.function : kinds.kindOf(object, shape);
    const flags = contents.flagsOf(object) | (prototype === null ? ObjectFlag.null : 0);
    next = values.put(head(next, word, kind, flags), prototype);
    next = room.at(values.put(next, shape.className));
    next = contents.putPayload(next, object, kind);
    return contents.putProperties(next, object, kind);
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
    isKnown: (object) => intrinsicWords.has(object) || intrinsics.pathOf(object) !== undefined,
  });

  return {
    putObject,
    knows(object) {
      if ((typeof object !== 'object' || object === null) && typeof object !== 'function') return false;
      return parts.values().wordOf(object) !== 0 || intrinsicWords.has(object);
    },
    redefine(position, object) {
      const values = parts.values();
      const word = values.wordOf(object);
      if (word === 0 || !room.deep()) return position;
      queue[queued++] = object;
      return registers[Register.defining] === 1 ? position : runQueue(position, values);
    },
    noteProxy(proxy, target, handler) {
      proxies.set(proxy, { target, handler });
    },
    targetOf: (proxy) => proxies.get(proxy)?.target,
  };
}
