import { expect, test } from 'vitest';
import { noCounts } from '../format/footer.ts';
import type { RecordedStream } from '../store/stream.ts';
import { compareTicks } from './compare-ticks.ts';

const unbegun: RecordedStream = {
  id: 'one',
  hello: undefined,
  segments: [],
  bytes: 0,
  words: 0,
  counts: noCounts,
  ended: false,
  problems: [],
};

test('a thread that was killed before any of its code ran has nothing to compare', () => {
  const { divergences, ticks, words } = compareTicks({ streams: [unbegun] }, [undefined], []);
  expect({ divergences, ticks, words }).toEqual({ divergences: [], ticks: 0, words: [0] });
});

test('a thread that ended and is not executed again is not proven', () => {
  const { divergences } = compareTicks({ streams: [{ ...unbegun, ended: true }] }, [undefined], []);
  expect(divergences).toHaveLength(1);
});
