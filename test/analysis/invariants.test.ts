/** What held of variables in passing cases, and not in a failing one. */
import { expect, test } from 'vitest';
import { Invariants } from '../../trace-runtime/src/analysis/invariants.ts';
import { ranIn } from '../../trace-runtime/src/analysis/spectra.ts';
import { EventCode, type Moment } from '../../trace-runtime/src/query/moments.ts';
import { done, trace } from './kit.ts';

/** What the last of several calls of `probe` breaks of what the others showed, by line. */
async function brokenIn(body: string, calls: readonly string[]): Promise<string[]> {
  const source = `function probe(a, b) {\n${body}\n}\n${calls.map((each) => `probe(${each});`).join('\n')}\n`;
  const traced = await trace(source);
  const { timeline, reader } = traced;
  const spans: { first: Moment; last: Moment }[] = [];
  timeline.seekMoment(0);
  for (let first = -1; timeline.replay.step();) {
    const { code, activation, moment } = timeline.replay.event;
    if (activation?.site.name !== 'probe') continue;
    if (code === EventCode.enter) first = moment;
    if (code === EventCode.exit) spans.push({ first, last: moment + 1 });
  }
  expect(spans).toHaveLength(calls.length);
  const invariants = new Invariants(traced);
  for (const each of spans.slice(0, -1)) done(ranIn(traced, each, invariants.learn));
  done(ranIn(traced, spans.at(-1)!, invariants.check));
  return invariants.broken.map(({ file, op, what }) => {
    const { line } = reader.place(file, file.code.start[op]!)!;
    return `${line}: ${what}`;
  });
}

const TEN = Array.from({ length: 10 }, (_, i) => i + 1);

test('a number that was never below 0', async () => {
  const calls = [...TEN, -3].map((a) => `${a}, 'x'`);
  expect(await brokenIn('const c = a * 2;\nreturn c;', calls)).toContain(
    '2: a was never below 0 here in passing cases, 10 times, and was -3 in the failing one',
  );
});

test('a constant', async () => {
  const calls = [...TEN.map(() => '7, 1'), '8, 1'];
  expect(await brokenIn('return a;', calls)).toEqual([
    '2: a was always 7 here in passing cases, 10 times, and was 8 in the failing one',
  ]);
});

test('two variables that were equal', async () => {
  const calls = [...TEN.map((a) => `${a}, ${a}`), '3, 4'];
  expect(await brokenIn('return a + b;', calls)).toEqual([
    '2: a was equal to b here in passing cases, 10 times, and was 3 beside 4 in the failing one',
  ]);
});

test('an index within its list, and a list in order', async () => {
  const lists = TEN.map((a) => `${a}, [${Array.from({ length: a + 2 }, (_, i) => i)}]`);
  expect(await brokenIn('return b[a];', [...lists, '4, [1, 2]'])).toEqual([
    '2: a was below b.length here in passing cases, 10 times, and was 4 beside 2 in the failing one',
  ]);
  expect(await brokenIn('return b[a];', [...lists, '1, [3, 1, 2]'])).toEqual([
    '2: b was in order here in passing cases, 10 times, and was not in the failing one',
  ]);
});

test('what a few values show is not told', async () => {
  expect(await brokenIn('return a;', ['1, 1', '2, 5', '-3, 9'])).toEqual([]);
  expect(await brokenIn('return a + b;', [...TEN.map((a) => `${a}, ${20 - a}`), '14, 2'])).toEqual([]);
});
