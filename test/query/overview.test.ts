import { expect, test } from 'vitest';
import { Ending } from '../../trace-runtime/src/query/call-log.ts';
import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import { Throw } from '../../trace-runtime/src/query/overview.ts';
import type { StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { Timeline, type TimelineOptions } from '../../trace-runtime/src/query/timeline.ts';
import { recordInProcess, type RecordedProgram } from '../support/record-in-process.ts';
import { programs } from './language-programs.ts';

const overviewOf = (program: RecordedProgram, options: TimelineOptions = {}) =>
  new Timeline(program.replay(), options).readAll().overview;

const name = (replay: StreamReplay, site: number): string => {
  const file = replay.fileOf(site)!;
  return file.table.functions[file.code.owner[site - file.base]!]!.name;
};

const MANY = `
  function leaf(i) { return i * 2; }
  function middle(i) { return leaf(i) + leaf(i + 1); }
  async function waits(i) { const a = middle(i); await null; return a + leaf(i); }
  function* counts(n) { for (let i = 0; i < n; i++) yield leaf(i); }
  function* twice(n) { yield* counts(n); yield* counts(n); }
  function fails(i) { if (i > 2) throw new TypeError('too many: ' + i); return fails(i + 1); }
  for (let i = 0; i < 20; i++) middle(i);
  for (const each of twice(3)) leaf(each);
  try { fails(0); } catch (error) { report(error.message); }
  waits(1).then(() => waits(2)).then(report);
`;

test.each([...Object.entries(programs), ['calls of all kinds', MANY]])(
  'the stack at every moment is that of the spans: %s',
  async (_, source) => {
    const program = await recordInProcess(source);
    const { calls } = overviewOf(program, { steps: 9, bytes: 30_000 });
    const replay = program.replay();
    const wrong: unknown[] = [];
    for (let moment = 0; ; moment++) {
      const stack: number[] = [];
      for (let at = calls.spanAt(moment) ?? -1; at >= 0; at = calls.parentOf(at)) stack.unshift(calls.serial[at]!);
      replay.runTo(moment);
      const running = replay.stack.map(({ serial }) => serial);
      if (stack.join() !== running.join()) wrong.push({ moment, stack, running });
      if (replay.moment < moment) break;
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(calls.calls).toBe(replay.activations);
  },
);

test('a call knows what it holds, how it ended, and where it went on', async () => {
  const program = await recordInProcess(MANY);
  const { calls } = overviewOf(program);
  const replay = program.replay();
  replay.runToEnd();
  const named = (wanted: string): number[] => {
    const found: number[] = [];
    for (let i = 0; i < calls.count; i++)
      if (name(replay, calls.site[i]!) === wanted && !calls.isResumed(i)) found.push(i);
    return found;
  };
  for (const span of named('middle')) {
    expect(calls.endOf(span) - span).toBe(3);
    expect(calls.callsBegun(span + 1, calls.endOf(span))).toBe(2);
    expect(calls.endingOf(span)).toBe(Ending.returned);
  }
  const waits = named('waits').map((span) => calls.spansOf(calls.serial[span]!));
  expect(waits.map((spans) => spans.map((span) => calls.endingOf(span)))).toEqual([
    [Ending.waits, Ending.returned],
    [Ending.waits, Ending.returned],
  ]);
  expect(named('fails').map((span) => [calls.depth[span], calls.endingOf(span)])).toEqual(
    [1, 2, 3, 4].map((depth) => [depth, Ending.threw]),
  );
});

test('throws, catches, output and statements are counted where they happen', async () => {
  const program = await recordInProcess(MANY);
  const timeline = new Timeline(program.replay(), { steps: 9, bytes: 30_000 }).readAll();
  const { throws, calls } = timeline.overview;
  expect([...throws.kind.subarray(0, throws.count)]).toEqual([Throw.thrown, Throw.caught]);
  expect(throws.texts).toEqual(['TypeError: too many: 3', 'TypeError: too many: 3']);
  const hits = new Map<number, number>();
  const events = new Map<number, number>();
  const replay = program.replay();
  replay.onStatement(({ file }, op) => void hits.set(file.base + op, (hits.get(file.base + op) ?? 0) + 1));
  while (replay.step()) events.set(replay.event.moment, replay.event.code);
  expect(events.get(throws.moment[0]!)).toBe(EventCode.throw);
  for (const [site, count] of hits) expect(timeline.overview.hitsOf(site)).toBe(count);
  for (let i = 0; i < calls.count; i++)
    expect([EventCode.enter, EventCode.resume]).toContain(events.get(calls.enter[i]!));
});
