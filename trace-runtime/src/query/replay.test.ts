import { describe, expect, it } from 'vitest';
import type { Op, ScopeSite, SiteTable, VariableSite } from '../model/sites.ts';
import { Assembler, object } from '../../../test/support/assemble-words.ts';
import { ObjectKind } from '../wire/words.ts';
import { wordsOf } from './cursor.ts';
import { eventsOf } from './events.ts';
import { openStream } from './replay.ts';
import type { StreamReplay } from './replay.ts';
import { StateReader, findVariable } from './state.ts';

const SOURCE =
  'function f(n) {\n  let t = n * 2;\n  while (t > 0) { t = t - 3; }\n  return t;\n}\nlet r = f(4);\nlet s = 1;\n';
const BASE = 256;
const logged = { from: 'logged' } as const;
const variable = (index: number) => ({ e: 'variable', variable: index }) as const;
const minus = (a: number, value: number) =>
  ({ from: 'derived', rule: { e: 'binary', op: '-', a: variable(a), b: { e: 'const', value } } }) as const;
const at = (text: string) => ({ start: SOURCE.indexOf(text), end: SOURCE.indexOf(text) + text.length });
const quiet = { outerEnvironment: false, environment: false, this: false, newTarget: false, arguments: false };

/** f's variables: n 0, t 1; the file's: r 2, s 3. */
const ops: Op[] = [
  { k: 'none' },
  { k: 'enter', function: 0, parameters: [], ...quiet, start: 0, end: 0 },
  { k: 'statement', progress: true, ...at('let r = f(4)') },
  { k: 'write', variable: 2, value: logged, elided: false, guarded: false, ...at('r = f(4)') },
  { k: 'statement', progress: false, ...at('let s = 1') },
  {
    k: 'write',
    variable: 3,
    value: { from: 'derived', rule: { e: 'const', value: 1 } },
    elided: true,
    guarded: false,
    ...at('s = 1'),
  },
  { k: 'exit', ...at('let s = 1') },
  { k: 'enter', function: 1, parameters: [0], ...quiet, ...at('function f') },
  { k: 'statement', progress: false, ...at('let t = n * 2') },
  {
    k: 'write',
    variable: 1,
    elided: true,
    guarded: false,
    ...at('t = n * 2'),
    value: { from: 'derived', rule: { e: 'binary', op: '*', a: variable(0), b: { e: 'const', value: 2 } } },
  },
  { k: 'statement', progress: false, ...at('t > 0') },
  { k: 'block', arm: 'loop', else: 15, environment: false, scope: -1, enters: false, ...at('{ t = t') },
  { k: 'statement', progress: false, ...at('t = t - 3') },
  { k: 'write', variable: 1, value: minus(1, 3), elided: true, guarded: false, ...at('t = t - 3') },
  { k: 'jump', to: 10, throughFinally: false },
  { k: 'statement', progress: false, ...at('return t') },
  { k: 'return', value: { from: 'derived', rule: variable(1) }, pending: false, ...at('return t') },
  { k: 'exit', ...at('}\nlet r') },
];
const variables: VariableSite[] = [
  { name: 'n', scope: 1, kind: 'parameter', start: 11 },
  { name: 't', scope: 1, kind: 'let', start: 21 },
  { name: 'r', scope: 0, kind: 'let', start: 0 },
  { name: 's', scope: 0, kind: 'let', start: 0 },
];
const scopes: ScopeSite[] = [
  { kind: 'module', function: 0, parent: -1, start: 0, end: SOURCE.length, captured: false, variables: [2, 3] },
  {
    kind: 'function',
    function: 1,
    parent: 0,
    start: 0,
    end: SOURCE.indexOf('let r'),
    captured: false,
    variables: [0, 1],
  },
];
const site = { async: false, generator: false, strict: false, start: 0, end: 0, outer: 0, parameters: [], length: 0 };
const table: SiteTable = {
  version: 1,
  language: 'javascript',
  hash: 'h',
  level: 'steps',
  scopes,
  variables,
  ops,
  degraded: [],
  functions: [
    { ...site, name: '', kind: 'module', parent: -1, firstOp: 1, endOp: 7, scope: 0 },
    { ...site, name: 'f', kind: 'function', parent: 0, firstOp: 7, endOp: 18, scope: 1 },
  ],
};

const s = (op: number) => BASE + op;

function begin(): Assembler {
  return new Assembler().runtime('file', BASE, ops.length, 'h', '/p/a.js', 0).runtime('tick', 1, 0, 0, 0);
}

function wholeRun(): Assembler {
  return begin()
    .record(s(1), 0)
    .record(s(7), 2, 4)
    .record(s(11))
    .record(s(11))
    .record(s(11))
    .record(s(16))
    .record(s(3), -1)
    .record(s(6))
    .runtime('end', 0);
}

function open(words: Assembler, chunk?: number): StreamReplay {
  return openStream(
    words.source(chunk),
    (hash) => (hash === 'h' ? table : undefined),
    () => SOURCE,
  );
}

function locals(replay: StreamReplay): Record<string, unknown> {
  const scopesInSight = new StateReader(replay).stack()[0]?.scopes ?? [];
  return Object.fromEntries(scopesInSight.flatMap((scope) => scope.variables.map((v) => [v.name, v.value])));
}

