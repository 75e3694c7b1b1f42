import { expect, test } from 'vitest';
import { Slot } from '../wire/words.ts';
import { createCheck, type Check } from './check.ts';

/** The number that a tick would end with; `progress` as in Slot.progress. */
function rolled(work: (check: Check) => void, { progress = 1, isChecked = true } = {}): number {
  const words = new Int32Array(16);
  words[Slot.progress] = progress;
  work(createCheck(words, isChecked));
  return words[Slot.check]!;
}

test('other values, another order and one value more roll another number', () => {
  const a = rolled((check) => {
    check.number(0.5);
    check.text('fs.readFile', '', '"content":{"text":"a"}');
  });
  const others = [
    rolled((check) => {
      check.text('fs.readFile', '', '"content":{"text":"a"}');
      check.number(0.5);
    }),
    rolled((check) => {
      check.number(0.25);
      check.text('fs.readFile', '', '"content":{"text":"a"}');
    }),
    rolled((check) => {
      check.number(0.5);
      check.text('fs.readFile', '', '"content":{"text":"b"}');
    }),
    rolled((check) => check.number(0.5)),
    rolled((check) => {
      check.number(0.5);
      check.number(0.5);
    }),
    0,
  ];
  expect(new Set([a, ...others]).size).toBe(others.length + 1);
});

test('what Node asks by itself is not rolled; what arrives between two turns is', () => {
  const outside = { progress: 0 };
  expect(rolled((check) => check.number(0.5), outside)).toBe(0);
  expect(rolled((check) => check.text('fs.readFile', '', '"content":1'), outside)).toBe(0);
  expect(rolled((check) => check.text('fs.readFile.done', '', '"content":1'), outside)).not.toBe(0);
  expect(rolled((check) => check.text('stdin', '', '"content":1'), outside)).not.toBe(0);
});

test('of what arrives it counts which one it is', () => {
  const first = rolled((check) => check.text('timer', '"id":1', ''));
  expect(rolled((check) => check.text('timer', '"id":2', ''))).not.toBe(first);
  expect(rolled((check) => check.text('immediate', '"id":1', ''))).not.toBe(first);
  expect(rolled((check) => check.text('fs.close', '"fd":1', ''))).toBe(0);
});

test('descriptors are the machine’s, and a run that is not executed again rolls nothing', () => {
  expect(rolled((check) => check.text('fs.open', '', '"fd":22'))).toBe(0);
  expect(rolled((check) => check.number(0.5), { isChecked: false })).toBe(0);
});
