import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { alignSequences } from '../../trace-runtime/src/analysis/diff/sequences.ts';
import { json, project, recordingOf, run } from '../cli/kit.ts';
import { Random } from '../support/random.ts';
import { randomProgram, type Step } from './random-program.ts';

interface Side {
  readonly place: { readonly path: string; readonly line: number } | null;
}

interface Found {
  readonly alike: boolean;
  readonly sentence: string;
  readonly streams: readonly {
    readonly value:
      | (Side & { readonly what: string; readonly valueA: string; readonly valueB: string; readonly a: Side })
      | null;
    readonly control: { readonly a: Side; readonly b: Side; readonly decision: Side | null } | null;
  }[];
}

interface Expected {
  readonly value: { readonly line: number; readonly name: string } | undefined;
  /** line of the decision, which both runs came to last */
  readonly control: number | undefined;
}

/** What differs first by the traces. Values count up to where control diverges. */
function firstDifferences(a: readonly Step[], b: readonly Step[]): Expected {
  let value: Expected['value'];
  let last = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x?.line !== y?.line || x?.name !== y?.name) return { value, control: last };
    if (x === undefined || y === undefined) break;
    if (x.name === undefined) last = x.line;
    else if (value === undefined && x.value !== y.value) value = { line: x.line, name: x.name };
  }
  return { value, control: undefined };
}

function named(name: string): string {
  const [, argument, of] = /^(\w) of (\w)$/.exec(name) ?? [];
  if (argument !== undefined) return `argument \`${argument}\` of \`${of}\``;
  if (name.endsWith(' returns')) return `what \`${name[0]}\` returns`;
  return name === 'list' ? 'what a built-in function changed' : `\`${name}\``;
}

function record(folder: string, ...args: readonly string[]): string {
  const done = run(folder, 'record', '--', process.execPath, 'program.js', ...args);
  expect(done.status, done.stderr).toBe(0);
  return recordingOf(done);
}

function check(a: string, b: string, expected: Expected, cwd: string, source: string): void {
  const done = run(cwd, 'diff', a, b, '--json');
  const found = json<Found>(done);
  const [stream] = found.streams;
  const told = { sentence: found.sentence, source, expected };
  if (expected.value !== undefined) {
    expect(stream?.value, JSON.stringify(told)).not.toBeNull();
    expect([stream?.value?.what, stream?.value?.a.place?.line], JSON.stringify(told)).toEqual([
      named(expected.value.name),
      expected.value.line,
    ]);
  }
  expect(stream?.control?.decision?.place?.line, JSON.stringify(told)).toBe(expected.control);
  if (expected.value === undefined && expected.control === undefined)
    expect(stream?.value, JSON.stringify(told)).toBeNull();
}

const SEEDS = Number(process.env['DIFF_SEEDS'] ?? 6);
const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1 + Number(process.env['DIFF_FROM'] ?? 0));

describe('the first differences are those that the program itself prints', () => {
  test.each(seeds)('where an argument differs: program %i', (seed) => {
    const program = randomProgram(seed);
    const other = program.args.slice();
    const changed = new Random(seed).below(other.length);
    other[changed] = String(Number(other[changed]) + 1);
    const folder = project({ 'program.js': program.source(false) });
    const [a, b] = [record(folder, ...program.args), record(folder, ...other)];
    const expected = firstDifferences(program.trace(false, program.args), program.trace(false, other));
    check(a, b, expected, folder, program.source(false));
  });

  test.each(seeds)('where a number in the source differs: program %i', (seed) => {
    const program = randomProgram(1000 + seed);
    const folder = project({ 'program.js': program.source(false) });
    const copy = mkdtempSync(path.join(os.tmpdir(), 'hindcast-diff-'));
    cpSync(folder, copy, { recursive: true });
    writeFileSync(path.join(copy, 'program.js'), program.source(true));
    const [a, b] = [record(folder, ...program.args), record(copy, ...program.args)];
    const expected = firstDifferences(program.trace(false, program.args), program.trace(true, program.args));
    check(a, b, expected, folder, program.source(false));
  });
});

describe('memory as it is found', () => {
  const source = (written: number): string => `
    const found = Buffer.allocUnsafeSlow(20_000);
    found.set(Buffer.from('12345678'.repeat(2500)));
    const again = Buffer.allocUnsafeSlow(20_000);
    const some = Buffer.allocUnsafe(64);
    some.writeUInt32LE(7, 0);
    const first = again[17] + 1;
    const own = Buffer.alloc(8);
    own.writeUInt32LE(${written}, 0);
    console.log(found.length + again.length + some.readUInt32LE(0), first > 0);
  `;
  const between = (a: number, b: number): Found => {
    const folder = project({ 'program.js': source(a) });
    const one = record(folder);
    writeFileSync(path.join(folder, 'program.js'), source(b));
    return json<Found>(run(folder, 'diff', one, record(folder), '--json'));
  };

  test('is no difference', () => {
    expect(between(1, 1).streams[0]?.value).toBeNull();
  });

  test('does not hide that other bytes were written', () => {
    expect(between(1, 2).streams[0]?.value?.a.place?.line).toBe(9);
  });
});

/** The slow way: the length of the longest common subsequence. */
function longestCommon(a: readonly number[], b: readonly number[]): number {
  let row = Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    b.forEach((y, j) => next.push(x === y ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!)));
    row = next;
  }
  return row[b.length]!;
}

describe('sequences', () => {
  test('are aligned as well as can be', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed);
      const list = (): number[] => Array.from({ length: random.below(30) }, () => random.below(6));
      const [a, b] = [list(), list()];
      const pairs = alignSequences(a, b);
      const taken = [...pairs].filter((at) => at >= 0);
      expect(taken).toEqual(taken.toSorted((x, y) => x - y));
      expect(new Set(taken).size).toBe(taken.length);
      pairs.forEach((at, i) => expect(at < 0 || a[i] === b[at]).toBe(true));
      expect(taken.length).toBe(longestCommon(a, b));
    }
  });

  test('that differ nearly everywhere keep what they have in common', () => {
    const a = Array.from({ length: 6000 }, (_, i) => (i % 3 === 0 ? i : -1));
    const b = Array.from({ length: 6000 }, (_, i) => (i % 3 === 0 ? i : -2));
    const pairs = alignSequences(a, b);
    for (let i = 0; i < a.length; i += 3) expect(pairs[i]).toBe(i);
  });
});
