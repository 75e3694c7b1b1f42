import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { wordsOf } from '../../trace-runtime/src/query/cursor.ts';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { Navigator } from '../../trace-runtime/src/query/navigator.ts';
import { openStream, type StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { Timeline, finish, type TimelineOptions } from '../../trace-runtime/src/query/timeline.ts';
import { recordInProcess, type RecordedProgram } from '../support/record-in-process.ts';
import { stateDigest } from '../support/state-digest.ts';
import { programs } from './language-programs.ts';
import { random, randomWalks } from './walks.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'timeline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let indices = 0;

interface Options extends TimelineOptions {
  /** made: while the stream is read; opened: by an earlier reader */
  readonly indexed?: 'made' | 'opened';
}

const timelineOf = (program: RecordedProgram, { indexed, ...options }: Options): Timeline => {
  if (!indexed) return new Timeline(program.replay(), options).readAll();
  const index = { folder: path.join(folder, String(indices++)), identity: 'words' };
  const made = new Timeline(program.replay(), { ...options, index }).readAll();
  return indexed === 'made' ? made : new Timeline(program.replay(), { ...options, index }).readAll();
};

interface Place {
  readonly plain: StreamReplay;
  readonly digest: readonly string[];
}

function statesOf(program: RecordedProgram): { readonly end: number; readonly places: readonly Place[] } {
  const whole = program.replay();
  whole.runToEnd();
  const { moment: end } = whole;
  const next = random(7);
  const places = Array.from({ length: 25 }, () => {
    const plain = program.replay();
    plain.runTo(next(end + 1));
    return { plain, digest: stateDigest(plain) };
  });
  return { end, places };
}

const large = `
  const list = []; const map = new Map(); const bytes = new Uint8Array(5000); const object = {};
  for (let i = 0; i < 2100; i++) { list.push({ i }); map.set('k' + i, i); bytes[i] = i; object['p' + i] = i; }
  for (let i = 0; i < 200; i++) { list[i * 10] = i; map.set('k' + i, -i); bytes[i * 20] = 1; object['p' + i] = 'x'; }
  map.delete('k5'); list.splice(10, 5); list.sort(); list.length = 100; delete object.p7; map.clear();
  report(list.length);
`;

/** Objects that a text made: most stay as they are, some change at once, others later. */
const parsed = `
  const text = JSON.stringify({ list: Array.from({ length: 40 }, (_, i) => ({ i, tags: ['a', { deep: [i, -0, 1.5] }], text: 'x'.repeat(i * 3) })),
    ['__proto__']: { own: [] }, 7: { k: null }, padding: '.'.repeat(64) });
  const kept = [];
  const read = () => { const made = JSON.parse(text); made.list[3].tags.push(made); return made; };
  for (let round = 0; round < 12; round++) {
    const made = read();
    const found = made.list.filter((each) => each.i % 7 === round % 7);
    kept.push(found[1], made[7]);
    if (round > 2) { kept[round].later = found.length; delete kept[round - 1].text; }
    if (round === 9) Object.freeze(kept[1].tags);
  }
  kept[0].tags[1].deep.length = 1;
  report(JSON.stringify(kept).length);
`;

describe.each([...Object.entries(programs), ['large collections', large], ['parsed texts', parsed]])(
  '%s',
  (name, source) => {
    let made: Promise<RecordedProgram> | undefined;
    const recorded = (): Promise<RecordedProgram> => (made ??= recordInProcess(source));
    /** the states at places of the run, by replaying from the beginning */
    let states: { readonly end: number; readonly places: readonly Place[] } | undefined;
    afterAll(() => (states = undefined));

    test.each([
      { steps: 7, bytes: 1e9 },
      { steps: 3, bytes: 20_000 },
      { steps: 7, stretches: 3, indexed: 'made' },
      { steps: 7, stretches: 3, indexed: 'opened' },
      { steps: 11, stretches: 5, indexed: 'opened' },
    ] as const)('every place is reached as by replaying from the beginning: %o', async (options) => {
      const program = await recorded();
      states ??= statesOf(program);
      const timeline = timelineOf(program, options);
      expect(timeline.end!.moment).toBe(states.end);
      for (const { plain, digest } of states.places) {
        timeline.seekMoment(plain.moment);
        expect(stateDigest(timeline.replay, plain)).toEqual(digest);
      }
    });

    test.each([{ steps: 3 }, { steps: 3, stretches: 12, indexed: 'opened' }] as const)(
      'passing over stretches finds the same statements: %o',
      async (options) => {
        const timeline = timelineOf(await recorded(), options);
        const next = random(9);
        const sites = new Set<number>();
        timeline.seekMoment(0);
        finish(timeline.forward({ statement: ({ file }, op) => (sites.add(file.base + op), false) }));
        // a stretch of large collections takes as long as all of another program
        const sought = name === 'large collections' ? 4 : 15;
        for (let i = 0; i < sought; i++) {
          const site = [...sites][next(sites.size)]!;
          const statement = ({ file }: Activation, op: number): boolean => file.base + op === site;
          const from = timeline.end!;
          const found = [{ statement }, { statement, sites: new Set([site]) }].map((find) => {
            expect(finish(timeline.backward(from, find))).toBe(true);
            const last = timeline.position;
            timeline.seekMoment(0);
            expect(finish(timeline.forward(find))).toBe(true);
            return [last, timeline.position];
          });
          expect(found[1]).toEqual(found[0]);
        }
      },
    );

    test.each([{ steps: 11 }, { steps: 11, stretches: 3, indexed: 'opened' }] as const)(
      'a step and its reverse end where they began: %o',
      async (options) => {
        const timeline = timelineOf(await recorded(), options);
        const { into, faults } = randomWalks(timeline, 40, 3, true);
        expect(faults).toEqual([]);
        expect(into).toBeGreaterThan(0);
      },
    );
  },
);

test.each([
  ['torn', (file: string) => truncateSync(file, 100)],
  ['empty', (file: string) => truncateSync(file, 0)],
  ['gone', (file: string) => rmSync(file)],
  ['overwritten', (file: string) => writeFileSync(file, Buffer.alloc(100_000, 7))],
] as const)('an index is made again where a file of it is %s, or its words are others', async (_, damage) => {
  const program = await recordInProcess(programs['closures in loops']!);
  const index = { folder: path.join(folder, String(indices++)), identity: 'words' };
  const plain = program.replay();
  plain.runToEnd();
  const check = (place: typeof index): void => {
    const timeline = new Timeline(program.replay(), { steps: 7, stretches: 3, index: place }).readAll();
    expect(stateDigest(timeline.replay, plain)).toEqual(stateDigest(plain));
  };
  check(index);
  for (const which of [0, 1]) {
    damage(path.join(index.folder, readdirSync(index.folder).toSorted()[which]!));
    check(index);
    check(index);
  }
  check({ ...index, identity: 'other words' });
  for (const name of readdirSync(index.folder))
    expect(statSync(path.join(index.folder, name)).mode & 0o777).toBe(0o600);
});

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('on a disk that is soon full', () => {
  const short = programs['closures in loops']!;
  test.each([
    ['within the state', 0, large],
    ['before what is written last', 4096, short],
    ['at once', 8192, short],
  ])('a stream is moved through all the same, and its reader says why: %s', async (_when, used, source) => {
    const program = await recordInProcess(source);
    const disk = mkdtempSync(path.join(folder, 'disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k,mode=700', 'tmpfs', disk]);
    try {
      writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(used, 1));
      const index = { folder: path.join(disk, 'index'), identity: 'words' };
      const timeline = new Timeline(program.replay(), { steps: 7, stretches: 3, index }).readAll();
      expect(timeline.indexFault).toMatch(/ENOSPC/);
      for (const share of [1, 0.5, 0.1, 0.9]) {
        const moment = Math.floor(timeline.end!.moment * share);
        const there = program.replay();
        there.runTo(moment);
        timeline.seekMoment(moment);
        expect(stateDigest(timeline.replay, there)).toEqual(stateDigest(there));
      }
      expect(readdirSync(index.folder)).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});

test('damaged streams neither throw nor hang, whichever way one goes through them', { timeout: 120_000 }, async () => {
  const next = random(5);
  for (const source of Object.values(programs)) {
    const program = await recordInProcess(source);
    for (let round = 0; round < 6; round++) {
      const chunks = program.words.map((words) => words.slice());
      for (let i = 0; i < 4; i++) {
        const words = chunks[next(chunks.length)]!;
        words[next(words.length)] = next(3) === 0 ? next(2 ** 32) | 0 : (next(600) << 4) | next(16);
      }
      const replay = openStream(wordsOf(...chunks), () => program.table);
      const timeline = new Timeline(replay, { steps: 9 }).readAll();
      const navigator = new Navigator(timeline);
      for (let i = 0; i < 4; i++) {
        timeline.seekMoment(next(timeline.end!.moment + 1));
        finish(navigator.stepBack());
        finish(navigator.next());
        finish(navigator.reverseOut());
        finish(navigator.stepIn());
        new StateReader(replay).stack();
      }
    }
  }
});
