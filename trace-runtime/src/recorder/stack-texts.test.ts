import { describe, expect, test } from 'vitest';
import { createStackTexts } from './stack-texts.ts';
import { bench, realmOf } from './test-words.ts';

function recorded() {
  const stackTexts = createStackTexts();
  const b = bench({ stackTexts });
  const run = realmOf(b.recorder);
  const record = (value: unknown): void => void b.hook('1', b.site(1), value);
  const texts = (): string[] => b.records().filter((text) => text.includes('stack'));
  return { b, run, record, texts, stackTexts };
}

describe('the text of a stack', () => {
  test('is recorded when it is made, for an error that is known', () => {
    const { run, record, texts, stackTexts } = recorded();
    const error = run('new Error("no")') as Error;
    stackTexts.made(error, 'not known yet');
    expect(texts()).toEqual([]);
    record(error);
    stackTexts.made(error, 'the text');
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toMatch(/^set:.*stack,the text$/);
  });

  test('made before the error is known, it is in its definition', () => {
    const { b, run, record, stackTexts } = recorded();
    const error = run('new Error("no")') as Error;
    stackTexts.made(error, 'the text');
    record(error);
    expect(b.object(Number(/#(\d+)/.exec(b.records()[0] ?? '')?.[1]))).toContain('(the text)');
  });

  test('an object gets a stack that nobody has looked at, and no look makes it', () => {
    const { run, record, texts } = recorded();
    const holder = run(`
      var made = 0;
      Error.prepareStackTrace = () => String(++made);
      var holder = {};
      holder`) as { stack?: unknown };
    record(holder);
    run('Error.captureStackTrace(holder)');
    expect(texts()).toEqual([expect.stringMatching(/^define:.*stack,opaque,5$/)]);
    expect(run('made')).toBe(0);
    record(run('var late = {}; Error.captureStackTrace(late); late'));
    expect(run('made')).toBe(0);
  });

  test('the stack begins where it does without the recorder', () => {
    const { run } = recorded();
    const names = run(`
      Error.prepareStackTrace = (error, frames) => frames.slice(0, 2).map((frame) => frame.getFunctionName());
      function inner(above) { const holder = {}; Error.captureStackTrace(holder, above); return holder.stack; }
      function outer(above) { return inner(above); }
      [outer(), outer(inner)].map(String)`);
    expect(names).toEqual(['inner,outer', 'outer,']);
  });
});
