import { describe, expect, test } from 'vitest';
import { Navigator } from '../../trace-runtime/src/query/navigator.ts';
import { Timeline, type TimelineOptions } from '../../trace-runtime/src/query/timeline.ts';
import { recordInProcess, type RecordedProgram } from '../support/record-in-process.ts';
import { stateDigest } from '../support/state-digest.ts';
import { programs } from './language-programs.ts';

/** Repeatable. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const timelineOf = (program: RecordedProgram, options: TimelineOptions): Timeline =>
  new Timeline(program.replay(), options).readAll();

const large = `
  const list = []; const map = new Map(); const bytes = new Uint8Array(5000); const object = {};
  for (let i = 0; i < 3000; i++) { list.push({ i }); map.set('k' + i, i); bytes[i] = i; object['p' + i] = i; }
  for (let i = 0; i < 300; i++) { list[i * 7] = i; map.set('k' + i, -i); bytes[i * 3] = 1; object['p' + i] = 'x'; }
  map.delete('k5'); list.splice(10, 5); list.sort(); list.length = 100; delete object.p7; map.clear();
  report(list.length);
`;

describe.each([...Object.entries(programs), ['large collections', large]])('%s', (_name, source) => {
  test.each([
    { steps: 7, bytes: 1e9 },
    { steps: 3, bytes: 20_000 },
  ])('every place is reached as by replaying from the beginning: %o', async (options) => {
    const program = await recordInProcess(source);
    const timeline = timelineOf(program, options);
    const next = random(7);
    const { moment: end } = timeline.end!;
    const moments = Array.from({ length: 25 }, () => next(end + 1));
    for (const moment of moments) {
      const plain = program.replay();
      plain.runTo(moment);
      timeline.seekMoment(moment);
      expect(stateDigest(timeline.replay)).toEqual(stateDigest(plain));
    }
  });

  test('a step and its reverse end where they began', async () => {
    const timeline = timelineOf(await recordInProcess(source), { steps: 11 });
    const navigator = new Navigator(timeline);
    const next = random(3);
    const { statements } = timeline.end!;
    const innermost = () => timeline.replay.stack.at(-1)?.serial;
    for (let i = 0; i < 40; i++) {
      const target = next(statements);
      timeline.seekMoment(0);
      expect(timeline.forward({ statement: () => timeline.replay.statements >= target })).toBe(true);
      const start = timeline.position;
      const own = innermost();
      const before = stateDigest(timeline.replay);
      if (navigator.stepIn()) {
        expect(navigator.reverseInto()).toBe(true);
        expect(timeline.position).toEqual(start);
        expect(stateDigest(timeline.replay)).toEqual(before);
      }
      timeline.seek(start);
      if (navigator.next() && innermost() === own) {
        expect(navigator.stepBack()).toBe(true);
        expect(timeline.position).toEqual(start);
        expect(stateDigest(timeline.replay)).toEqual(before);
      }
    }
  });
});
