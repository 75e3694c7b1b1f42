import { ObjectKind } from '../wire/words.ts';
import type { Heap, HeapObject, ViewFacts } from './heap.ts';
import { ObjectValue, isPrimitive } from './values.ts';
import type { Value } from './values.ts';

/** What a view shows of its buffer: nothing, once the buffer was given away. */
export function windowOf(heap: Heap, object: HeapObject): ViewFacts | undefined {
  const { view } = object;
  if (view?.buffer === undefined || heap.get(view.buffer)?.bytes?.length !== 0) return view;
  return { ...view, offset: 0, length: 0 };
}

interface ElementType {
  readonly size: number;
  readonly read: (view: DataView, at: number) => number | bigint;
  readonly write: (view: DataView, at: number, value: Value) => void;
}

function numeric(
  size: number,
  read: (view: DataView, at: number) => number,
  write: (view: DataView, at: number, value: number) => void,
): ElementType {
  return { size, read, write: (view, at, value) => isPrimitive(value) && write(view, at, Number(value)) };
}

function big(
  read: (view: DataView, at: number) => bigint,
  write: (view: DataView, at: number, value: bigint) => void,
): ElementType {
  return {
    size: 8,
    read,
    write: (view, at, value) => {
      if (typeof value === 'bigint' || typeof value === 'boolean' || typeof value === 'string') {
        write(view, at, BigInt(value));
      }
    },
  };
}

const clamp = new Uint8ClampedArray(1);

/** Little-endian, as every machine that Node runs on. */
const types: Readonly<Record<string, ElementType>> = {
  Int8Array: numeric(
    1,
    (v, at) => v.getInt8(at),
    (v, at, x) => v.setInt8(at, x),
  ),
  Uint8Array: numeric(
    1,
    (v, at) => v.getUint8(at),
    (v, at, x) => v.setUint8(at, x),
  ),
  Uint8ClampedArray: numeric(
    1,
    (v, at) => v.getUint8(at),
    (v, at, x) => {
      clamp[0] = x;
      v.setUint8(at, clamp[0]!);
    },
  ),
  Int16Array: numeric(
    2,
    (v, at) => v.getInt16(at, true),
    (v, at, x) => v.setInt16(at, x, true),
  ),
  Uint16Array: numeric(
    2,
    (v, at) => v.getUint16(at, true),
    (v, at, x) => v.setUint16(at, x, true),
  ),
  Int32Array: numeric(
    4,
    (v, at) => v.getInt32(at, true),
    (v, at, x) => v.setInt32(at, x, true),
  ),
  Uint32Array: numeric(
    4,
    (v, at) => v.getUint32(at, true),
    (v, at, x) => v.setUint32(at, x, true),
  ),
  Float32Array: numeric(
    4,
    (v, at) => v.getFloat32(at, true),
    (v, at, x) => v.setFloat32(at, x, true),
  ),
  Float64Array: numeric(
    8,
    (v, at) => v.getFloat64(at, true),
    (v, at, x) => v.setFloat64(at, x, true),
  ),
  BigInt64Array: big(
    (v, at) => v.getBigInt64(at, true),
    (v, at, x) => v.setBigInt64(at, x, true),
  ),
  BigUint64Array: big(
    (v, at) => v.getBigUint64(at, true),
    (v, at, x) => v.setBigUint64(at, x, true),
  ),
};

/** The element type of the class or, for a subclass, of the nearest ancestor that has one. */
function typeOf(heap: Heap, object: HeapObject): ElementType {
  let type = types[object.className];
  let next: Value = object.prototype;
  for (let depth = 0; type === undefined && next instanceof ObjectValue && depth < 100; depth++) {
    const ancestor = heap.get(next);
    if (ancestor === undefined) break;
    if (typeof ancestor.inner === 'string') type = types[ancestor.inner.replace(/\.prototype$/, '')];
    next = ancestor.prototype;
  }
  return type ?? types['Uint8Array']!;
}

/** An element written with the type's conversion; out of range nothing happens. */
export function writeElement(heap: Heap, object: HeapObject, index: number, value: Value): void {
  const bytes = heap.bytesOf(object);
  const facts = windowOf(heap, object);
  if (bytes === undefined || facts === undefined || !Number.isInteger(index) || index < 0 || index >= facts.length)
    return;
  const type = typeOf(heap, object);
  const at = facts.offset + index * type.size;
  if (at + type.size > bytes.length) return;
  const changed = heap.bytesFor(heap.get(facts.buffer!)!, at, type.size);
  type.write(new DataView(changed.buffer, changed.byteOffset, changed.length), at, value);
}

/** The elements of a typed array now; empty where its buffer is not known. */
export function readElements(heap: Heap, object: HeapObject, from = 0, count = Infinity): (number | bigint)[] {
  const bytes = heap.bytesOf(object);
  const facts = object.view;
  if (bytes === undefined || facts === undefined) return [];
  const type = typeOf(heap, object);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const elements: (number | bigint)[] = [];
  for (let i = from; i < facts.length && elements.length < count; i++) {
    const at = facts.offset + i * type.size;
    if (at + type.size > bytes.length) break;
    elements.push(type.read(view, at));
  }
  return elements;
}

/** The bytes that a buffer has, or that a view shows of its buffer; undefined where they are not known, or it is neither. */
export function shownBytes(heap: Heap, object: HeapObject): Uint8Array | undefined {
  const facts = windowOf(heap, object);
  if (facts === undefined) return object.bytes;
  const size = object.kind === ObjectKind.typedArray ? typeOf(heap, object).size : 1;
  return heap.bytesOf(object)?.subarray(facts.offset, facts.offset + facts.length * size);
}