describe('a replay', () => {
  it('visits statements in order with the state just before each', () => {
    const replay = open(wholeRun());
    const seen: string[] = [];
    replay.onStatement((act, op) => {
      const place = new StateReader(replay).place(act.file, act.file.code.start[op]!);
      const t = findVariable(new StateReader(replay).stack()[0]!.scopes, 't')?.value;
      seen.push(`${place?.line}:${typeof t === 'number' ? t : '-'}`);
    });
    replay.runToEnd();
    expect(seen).toEqual(['6:-', '2:-', '3:8', '3:8', '3:5', '3:5', '3:2', '3:2', '3:-1', '4:-1', '7:-']);
    expect(replay.problems.list).toEqual([]);
    expect(replay.exitCode).toBe(0);
    expect(replay.stack).toEqual([]);
    expect(replay.files[0]!.moduleScope!.values).toEqual([-1, 1]);
  });

  it('numbers events, computed ones included, and stops before any of them', () => {
    const kinds = [...eventsOf(open(wholeRun()))].map((event) => event.kind);
    expect(kinds).toEqual([
      'enter',
      'enter',
      'write',
      'branch',
      'write',
      'branch',
      'write',
      'branch',
      'write',
      'exit',
      'write',
      'write',
      'exit',
    ]);
    const replay = open(wholeRun());
    expect(replay.runTo(6)).toBe(true);
    expect(replay.moment).toBe(6);
    expect(locals(replay)).toMatchObject({ n: 4, t: 5 });
    const [inner, outer] = new StateReader(replay).stack();
    expect([inner!.functionName, inner!.place]).toEqual(['f', { line: 3, column: 19 }]);
    expect([outer!.functionName, outer!.place]).toEqual(['', { line: 6, column: 1 }]);
    expect(replay.runTo(99)).toBe(false);
  });

  it('gives the same whatever the chunks are', () => {
    const whole = [...eventsOf(open(wholeRun()))].map(({ file: _, ...rest }) => rest);
    for (const chunk of [1, 2, 3, 7]) {
      expect([...eventsOf(open(wholeRun(), chunk))].map(({ file: _, ...rest }) => rest)).toEqual(whole);
    }
  });

  it('stops at a predicate, and where the visitor says so', () => {
    const replay = open(wholeRun());
    expect(replay.runTo((r) => r.stack.length === 2)).toBe(true);
    let pauses = 0;
    replay.onStatement((_, op) => op === 12 && ++pauses === 2);
    replay.runToEnd();
    expect(replay.paused).toBe(true);
    expect(locals(replay)).toMatchObject({ t: 5 });
    replay.onStatement(undefined);
    replay.runToEnd();
    expect(replay.exitCode).toBe(0);
  });

  it('keeps what a torn stream held', () => {
    const words = begin().record(s(1), 0).record(s(7), 2, 4).record(s(11));
    const full = words.length;
    words.record(s(11)).record(s(3), 'longer');
    for (let cut = full; cut < words.length; cut++) {
      const all = words.source(100_000).next()!.slice(0, cut);
      const replay = openStream(wordsOf(all), () => table);
      replay.runToEnd();
      expect(replay.files[0]!.moduleScope!.values[0]).toMatchObject({ kind: 'uninitialised' });
    }
  });

  it('notes what does not fit and goes on', () => {
    const words = begin()
      .value(5)
      .record(s(16))
      .record(s(1), 0)
      .record(s(7), 2, 4)
      .record(9000)
      .record(s(6))
      .record(99, 1);
    const replay = open(words);
    replay.runToEnd();
    expect(replay.problems.count).toBeGreaterThanOrEqual(5);
    expect(replay.stack).toEqual([]);
  });

  it('takes of an array what is there, whatever length it says', () => {
    const words = begin()
      .runtime('defObject', 1, ObjectKind.array, 0, null, 'Array', 2 ** 29, 7, 8)
      .record(s(1), 0);
    const replay = open(words);
    replay.runToEnd();
    const { elements } = replay.heap.get(replay.heap.value(1))!;
    expect(elements!.slice(0, 2)).toEqual([7, 8]);
    // and what stands where the next one was expected
    expect(elements).toHaveLength(3);
  });

  it('never throws on random words', () => {
    let seed = 42;
    const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
    for (let round = 0; round < 200; round++) {
      const words = wholeRun();
      const all = words.source(100_000).next()!;
      for (let i = 0; i < 5; i++)
        all[20 + (random() % (all.length - 20))] = random() % 3 === 0 ? random() : (random() % 4096) | 7;
      const replay = openStream(wordsOf(all), () => table);
      expect(() => replay.runToEnd()).not.toThrow();
    }
  });

  it('says that a call left by a throw was, and where an uncaught error came from', () => {
    const words = begin().record(s(1), 0).record(s(7), 2, 4).record(s(11)).runtime('abrupt', 7);
    words.runtime('defObject', 1, 3, 0, null, 'TypeError', 'TypeError: no 12\n  at f', 1, 'message', 'no 12', 5);
    const replay = open(words.runtime('uncaught', 1, object(1)));
    replay.runToEnd();
    const [failure] = replay.failures.list;
    expect(failure).toMatchObject({ kind: 'exception', type: 'TypeError', message: 'no 12', moment: 4 });
    expect(failure!.frames.map((frame) => frame.functionName)).toEqual(['f', '']);
    expect(failure!.identity).toBe('|TypeError|no #|f@a.js<@a.js');
  });
});
