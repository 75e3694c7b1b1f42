import { describe, expect, it } from 'vitest';
import { FIRST_SITE, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';
import { fromRelativeIds, hasManyIds, toRelativeIds } from './relative-ids.ts';

const object = (id: number): number => (id << 3) | Tag.object;
const string = (id: number): number => (id << 3) | Tag.string;
const int = (value: number): number => value << 1;
const control = (id: number): number => (id << 4) | Tag.control;
const site = control(FIRST_SITE + 3);

function relative(words: readonly number[]): number[] {
  const made = Int32Array.from(words);
  toRelativeIds(made);
  return [...made];
}

function restored(words: Int32Array): Int32Array {
  const made = Int32Array.from(words);
  toRelativeIds(made);
  fromRelativeIds(made);
  return made;
}

/** A small generator of its own, so that a failure repeats. */
function randomWords(seed: number, count: number, next: (random: () => number) => number): Int32Array {
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 2;
  return Int32Array.from({ length: count }, () => next(random));
}

describe('relative ids', () => {
  it('gives the same words for the same work on new objects', () => {
    const work = (first: number): number[] =>
      [
        [control(Runtime.defObject), int(first), int(ObjectKind.plain), int(0), object(7), string(9)],
        [site, object(first), object(7), site, object(first)],
        [control(Runtime.defString), int(first + 5), int(3), int(0), 0x636261, site, string(first + 5), string(9)],
      ].flat();
    const one = relative([...work(5000), ...work(6000), ...work(6100)]);
    const length = work(0).length;
    const [second, third] = [one.slice(length, 2 * length), one.slice(2 * length)];
    expect(second.map((word, at) => word === third[at])).toEqual(second.map((_, at) => at !== 1 && at !== length - 7));
    expect(second.slice(2)).toContain(object(7 + 512));
  });

  it('leaves doubles, texts and bytes alone', () => {
    const raw = object(70_000);
    const words = [
      [control(Runtime.defString), int(60_000), int(8), int(0), raw, raw],
      [control(Runtime.defString), int(60_001), int(3), int(1), raw, raw],
      [site, (Special.double << 3) | Tag.special, raw, raw],
      [control(Runtime.bytes), int(0), object(3), int(0), int(5), raw, raw],
      [control(Runtime.defBytes), object(3), int(0), int(8), raw, raw],
      [control(Runtime.defObject), int(70_001), int(ObjectKind.arrayBuffer), int(0), object(3), string(2), int(4), raw],
    ].flat();
    expect(relative(words).filter((word) => word === raw)).toHaveLength(11);
    expect([...restored(Int32Array.from(words))]).toEqual(words);
  });

  it('restores any words at all', () => {
    const kinds = [object, string, int, control] as const;
    for (let seed = 1; seed <= 300; seed++) {
      const noise = randomWords(seed, 400, (random) => random() << (random() % 3));
      expect(restored(noise)).toEqual(noise);
      const likely = randomWords(seed, 400, (random) => {
        const kind = kinds[(random() >> 8) % 4] as (id: number) => number;
        const size = [8, 60, 600, 2 ** 29][(random() >> 8) % 4] as number;
        return kind((random() >> 1) % size);
      });
      expect(restored(likely)).toEqual(likely);
    }
  });

  it('restores a block that begins and ends anywhere', () => {
    const words = Int32Array.from(
      [
        [control(Runtime.defConcat), int(900), int(3), int(4), control(Runtime.defSubstring), int(901), int(900)],
        [int(0), int(4), control(Runtime.defString), int(902), int(5), int(0), string(1), object(2), site, string(902)],
        [(Special.double << 3) | Tag.special, 1, 3, object(1)],
      ].flat(),
    );
    for (let from = 0; from < words.length; from++)
      for (let to = from; to <= words.length; to++) {
        const part = words.slice(from, to);
        expect(restored(part)).toEqual(part);
      }
  });

  it('is worth its time where there are ids', () => {
    expect(hasManyIds(Int32Array.from({ length: 4000 }, (_, at) => int(at)))).toBe(false);
    expect(hasManyIds(Int32Array.from({ length: 4000 }, (_, at) => (at % 3 ? object(at) : site)))).toBe(true);
  });
});
