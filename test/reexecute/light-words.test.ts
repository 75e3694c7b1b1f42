import { expect, test } from 'vitest';
import { Clock, Runtime, Special, Tag } from '../../trace-runtime/src/wire/words.ts';
import { dropped, edited, exchanged, readLightWords, renumbered, retold, type LightWords } from './light-words.ts';

const control = (id: number): number => (id << 4) | Tag.control;
const int = (value: number): number => value << 1;
const string = (id: number): number => (id << 3) | Tag.string;

function defined(id: number, text: string): readonly number[] {
  const bytes = Buffer.from(text, 'latin1');
  const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const raw = Array.from({ length: padded.length >> 2 }, (_, i) => padded.readInt32LE(i * 4));
  return [control(Runtime.defString), int(id), int(text.length), int(0), ...raw];
}

function double(value: number): readonly number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return [(Special.double << 3) | Tag.special, view.getInt32(0, true), view.getInt32(4, true)];
}

/** Two records of one kind, the first of which defines it, between them a clock and a random number. */
const records: readonly (readonly number[])[] = [
  [control(Runtime.boundary), int(3), ...defined(1, 'os.cpus'), string(1), ...defined(2, '{"value":1}'), string(2)],
  [control(Runtime.clock), int(0), int(Clock.date), ...double(1e12)],
  [control(Runtime.random), int(0), ...double(0.25)],
  [control(Runtime.boundary), int(7), string(1), ...defined(3, '{"value":2}'), string(3)],
];
const words = Int32Array.from(records.flat());

function read(given: Int32Array): LightWords {
  const found = readLightWords(given);
  if (!found) throw new Error('they cannot be read');
  return found;
}

const told = (given: Int32Array): readonly string[] =>
  read(given).records.map(({ kind, detail, progress }) => `${kind} ${detail ?? ''} at ${progress >> 1}`);

test('the records of the boundary are found between definitions and numbers', () => {
  expect(told(words)).toEqual(['os.cpus {"value":1} at 3', 'clock  at 0', 'random  at 0', 'os.cpus {"value":2} at 7']);
});

test('a record that is dropped leaves the strings that it defined', () => {
  const [first] = read(words).records;
  expect(told(edited(words, [dropped(first!)]))).toEqual(['clock  at 0', 'random  at 0', 'os.cpus {"value":2} at 7']);
});

test('two records that are exchanged keep who asked', () => {
  const light = read(words);
  const edits = exchanged(light, light.records[0]!, light.records[3]!);
  expect(told(edited(words, edits))).toEqual([
    'os.cpus {"value":2} at 3',
    'clock  at 0',
    'random  at 0',
    'os.cpus {"value":1} at 7',
  ]);
});

test('a record may tell something else, in any letters', () => {
  const light = read(words);
  expect(told(edited(words, [retold(light, light.records[3]!, '{"value":"∞"}')]))[3]).toBe(
    'os.cpus {"value":"∞"} at 7',
  );
});

test('a clock and a random number tell another number', () => {
  const light = read(words);
  const edits = light.records.slice(1, 3).map((record) => renumbered(light, record, (number) => number + 0.5));
  const values = read(edited(words, edits)).records.map((record) => record.values.slice(-3));
  expect(values.slice(1, 3)).toEqual([double(1e12 + 0.5), double(0.75)]);
});
