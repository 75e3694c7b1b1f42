import { expect, test } from 'vitest';
import { createTouching } from './touched.ts';

const looked = (knows: (object: object) => boolean = () => true) => {
  const objects: object[] = [];
  return { objects, touchFrom: createTouching((object) => (objects.push(object), knows(object))) };
};

test('all that can be reached is looked at, once, and nothing behind what is not known, a proxy, or a getter', () => {
  const inner = { deep: {} };
  const unknown = { behind: {} };
  const root: Record<string, unknown> = { inner, again: inner, unknown, proxy: new Proxy({}, {}), itself: undefined };
  root['itself'] = root;
  Object.defineProperty(root, 'got', { get: () => expect.fail('a getter ran') });
  const { objects, touchFrom } = looked((object) => object !== unknown);
  expect(touchFrom(root)).toBe(true);
  expect(objects).toEqual([root, inner, unknown, inner.deep]);
});

test('what Maps and Sets hold is looked at, and bytes', () => {
  const [key, value, item, bytes] = [{}, {}, {}, new Uint8Array(4)];
  const root = { map: new Map([[key, value]]), set: new Set([item]), bytes, buffer: bytes.buffer };
  const { objects, touchFrom } = looked();
  expect(touchFrom(root)).toBe(true);
  expect(objects).toEqual([root, root.map, root.set, bytes, bytes.buffer, key, value, item]);
});

test('a buffer that is too large is not looked at, and what is small is afterwards as before', () => {
  const root: Record<string, unknown> = { first: {}, large: new Uint8Array(10_000_000) };
  const { objects, touchFrom } = looked();
  expect(touchFrom(root)).toBe(false);
  delete root['large'];
  expect(touchFrom(root)).toBe(true);
  expect(objects).toEqual([root, root['first'], root, root['first']]);
});

test('thousands of runs beside a large object take little time each, and it is told that not all was looked at', () => {
  const root = { first: {}, list: Array.from({ length: 15_000 }, (_, i) => ({ i })) };
  const { objects, touchFrom } = looked();
  const told = Array.from({ length: 2000 }, () => touchFrom(root));
  expect(new Set(told)).toEqual(new Set([false]));
  expect(objects.length).toBeLessThan(20_000 + 2000 * 100);
});

test('a stack that V8 has not made yet is not made by that', () => {
  const holder: { stack?: unknown } = {};
  const before = Error.prepareStackTrace;
  let made = 0;
  try {
    Error.prepareStackTrace = () => ++made;
    Error.captureStackTrace(holder);
    expect(looked().touchFrom({ holder })).toBe(true);
    expect(made).toBe(0);
    expect(holder.stack).toBe(1);
  } finally {
    Error.prepareStackTrace = before;
  }
});
