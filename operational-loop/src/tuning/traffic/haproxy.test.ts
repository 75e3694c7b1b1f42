import { expect, test } from 'vitest';
import { parseLogLine } from './haproxy-log.ts';
import { wholeWeights } from './haproxy.ts';

test('shares become the whole weights that keep their proportions', () => {
  expect(wholeWeights([33, 1])).toEqual([33, 1]);
  expect(wholeWeights([90, 10])).toEqual([9, 1]);
  expect(wholeWeights([100, 0])).toEqual([1, 0]);
  expect(wholeWeights([0, 0])).toEqual([0, 0]);
  const [blue = 0, green = 0] = wholeWeights([99.9, 0.1]);
  expect([blue, green]).toEqual([256, 1]);
});

test('a line of the log is a request with microseconds', () => {
  const line = '<134>Nov 27 03:35:19 haproxy[7]: hindcast shop blue1 200 -- 1700000000000100 1700000000002350';
  expect(parseLogLine(line)).toEqual({
    backend: 'shop',
    server: 'blue1',
    status: 200,
    termination: '--',
    latencyMs: 2.25,
  });
  expect(parseLogLine('<134>Nov 27 03:35:19 haproxy[7]: Proxy shop started.')).toBeUndefined();
});
