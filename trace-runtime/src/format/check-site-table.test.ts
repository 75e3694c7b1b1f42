import { expect, test } from 'vitest';
import type { SiteTable } from '../model/sites.ts';
import { isSiteTable } from './check-site-table.ts';

const at = { start: 0, end: 9 };
const flags = { outerEnvironment: false, environment: false, this: false, newTarget: false, arguments: false };
const facts = { async: false, generator: false, strict: true, parameters: [], length: 0 };
const scope = { function: 0, captured: false, ...at };
const table: SiteTable = {
  version: 1,
  language: 'javascript',
  hash: 'ab',
  level: 'steps',
  functions: [{ name: '', kind: 'module', parent: -1, firstOp: 1, endOp: 5, scope: 0, outer: -1, ...facts, ...at }],
  scopes: [
    { kind: 'module', parent: -1, variables: [0], ...scope },
    { kind: 'block', parent: 0, variables: [], ...scope },
  ],
  variables: [{ name: 'a', scope: 0, kind: 'let', start: 4 }],
  ops: [
    { k: 'none' },
    { k: 'enter', function: 0, parameters: [], ...flags, ...at },
    { k: 'statement', progress: true, ...at },
    {
      k: 'write',
      variable: 0,
      value: { from: 'derived', rule: { e: 'unary', op: '-', a: { e: 'const', value: 1 } } },
      elided: true,
      guarded: false,
      ...at,
    },
    { k: 'exit', ...at },
  ],
  degraded: [],
};

function changed(change: (copy: { [key: string]: never }) => void): unknown {
  const copy = structuredClone(table);
  change(copy as never);
  return copy;
}

test('a table as the instrumenter makes it is one', () => {
  expect(isSiteTable(table)).toBe(true);
  expect(isSiteTable({ ...table, imports: [], exports: [{ name: 'a', variable: 0 }] })).toBe(true);
});

test.each<[string, (copy: SiteTable & Record<string, never>) => void]>([
  ['a newer version', (copy) => Object.assign(copy, { version: 2 })],
  ['no functions', (copy) => Object.assign(copy, { functions: [] })],
  ['a name that is no text', (copy) => Object.assign(copy.variables[0]!, { name: 7 })],
  ['a variable of no scope', (copy) => Object.assign(copy.variables[0]!, { scope: 2 })],
  ['a scope around itself', (copy) => Object.assign(copy.scopes[1]!, { parent: 1 })],
  ['a scope that has a variable too many', (copy) => Object.assign(copy.scopes[1]!, { variables: [1] })],
  ['a function whose ops are not there', (copy) => Object.assign(copy.functions[0]!, { endOp: 7 })],
  ['null in the place of imports', (copy) => Object.assign(copy, { imports: null })],
  ['an op of unknown kind', (copy) => Object.assign(copy.ops[2]!, { k: 'constructor' })],
  ['an op without a place', (copy) => Object.assign(copy.ops[4]!, { start: null })],
  ['an op that writes no variable', (copy) => Object.assign(copy.ops[3]!, { variable: 1 })],
  [
    'a rule of unknown kind',
    (copy) => Object.assign(copy.ops[3]!, { value: { from: 'derived', rule: { e: 'call' } } }),
  ],
])('%s makes it none', (_, change) => {
  expect(isSiteTable(changed(change as never))).toBe(false);
});

test('rules that are nested without end are none', () => {
  let rule: object = { e: 'this' };
  for (let depth = 0; depth < 5000; depth++) rule = { e: 'unary', op: '-', a: rule };
  const ops = table.ops.map((op) => (op.k === 'write' ? { ...op, value: { from: 'derived', rule } } : op));
  expect(isSiteTable({ ...table, ops })).toBe(false);
});
