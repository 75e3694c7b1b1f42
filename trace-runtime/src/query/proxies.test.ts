import { expect, test } from 'vitest';
import { ObjectKind } from '../wire/words.ts';
import { Heap, ownProperties } from './heap.ts';
import { setProperty } from './heap-set.ts';
import type { Value } from './values.ts';

/** A proxy (id 1) of a target (id 2) with a handler (id 3). */
function proxied(handler: Readonly<Record<string, Value>>) {
  const heap = new Heap();
  const target = heap.define(2);
  const made = heap.define(3);
  for (const [key, value] of Object.entries(handler)) ownProperties(made).set(key, value);
  const proxy = heap.define(1);
  proxy.kind = ObjectKind.proxy;
  proxy.inner = heap.value(2);
  proxy.inner2 = heap.value(3);
  setProperty(heap, heap.value(1), 'a', 1);
  return target.properties.get('a');
}

test('a write through a proxy without traps for it reaches the target', () => {
  expect(proxied({})).toBe(1);
  expect(proxied({ get: 5 })).toBe(1);
});

test('where a trap runs, its own writes are what counts', () => {
  expect(proxied({ set: 5 })).toBeUndefined();
  expect(proxied({ defineProperty: 5 })).toBeUndefined();
});
