import { ObjectKind } from '../wire/words.ts';
import type { Heap, HeapObject } from './heap.ts';
import { intrinsicProperty } from './intrinsics.ts';
import { ObjectValue } from './values.ts';
import type { Value } from './values.ts';

/**
 * The object that an operation on a proxy reaches where its handler has none of the traps; the object itself where it is
 * no proxy; undefined where a trap runs, or nothing is known of the handler. A trap's own writes have their own records.
 */
export function beyondProxies(heap: Heap, object: ObjectValue, traps: readonly string[]): ObjectValue | undefined {
  let at: ObjectValue = object;
  for (let hops = 0; hops < 100; hops++) {
    const contents = heap.get(at);
    if (contents === undefined) return undefined;
    if (contents.kind !== ObjectKind.proxy) return at;
    if (!(contents.inner instanceof ObjectValue) || mayTrap(heap, contents, traps)) return undefined;
    at = contents.inner;
  }
  return undefined;
}

function mayTrap(heap: Heap, proxy: HeapObject, traps: readonly string[]): boolean {
  let at: Value = proxy.inner2;
  for (let hops = 0; at instanceof ObjectValue && hops < 100; hops++) {
    const handler: HeapObject | undefined = heap.get(at);
    if (handler === undefined || handler.kind === ObjectKind.proxy || handler.kind === ObjectKind.opaque) return true;
    for (const trap of traps) {
      const own = handler.properties.get(trap);
      if (own !== undefined && own !== null) return true;
      if (handler.kind !== ObjectKind.intrinsic) continue;
      if (typeof handler.inner !== 'string' || intrinsicProperty(handler.inner, trap) !== undefined) return true;
    }
    at = handler.prototype;
  }
  return at !== null && !(at instanceof ObjectValue);
}
