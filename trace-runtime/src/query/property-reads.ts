import { codePlaceOf, type CodePlace } from './closures.ts';
import { intrinsicProperty } from './intrinsics.ts';
import type { StreamState } from './stream-state.ts';
import { Accessor, ObjectValue } from './values.ts';
import type { Value } from './values.ts';
import { ObjectKind } from '../wire/words.ts';

/** What reading a property finds: data, or the function of the program that is called for it first. */
export type PropertyRead = { readonly data: Value } | { readonly by: CodePlace };

/** undefined where it cannot be told */
export function propertyRead(state: StreamState, object: ObjectValue, key: string): PropertyRead | undefined {
  let at: Value = object;
  for (let hops = 0; at instanceof ObjectValue && hops < 1000; hops++) {
    const held = state.heap.get(at);
    if (held === undefined || held.kind === ObjectKind.opaque) return undefined;
    if (held.kind === ObjectKind.proxy) {
      const trap = held.inner2 instanceof ObjectValue ? propertyRead(state, held.inner2, 'get') : undefined;
      if (trap === undefined || !('data' in trap)) return undefined;
      if (trap.data !== undefined && trap.data !== null) return calling(state, trap.data);
      at = held.inner;
      continue;
    }
    const own = held.properties.get(key);
    if (own instanceof Accessor) return own.get === undefined ? { data: undefined } : calling(state, own.get);
    if (held.properties.has(key)) return { data: own };
    if (held.kind === ObjectKind.intrinsic && typeof held.inner === 'string' && intrinsicProperty(held.inner, key))
      return undefined;
    at = held.prototype;
  }
  return at === null ? { data: undefined } : undefined;
}

function calling(state: StreamState, called: Value): PropertyRead | undefined {
  const held = called instanceof ObjectValue ? state.heap.get(called) : undefined;
  const by = held?.kind === ObjectKind.function ? codePlaceOf(state, held) : undefined;
  return by && { by };
}
