import { expect, test } from 'vitest';
import { CallLog, NONE, RESUMED } from './call-log.ts';
import { callsWithout } from './calls-without.ts';

/** `[site, enter, exit, parent, serial]`; a call that was there before goes on. */
function log(...spans: readonly (readonly [number, number, number, number, number])[]): CallLog {
  const depth: number[] = [];
  const first = new Uint32Array(Math.max(...spans.map(([, , , , serial]) => serial)) + 1).fill(NONE);
  const flags = spans.map(([, , , parent, serial], span) => {
    depth.push(parent < 0 ? 0 : depth[parent]! + 1);
    if (first[serial] !== NONE) return RESUMED;
    first[serial] = span;
    return 0;
  });
  const column = (at: 0 | 1 | 2 | 3 | 4): Uint32Array => Uint32Array.from(spans, (span) => span[at]);
  return new CallLog({
    count: spans.length,
    calls: first.length - 1,
    deepest: Math.max(...depth),
    enter: column(1),
    exit: column(2),
    depth: Uint16Array.from(depth),
    site: column(0),
    serial: column(4),
    parent: column(3),
    flags: Uint8Array.from(flags),
    first,
  });
}

const [OUTER, GETTER, INNER] = [10, 20, 30];
const calls = log(
  [OUTER, 0, 20, -1, 1],
  [GETTER, 1, 8, 0, 2],
  [GETTER, 2, 7, 1, 3],
  [INNER, 3, 6, 2, 4],
  [INNER, 9, 12, 0, 5],
  [GETTER, 13, 14, 0, 6],
  [GETTER, 21, 30, -1, 7],
  [INNER, 22, 25, 6, 8],
  [INNER, 31, 32, -1, 5],
);

test('what a call made that is left out stands where that stood', () => {
  const without = callsWithout(calls, new Set([GETTER]));
  const rows = Array.from({ length: without.count }, (_, span) => [
    without.serial[span],
    without.enter[span],
    without.depth[span],
    without.parentOf(span),
  ]);
  expect(rows).toEqual([
    [1, 0, 0, -1],
    [4, 3, 1, 0],
    [5, 9, 1, 0],
    [8, 22, 0, -1],
    [5, 31, 0, -1],
  ]);
  expect(without.deepest).toBe(1);
});

test('calls keep their serials, and those that are left out are none', () => {
  const without = callsWithout(calls, new Set([GETTER]));
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((serial) => without.firstSpan(serial))).toEqual([
    0,
    undefined,
    undefined,
    1,
    2,
    undefined,
    undefined,
    3,
  ]);
  expect(without.spansOf(5)).toEqual([2, 4]);
  expect(without.spansOf(2)).toEqual([]);
  // a call that goes on does not begin
  expect(without.callsBegun(0, 5)).toBe(4);
  expect(without.callsBegun(1, without.endOf(0))).toBe(2);
  expect(calls.callsBegun(0, calls.count)).toBe(8);
});

test('where nothing is left out it is the same log', () => {
  expect(callsWithout(calls, new Set())).toBe(calls);
  expect(callsWithout(calls, new Set([99]))).toBe(calls);
});
