/** Why statements ran, and why others did not. */
import { describe, expect, test } from 'vitest';
import { decision } from '../../trace-runtime/src/analysis/control.ts';
import { whyNot, type WhyNot } from '../../trace-runtime/src/analysis/why-not.ts';
import { done, lineOf, standAtLine, trace } from './kit.ts';

async function notRun(source: string, mark = '// not'): Promise<WhyNot> {
  const traced = await trace(source);
  const [file] = traced.files;
  const start = source.lastIndexOf('\n', source.indexOf(mark)) + 1;
  return done(whyNot(traced, file!, start, source.indexOf(mark)))!;
}

async function ran(source: string, mark = '// ask'): Promise<string[]> {
  const traced = await trace(source);
  standAtLine(traced, lineOf(source, mark));
  const decisions = done(decision(traced, traced.timeline.replay.stack.at(-1)!.serial));
  return decisions.map(({ kind, what, tests }) =>
    [kind, what, ...tests.map(({ text, value }) => `${text} ${String(value)}`)].join(' · '),
  );
}

describe('what led to a statement', () => {
  test('the conditions around it, the nearest first, then the call', async () => {
    const decisions = await ran(`function f(a, b) {
  if (a > 1) {
    if (b !== 2) report(0);
    else report(a); // ask
  }
}
f(3, 2);`);
    expect(decisions).toEqual([
      'condition · b !== 2 was false. · b 2',
      'condition · a > 1 was true. · a 3',
      'call · It was called by f(3, 2).',
    ]);
  });

  test('guards that did not leave', async () => {
    const decisions = await ran(`function f(user) {
  if (!user) return 0;
  for (const each of user.list) {
    if (each === 1) continue;
    report(each); // ask
  }
}
f({ list: [1, 2] });`);
    expect(decisions.map((each) => each.split(' · ').slice(0, 2).join(' · '))).toEqual([
      'guard · each === 1 was false.',
      'loop · user.list gave one more element.',
      'guard · !user was false.',
      'call · It was called by f({ list: [1, 2] }).',
    ]);
  });

  test('loops, switches, catch clauses', async () => {
    const decisions = await ran(`let n = 0;
while (n < 3) {
  n++;
  switch (n) {
    case 2:
      report(n); // ask
  }
}`);
    expect(decisions).toEqual(['case · n was 2. · n 2', 'loop · n < 3 was true. · n 1']);
  });
});

describe('what turned away from a statement', () => {
  test('a condition that was false each time', async () => {
    const { what, decisions } = await notRun(`function f(n) {
  if (n > 10) {
    report(n); // not
  }
}
f(1);
f(2);`);
    expect(what).toBe('n > 10 was false all 2 times.');
    expect(decisions[0]!.tests.map(({ text, value }) => [text, value])).toEqual([['n', 2]]);
    expect(decisions.map(({ kind }) => kind)).toEqual(['condition', 'call']);
  });

  test('the condition that decided, not one in an arm that did not run', async () => {
    const { what } = await notRun(`const on = false;
if (on) {
  if (on === 3) {
    report(1); // not
  }
}`);
    expect(what).toBe('on was false.');
  });

  test('an early return, and what decided it', async () => {
    const { what, decisions } = await notRun(`function f(user) {
  if (!user) return null;
  report(user); // not
}
f(undefined);`);
    expect(what).toBe('return null left before it because !user was true.');
    expect(decisions[0]!.tests.map(({ text, value }) => [text, value])).toEqual([['user', undefined]]);
  });

  test('continue and break', async () => {
    const { what } = await notRun(`for (const n of [1, 2]) {
  if (n < 5) continue;
  report(n); // not
}`);
    expect(what).toBe('continue left before it because n < 5 was true.');
  });

  test('an error that was thrown before it', async () => {
    const { what } = await notRun(`function f(o) {
  o.p.q();
  report(1); // not
}
try {
  f({});
} catch {}`);
    expect(what).toBe('An error left o.p.q before it.');
  });

  test('a wait that never ended', async () => {
    const { what } = await notRun(`async function f() {
  await new Promise(() => {});
  report(1); // not
}
f();`);
    expect(what).toBe('await new Promise(() => {}) still waits: it was never resumed.');
  });

  test('a loop over nothing, a loop whose condition was false', async () => {
    const nothing = await notRun(`const list = [];
for (const each of list) {
  report(each); // not
}`);
    expect(nothing.what).toBe('list gave no elements.');
    const never = await notRun(`let n = 5;
for (let i = n; i < 3; i++) {
  report(i, n.p()); // not
}`);
    expect(never.what).toBe('i < 3 was false.');
  });

  test('another case of a switch', async () => {
    const { what } = await notRun(`const kind = 'b';
switch (kind) {
  case 'a':
    report(1); // not
    break;
  default:
    report(2);
}`);
    expect(what).toBe("kind was not 'a'.");
  });

  test('a catch clause that nothing came to', async () => {
    const { what } = await notRun(`try {
  report(0);
} catch {
  report(1); // not
}
let end = [];`);
    expect(what).toBe('Nothing in the try block threw an error.');
  });

  test('a function that was never called: who could have called it', async () => {
    const { what, callers } = await notRun(`function f() {
  report(1); // not
}
function g() {
  f();
}
report(g);`);
    expect(what).toBe('f was never called: none of the 1 place that could have called it ran.');
    expect(callers.map(({ text, count }) => [text, count])).toEqual([['f()', 0]]);
  });

  test('a statement that ran after all', async () => {
    const { count, what } = await notRun('report(1); // not\nlet end = [];');
    expect([count, what]).toEqual([1, 'It ran 1 time.']);
  });
});
