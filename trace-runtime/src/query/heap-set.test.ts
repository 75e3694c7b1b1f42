import { describe, expect, it } from 'vitest';
import { ObjectFlag, ObjectKind } from '../wire/words.ts';
import type { HeapObject, KindCode } from './heap.ts';
import { Heap, ownProperties } from './heap.ts';
import { setProperty } from './heap-set.ts';
import { readElements } from './typed-arrays.ts';
import { Accessor } from './values.ts';
import type { ObjectValue, Value } from './values.ts';

function make(heap: Heap, id: number, kind: KindCode, fill: (object: HeapObject) => void = () => {}): ObjectValue {
  const object = heap.define(id);
  object.kind = kind;
  fill(object);
  return heap.value(id);
}

/** A chain of plain objects: o's prototype is p. */
function chain(fillOwn: (o: HeapObject) => void, fillPrototype: (p: HeapObject) => void) {
  const heap = new Heap();
  const p = make(heap, 2, ObjectKind.plain, fillPrototype);
  const o = make(heap, 1, ObjectKind.plain, (object) => {
    object.prototype = p;
    fillOwn(object);
  });
  const set = (key: Value, value: Value) => {
    setProperty(heap, o, key, value);
    return heap.get(o)!.properties.get(key as string);
  };
  return { heap, o, set };
}

describe('[[Set]] on the recorded heap', () => {
  it('creates and changes own data', () => {
    const { set } = chain(
      () => {},
      () => {},
    );
    expect(set('a', 1)).toBe(1);
    expect(set('a', 2)).toBe(2);
  });

  it("keeps an error's stack apart from its properties", () => {
    const heap = new Heap();
    const error = make(heap, 1, ObjectKind.error);
    setProperty(heap, error, 'stack', 'the text');
    expect(heap.get(error)!.inner).toBe('the text');
    expect(heap.get(error)!.properties.size).toBe(0);
    heap.defineProperty(error, 'stack', new Accessor(undefined, undefined), 4);
    expect(heap.get(error)!.inner).toBeUndefined();
    expect(heap.get(error)!.properties.has('stack')).toBe(true);
  });

  it('leaves data alone where a prototype has a setter', () => {
    const { set } = chain(
      () => {},
      (p) => ownProperties(p).set('a', new Accessor(undefined, undefined)),
    );
    expect(set('a', 1)).toBeUndefined();
  });

  it('leaves data alone where a prototype has it read-only', () => {
    const { set } = chain(
      () => {},
      (p) => {
        ownProperties(p).set('a', 1);
        p.setAttributes('a', 2);
      },
    );
    expect(set('a', 2)).toBeUndefined();
  });

  it('does not add to an object that is not extensible, but changes what it has', () => {
    const { set } = chain(
      (o) => {
        ownProperties(o).set('a', 1);
        o.flags = ObjectFlag.notExtensible;
      },
      () => {},
    );
    expect(set('b', 1)).toBeUndefined();
    expect(set('a', 2)).toBe(2);
  });

  it('does not change what is frozen', () => {
    const { heap, o, set } = chain(
      (object) => ownProperties(object).set('a', 1),
      () => {},
    );
    heap.freeze(o, 3);
    expect(set('a', 2)).toBe(1);
    expect(set('b', 2)).toBeUndefined();
  });

  it('follows the accessors of the language: a RegExp has no own flags, an object no own __proto__', () => {
    const heap = new Heap();
    const prototype = make(heap, 1, ObjectKind.intrinsic, (o) => (o.inner = 'RegExp.prototype'));
    const base = make(heap, 2, ObjectKind.intrinsic, (o) => (o.inner = 'Object.prototype'));
    const pattern = make(heap, 3, ObjectKind.regexp, (o) => (o.prototype = prototype));
    setProperty(heap, pattern, 'flags', 'g');
    expect(heap.get(pattern)!.properties.has('flags')).toBe(false);
    const plain = make(heap, 4, ObjectKind.plain, (o) => (o.prototype = base));
    setProperty(heap, plain, '__proto__', pattern);
    expect(heap.get(plain)!.prototype).toBe(pattern);
  });

  it('keeps array elements, holes and length', () => {
    const heap = new Heap();
    const array = make(heap, 1, ObjectKind.array, (o) => (o.elements = [1, 2]));
    setProperty(heap, array, 3, 'd');
    setProperty(heap, array, '0', 'a');
    expect(heap.get(array)!.elements).toEqual(['a', 2, , 'd']);
    setProperty(heap, array, 'length', 1);
    expect(heap.get(array)!.elements).toEqual(['a']);
    setProperty(heap, array, 'extra', true);
    expect(heap.get(array)!.properties.get('extra')).toBe(true);
    heap.freeze(array, 3);
    setProperty(heap, array, 0, 'z');
    setProperty(heap, array, 5, 'z');
    expect(heap.get(array)!.elements).toEqual(['a']);
  });

  it('converts what typed arrays take', () => {
    const heap = new Heap();
    const buffer = make(heap, 1, ObjectKind.arrayBuffer, (o) => (o.bytes = new Uint8Array(8)));
    const array = make(heap, 2, ObjectKind.typedArray, (o) => {
      o.className = 'Int16Array';
      o.view = { buffer, offset: 2, length: 3 };
    });
    setProperty(heap, array, 0, 65537);
    setProperty(heap, array, '1', '-2');
    setProperty(heap, array, 3, 9);
    setProperty(heap, array, -1, 9);
    expect(readElements(heap, heap.get(array)!)).toEqual([1, -2, 0]);
    expect(heap.get(array)!.properties.size).toBe(0);
    expect([...heap.get(buffer)!.bytes!]).toEqual([0, 0, 1, 0, 254, 255, 0, 0]);
  });

  it('leaves proxies to their traps', () => {
    const heap = new Heap();
    const proxy = make(heap, 1, ObjectKind.proxy);
    setProperty(heap, proxy, 'a', 1);
    expect(heap.get(proxy)!.properties.size).toBe(0);
  });
});
