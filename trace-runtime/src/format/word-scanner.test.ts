import { expect, test } from 'vitest';
import { FIRST_SITE, FLOW_BIT, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';
import { WordScanner, type Scanned } from './word-scanner.ts';

const control = (id: number, flow = 0): number => (id << 4) | flow | Tag.control;
const int = (value: number): number => value << 1;
const stringId = (id: number): number => (id << 3) | Tag.string;
const objectId = (id: number): number => (id << 3) | Tag.object;
const special = (code: number): number => (code << 3) | Tag.special;
const flowSite = (id: number): number => control(id, FLOW_BIT);

function text(id: number, value: string): number[] {
  const bytes = Buffer.alloc((value.length + 3) & ~3);
  bytes.write(value, 'latin1');
  const raw = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return [control(Runtime.defString), int(id), int(value.length), int(0), ...raw];
}

const HASH = 'c0ffee00'.padEnd(64, '1');

function file(base: number, ops: number, ids: readonly [number, number]): number[] {
  const [hash, path] = ids;
  const values = [...text(hash, HASH), stringId(hash), ...text(path, '/app/a.js'), stringId(path)];
  return [control(Runtime.file), int(base), int(ops), ...values, int(0)];
}

const tick = (number: number): number[] => [
  control(Runtime.tick),
  int(number),
  int(2),
  int(1),
  special(Special.double),
  7,
  15,
];

/** Bytes that look like control words everywhere they may stand raw. */
const RAW = control(FIRST_SITE + 3, FLOW_BIT);
const buffer = [
  control(Runtime.defObject),
  int(9),
  int(ObjectKind.arrayBuffer),
  int(0),
  special(Special.null),
  ...text(70, 'Buff'),
  stringId(70),
  int(8),
  RAW,
  RAW,
  int(0),
];
const nested = [
  control(Runtime.bytes),
  int(0),
  control(Runtime.defObject),
  int(10),
  int(ObjectKind.array),
  int(0),
  special(Special.null),
  ...text(71, 'Arrr'),
  stringId(71),
  int(3),
  int(1),
  special(Special.double),
  RAW,
  RAW,
  special(Special.hole),
  int(1),
  stringId(71),
  special(Special.accessor),
  special(Special.undefined),
  objectId(9),
  int(7),
  objectId(9),
  int(0),
  int(6),
  RAW,
  RAW,
];
const uncaught = [
  control(Runtime.uncaught),
  int(1),
  control(Runtime.defObject),
  int(11),
  int(ObjectKind.error),
  int(0),
  special(Special.null),
  ...text(72, 'Erro'),
  stringId(72),
  stringId(72),
  int(0),
  objectId(11),
];

function sample(base: number): Int32Array {
  return Int32Array.from([
    ...file(base, 20, [1, 2]),
    ...tick(1),
    flowSite(base + 1),
    int(5),
    control(base + 2),
    special(Special.double),
    RAW,
    RAW,
    ...buffer,
    flowSite(base + 3),
    ...nested,
    ...tick(2),
    flowSite(base + 1),
    ...uncaught,
    control(Runtime.end),
    int(3),
  ]);
}

function scan(words: Int32Array, cut = words.length): Scanned {
  const scanner = new WordScanner();
  for (let at = 0; at < words.length; at += cut) scanner.scan(words, at, Math.min(words.length, at + cut));
  scanner.finish();
  return scanner.take();
}

test('raw words inside strings, buffers and doubles are never taken for records', () => {
  const { counts } = scan(sample(256));
  expect(counts).toMatchObject({ sites: 4, objects: 2, mutations: 1, ticks: 2 });
});

test('a stream may be cut between any two words', () => {
  const words = sample(256);
  const whole = scan(words);
  for (const cut of [1, 2, 3, 7, 50]) expect(scan(words, cut)).toEqual(whole);
});

test('files, landmarks and the end are found with their places', () => {
  const words = sample(256);
  const { files, landmarks } = scan(words);
  expect(files).toEqual([{ word: 0, base: 256, ops: 20, hash: HASH, path: '/app/a.js', how: 0 }]);
  expect(landmarks.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['uncaught', 1],
    ['end', 3],
  ]);
  expect(words[landmarks[1]!.word]).toBe(control(Runtime.end));
});

test('the hash of a tick does not depend on the order in which files were loaded', () => {
  const here = scan(sample(256)).ticks;
  const there = scan(sample(4000)).ticks;
  expect([...here.hashA, ...here.hashB]).toEqual([...there.hashA, ...there.hashB]);
  expect([...here.tick]).toEqual([1, 2]);
  expect([...here.records]).toEqual([3, 1]);
});

test('the hash of a tick is rolled over control flow only, in order', () => {
  const roll = (...ids: number[]): readonly number[] => {
    const { ticks } = scan(
      Int32Array.from([...file(256, 20, [1, 2]), ...ids.map((id) => flowSite(id)), control(270), int(1)]),
    );
    return [ticks.hashA[0]!, ticks.hashB[0]!];
  };
  const key = 0xc0ffee00;
  expect(roll(257, 259)).toEqual([
    (Math.imul(key + 1, 31) + key + 3) | 0,
    (Math.imul(key + 1, 1_000_003) + key + 3) | 0,
  ]);
  expect(roll(257, 259)).not.toEqual(roll(259, 257));
});

test('garbage never makes the scanner throw or stand still', () => {
  let seed = 7;
  const random = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) | 0);
  for (let round = 0; round < 200; round++) scan(Int32Array.from({ length: 500 }, random), 1 + (round % 60));
});
