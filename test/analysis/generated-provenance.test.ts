/** Of generated programs whose way of a value is known: every hop is true, and nearly all true hops are given. */
import { expect, test } from 'vitest';
import { askedIn, generate, type Generated } from './generated-programs.ts';
import { ask, describe as told, linesOf, trace } from './kit.ts';

/** `PROGRAMS=1000` has more. */
const PROGRAMS = Number(process.env['PROGRAMS'] ?? 60);
const SEED = 20_261_126;

interface Score {
  readonly given: number;
  /** hops that are on the value's way, in its order */
  readonly true: number;
  readonly expected: number;
  readonly text: string;
}

async function score(program: Generated): Promise<Score> {
  const traced = await trace(program.source);
  const chain = ask(traced, program.source, askedIn(program));
  const askingLine = program.source.split('\n').findIndex((line) => line.includes('// ask')) + 1;
  const lines = linesOf(traced, chain).filter((line, i) => !(i === 0 && line === askingLine));
  const text = `${program.source}\nexpected ${program.lines.join(' ')}\n${told(traced, chain).join('\n')}`;
  return { given: lines.length, true: common(lines, program.lines), expected: program.lines.length, text };
}

/** Length of the longest common subsequence. */
function common(a: readonly number[], b: readonly number[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const each of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j++)
      next.push(each === b[j - 1] ? row[j - 1]! + 1 : Math.max(row[j]!, next[j - 1]!));
    row = next;
  }
  return row[b.length]!;
}

test('every hop of a generated program is true, and nearly all true hops are given', { timeout: 240_000 }, async () => {
  const scores: Score[] = [];
  for (let i = 0; i < PROGRAMS; i++) scores.push(await score(generate(SEED + i)));
  const sum = (of: (score: Score) => number): number => scores.reduce((all, each) => all + of(each), 0);
  const given = sum((each) => each.given);
  const right = sum((each) => each.true);
  const expected = sum((each) => each.expected);
  const share = (part: number, all: number): string => `${((100 * part) / all).toFixed(1)} %`;
  process.stdout.write(
    `provenance: ${PROGRAMS} programs, ${given} hops given, ${share(right, given)} true; ` +
      `${share(right, expected)} of ${expected} true hops given\n`,
  );
  const wrong = scores.find((each) => each.true < each.given);
  expect(wrong?.text ?? '').toBe('');
  expect(right / expected).toBeGreaterThanOrEqual(0.95);
});
