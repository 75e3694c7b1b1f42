/** Methods that write into buffers: typed arrays', Buffer's and DataView's. */
import type { Callable, Realm } from './builtins.ts';
import {
  apply,
  dataViewBuffer,
  dataViewOffset,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getPrototypeOf,
  includesString,
  NodeBuffer,
  is,
  isView,
  startsWith,
  typedArrayBuffer,
  typedArrayBytes,
  typedArrayLength,
  typedArrayOffset,
} from './primordials.ts';

const ATOMICS: readonly string[] = [
  'add',
  'and',
  'compareExchange',
  'exchange',
  'load',
  'or',
  'store',
  'sub',
  'wait',
  'xor',
];

const RESIZING: readonly (readonly [holder: string, keys: readonly string[]])[] = [
  ['ArrayBuffer.prototype', ['resize', 'transfer', 'transferToFixedLength']],
  ['SharedArrayBuffer.prototype', ['grow']],
];

export function replaceByteMethods(realm: Realm): void {
  const { parts } = realm;
  const concrete = realm.find('Uint8Array.prototype');
  const typedArray = concrete && (getPrototypeOf(concrete) ?? undefined);

  for (const key of ['fill', 'copyWithin', 'sort', 'reverse', 'set'] as const) {
    realm.replace(typedArray, key, (original) => ({
      [key](this: unknown, source: unknown, offset: unknown): unknown {
        const values = arguments;
        const result = parts.below(() => apply(original, this, values));
        if (key === 'set') written(this, offset, is.isTypedArray(source) ? typedArrayLength(source) : -1);
        else changed(this);
        return result;
      },
    }));
  }
  for (const key of ['map', 'filter', 'slice'] as const) realm.replace(typedArray, key, filling(key));
  const abstract = typedArray && getOwnPropertyDescriptor(typedArray, 'constructor')?.value;
  for (const key of ['from', 'of'] as const) realm.replace(abstract as object | undefined, key, filling(key));
  replaceSlicing(realm, typedArray, ['subarray']);
  if (parts.main) replaceSlicing(realm, NodeBuffer.prototype, ['slice', 'subarray']);
  const dataView = realm.find('DataView.prototype');
  for (const key of dataView ? getOwnPropertyNames(dataView) : []) {
    if (!startsWith(key, 'set')) continue;
    const size = sizeOf(key);
    realm.replace(dataView, key, (original) => ({
      [key](this: unknown, offset: unknown): unknown {
        const result = apply(original, this, arguments);
        if (is.isDataView(this) && parts.values.wordOf(dataViewBuffer(this)) !== 0) {
          const at = typeof offset === 'number' ? offset | 0 : 0;
          parts.emitBytes(dataViewBuffer(this), dataViewOffset(this) + at, size);
        }
        return result;
      },
    }));
  }
  const atomics = realm.find('Atomics');
  for (const key of ATOMICS) {
    realm.replace(atomics, key, (original) => ({
      [key](this: unknown, view: unknown, index: unknown): unknown {
        const result = apply(original, this, arguments);
        // what is read from shared memory, other threads may have written
        if (key === 'load' && !is.isSharedArrayBuffer(typedArrayBuffer(view as object))) return result;
        if (typeof index === 'number') written(view, index, 1);
        else changed(view);
        return result;
      },
    }));
  }
  replaceBufferMethods(realm, changed, range);
  replaceResizing(realm);

  /** A view of the program's own class is known since its constructor, and filled behind it. */
  function filling(key: string): (original: Callable) => object {
    return (original) => ({
      [key](this: unknown): unknown {
        const values = arguments;
        const result = parts.below(() => apply(original, this, values));
        changed(result);
        return result;
      },
    });
  }

  /** All of a view. */
  function changed(view: unknown): void {
    if (!isView(view) || is.isDataView(view)) return;
    range(view, 0, typedArrayBytes(view));
  }

  /** `count` elements from `offset` on; -1: up to the end. */
  function written(view: unknown, offset: unknown, count: number): void {
    if (!isView(view) || is.isDataView(view)) return;
    const length = typedArrayLength(view);
    const size = length === 0 ? 1 : typedArrayBytes(view) / length;
    const from = typeof offset === 'number' ? offset | 0 : 0;
    const to = count < 0 || (typeof offset !== 'number' && offset !== undefined) ? length : from + count;
    range(view, from * size, to * size);
  }

  function range(view: object, from: number, to: number): void {
    const buffer = typedArrayBuffer(view);
    if (parts.values.wordOf(buffer) === 0) return;
    const length = typedArrayBytes(view);
    const first = from < 0 ? 0 : from;
    const end = to > length ? length : to;
    if (end > first) parts.emitBytes(buffer, typedArrayOffset(view) + first, end - first);
  }
}

