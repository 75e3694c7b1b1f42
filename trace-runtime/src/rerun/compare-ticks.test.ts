import { expect, test } from 'vitest';
import { noCounts } from '../format/footer.ts';
import type { SaidOtherwise } from '../model/recorded-world.ts';
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

/** It was killed in its second tick, which has rolled so much. */
function killed(hash: number): RecordedStream {
  const [hashes, numbers] = [Int32Array.of(1, hash), Int32Array.of(1, 2)];
  const ticks = { word: numbers, tick: numbers, cause: numbers, hashA: hashes, hashB: hashes, length: 2 };
  const segment = { path: '', blocks: [], footer: { ticks } };
  return { ...unbegun, segments: [segment] as unknown as RecordedStream['segments'] };
}

test('of the tick in which a thread was killed, what it told is compared, and not what it was given', () => {
  const compared = (...said: readonly SaidOtherwise[]): readonly string[] =>
    compareTicks({ streams: [killed(2)] }, [killed(3)], said).divergences.map(({ what }) => what);
  expect(compared()).toEqual([]);
  expect(compared({ stream: 0, tick: 2, what: 'other data came in', isGiven: true })).toEqual([]);
  expect(compared({ stream: 0, tick: 2, what: 'something else was said' })).toEqual([
    'in tick 2 something else was said',
  ]);
});
