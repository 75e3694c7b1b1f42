import { expect, test } from 'vitest';
import { FIRST_SITE, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';
import { DefinitionKeeper, keepNeeded } from './definitions.ts';

const control = (id: number): number => (id << 4) | Tag.control;
const int = (value: number): number => value << 1;
const stringId = (id: number): number => (id << 3) | Tag.string;
const special = (code: number): number => (code << 3) | Tag.special;
const RAW = control(Runtime.defString);

const name = [control(Runtime.defString), int(1), int(8), int(0), RAW, RAW];
const part = [control(Runtime.defSubstring), int(2), int(1), int(0), int(3)];
const file = [control(Runtime.file), int(256), int(9), ...name, stringId(1), stringId(2), int(0)];
const noise = [
  control(FIRST_SITE + 1),
  special(Special.double),
  RAW,
  RAW,
  int(4),
  control(Runtime.defObject),
  int(3),
  int(ObjectKind.arrayBuffer),
  int(0),
  special(Special.null),
  stringId(1),
  int(8),
  RAW,
  RAW,
  int(0),
];

function keep(words: readonly number[], cut = words.length): number[] {
  const keeper = new DefinitionKeeper();
  for (let at = 0; at < words.length; at += cut) keeper.scan(Int32Array.from(words.slice(at, at + cut)));
  return [...keeper.finish()];
}

test('files, strings and symbols stay, values and objects go', () => {
  const words = [...noise, ...file, ...noise, ...part, ...noise];
  for (const cut of [1, 2, 5, words.length]) expect(keep(words, cut)).toEqual([...file, ...part]);
});

test('a record that the end cuts in two keeps its first half, so that the second is understood', () => {
  expect(keep([...part, ...name.slice(0, 5)])).toEqual([...part, ...name.slice(0, 5)]);
  expect(keep(noise.slice(0, 3))).toEqual(noise.slice(1, 3));
});

test('only strings stay that files or the words behind need, with what they are parts of', () => {
  const other = [control(Runtime.defString), int(7), int(4), int(0), RAW];
  const half = [control(Runtime.defSubstring), int(8), int(7), int(0), int(2)];
  const both = [control(Runtime.defConcat), int(9), int(8), int(7)];
  const words = [...noise, ...other, ...noise, ...half, ...both, ...file, ...part, ...noise];
  const kept = (needed: readonly number[]): number[] => [
    ...keepNeeded(() => [Int32Array.from(words)], new Set(needed), false),
  ];
  // the file's path is the part
  expect(kept([])).toEqual([...file, ...part]);
  expect(kept([7])).toEqual([...other, ...file, ...part]);
  expect(kept([8])).toEqual([...other, ...half, ...file, ...part]);
  expect(kept([9])).toEqual([...other, ...half, ...both, ...file, ...part]);
});

test('a record that is cut in two keeps its first half where the second is there', () => {
  const words = [...part, ...name.slice(0, 5)];
  const kept = (isFollowed: boolean) => [...keepNeeded(() => [Int32Array.from(words)], new Set(), isFollowed)];
  expect(kept(false)).toEqual([]);
  expect(kept(true)).toEqual(name.slice(0, 5));
});
