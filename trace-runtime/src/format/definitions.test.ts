import { expect, test } from 'vitest';
import { FIRST_SITE, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';
import { DefinitionKeeper } from './definitions.ts';

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
