import { expect, test } from 'vitest';
import { Runtime, Special, Tag } from '../wire/words.ts';
import { fromPredicted, mostPredictedBytes, toPredicted } from './predicted-words.ts';

const int = (value: number): number => (value << 1) | 0;
const control = (id: number): number => (id << 4) | Tag.control;
const special = (code: number): number => (code << 3) | Tag.special;

function check(words: readonly number[]): Uint8Array {
  const before = Int32Array.from(words);
  const bytes = toPredicted(before);
  expect([...fromPredicted(bytes, words.length)]).toEqual([...before]);
  expect(bytes.length).toBeLessThanOrEqual(mostPredictedBytes(before.byteLength));
  return bytes;
}

/** A small generator of its own, so that a failure repeats: a whole number below that. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) >>> 4) % below;
}

/** A record as programs write them: of few sites, with values that come again, texts and bytes. */
function record(random: (below: number) => number): readonly number[] {
  const any = (count: number): number[] => Array.from({ length: count }, () => random(2 ** 28) * 16 + random(16));
  switch (random(5)) {
    case 0:
      return [control(256 + random(15)), int(random(10)), int(random(10) * 3)];
    case 1:
      return [control(256 + random(20_000)), ...any(random(40)).map(int)];
    case 2:
      return [control(300), special(Special.double), ...any(2)];
    case 3: {
      const text = any(random(10));
      const wide = random(2);
      return [control(Runtime.defString), int(5), int(text.length * (wide ? 2 : 4)), int(wide), ...text];
    }
    default: {
      const bytes = any(random(10));
      return [control(Runtime.bytes), int(0), (3 << 3) | Tag.object, int(0), int(bytes.length * 4), ...bytes];
    }
  }
}

test('records come back as they were, cut off anywhere', () => {
  for (let seed = 1; seed < 300; seed++) {
    const random = generator(seed);
    const words = Array.from({ length: random(200) }, () => record(random)).flat();
    check(words.slice(random(20), Math.max(0, words.length - random(20))));
  }
});

test('any words come back as they were', () => {
  for (let seed = 1; seed < 300; seed++) {
    const random = generator(seed);
    check(Array.from({ length: random(500) }, () => random(2 ** 28) * 16 + random(16)));
  }
});

test('words of more sites than have columns of their own come back', () => {
  check(Array.from({ length: 30_000 }, (_, index) => (index % 3 === 0 ? control(256 + index) : int(index))));
});

test('a value that goes from one variable to another is kept once, be it a double or not', () => {
  const words: number[] = [];
  let value = 17;
  for (let round = 0; round < 10_000; round++) {
    value = (Math.imul(value, 1_103_515_245) + 12_345) | 0;
    const stored = value & 1 ? [special(Special.double), value, 0x41e0_0000] : [value];
    words.push(control(300), ...stored, control(301), int(round), ...stored, control(302), ...stored);
  }
  expect(check(words).length).toBeLessThan(words.length);
});

test('damaged bytes throw or give other words, and end', () => {
  const words = Int32Array.from({ length: 2000 }, (_, index) =>
    index % 4 === 0 ? control(256 + (index % 7)) : int(index),
  );
  const bytes = toPredicted(words);
  for (let at = 0; at < bytes.length; at += 13) {
    const damaged = Uint8Array.from(bytes);
    damaged[at]! ^= 0x55;
    try {
      expect(fromPredicted(damaged, words.length).length).toBe(words.length);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
});
