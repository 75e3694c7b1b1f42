/** Programs that name their lines by comments, and what is expected of questions about them. */
import { expect } from 'vitest';
import { ask, describe as told, linesOf, trace } from './kit.ts';

/** `a b c: literal`: the lines behind the one that asks, and how the chain ends. */
export async function check(source: string, expression: string, expected: string): Promise<void> {
  const traced = await trace(source);
  const chain = ask(traced, source, expression);
  const lines = source.split('\n');
  const names = linesOf(traced, chain).map((line) => /\/\/ (\w+)$/.exec(lines[line - 1] ?? '')?.[1] ?? `line ${line}`);
  const path = names.filter((name, i) => !(i === 0 && name === 'ask')).join(' ');
  expect(`${path}: ${chain.hops.at(-1)?.kind}`, told(traced, chain).join('\n')).toBe(expected);
}

/** One hop's sentence has the text. */
export async function says(source: string, expression: string, text: string | RegExp): Promise<void> {
  const traced = await trace(source);
  const hops = told(traced, ask(traced, source, expression));
  expect(hops.join('\n')).toMatch(text);
}