/** What gives a buffer another length, or its bytes to another buffer. */
function replaceResizing(realm: Realm): void {
  const { resized } = realm.parts;
  const anew = (object: object): void => {
    if (realm.known(object)) realm.anew(object);
  };
  for (const [path, keys] of RESIZING) {
    for (const key of keys) {
      realm.replace(realm.find(path), key, (original) => ({
        [key](this: unknown): unknown {
          const result = apply(original, this, arguments);
          resized.changed(this as ArrayBufferLike, anew);
          return result;
        },
      }));
    }
  }
}

/** Methods that give a view of the same bytes. */
function replaceSlicing(realm: Realm, prototype: object | undefined, keys: readonly string[]): void {
  const { values, slices } = realm.parts;
  for (const key of keys) {
    realm.replace(prototype, key, (original) => ({
      [key](this: unknown): unknown {
        const result = apply(original, this, arguments);
        const known = is.isTypedArray(this) && values.wordOf(this) !== 0;
        if (known && is.isTypedArray(result) && typedArrayBuffer(result) === typedArrayBuffer(this)) slices.add(result);
        return result;
      },
    }));
  }
}

function replaceBufferMethods(
  realm: Realm,
  changed: (view: unknown) => void,
  range: (view: object, from: number, to: number) => void,
): void {
  const prototype = realm.parts.main ? NodeBuffer.prototype : undefined;
  for (const key of prototype ? getOwnPropertyNames(prototype) : []) {
    if (key === 'write') {
      realm.replace(
        prototype,
        key,
        writer(key, (view, values, result) => {
          const from = typeof values[1] === 'number' ? values[1] | 0 : 0;
          range(view, from, from + result);
        }),
      );
    } else if (startsWith(key, 'write')) {
      // a number's writer returns the offset behind it
      realm.replace(
        prototype,
        key,
        writer(key, (view, values, result) => {
          range(view, typeof values[1] === 'number' ? values[1] | 0 : 0, result);
        }),
      );
    } else if (key === 'fill' || startsWith(key, 'swap')) {
      realm.replace(
        prototype,
        key,
        writer(key, (view) => changed(view)),
      );
    } else if (key === 'copy') {
      realm.replace(
        prototype,
        key,
        writer(key, (_, values, result) => {
          const from = typeof values[1] === 'number' ? values[1] | 0 : 0;
          if (is.isUint8Array(values[0])) range(values[0], from, from + result);
        }),
      );
    }
  }
}

function writer(
  key: string,
  after: (view: object, values: ArrayLike<unknown>, result: number) => void,
): (original: Callable) => object {
  return (original) => ({
    [key](this: unknown): unknown {
      const result = apply(original, this, arguments);
      if (is.isUint8Array(this)) after(this, arguments, typeof result === 'number' ? result : 0);
      return result;
    },
  });
}

/** Bytes that a DataView setter writes, from its name. */
function sizeOf(key: string): number {
  if (includesString(key, '64')) return 8;
  if (includesString(key, '32')) return 4;
  return includesString(key, '16') ? 2 : 1;
}
