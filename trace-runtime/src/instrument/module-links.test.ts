import { expect, test } from 'vitest';
import { instrument } from './instrument.ts';

function links(source: string, fileName = 'a.mjs') {
  const { table } = instrument(source, { fileName, level: 'steps', goal: 'module' });
  const name = (index: number): string => table.variables[index]?.name ?? '';
  return {
    imports: table.imports?.map(({ variable, specifier, imported }) => `${name(variable)}=${specifier}#${imported}`),
    exports: table.exports?.map((e) => `${e.name}=${e.specifier ? `${e.specifier}#${e.imported}` : name(e.variable)}`),
  };
}

test('imports are listed by what they bind', () => {
  expect(links(`import d, { a, b as c } from './x.mjs';import * as all from 'y';import './z.mjs'`).imports).toEqual([
    'd=./x.mjs#default',
    'a=./x.mjs#a',
    'c=./x.mjs#b',
    'all=y#*',
  ]);
});

test('exports of every kind are listed', () => {
  const source = `
    export const { a, b: [c] } = {}; export let d; export function e() {} export class F {}
    let g; export { g as h, g as default }; export * from './x.mjs'; export * as y from './y.mjs'; export { z } from './z.mjs';`;
  expect(links(source).exports).toEqual([
    'a=a',
    'c=c',
    'd=d',
    'e=e',
    'F=F',
    'h=g',
    'default=g',
    '*=./x.mjs#*',
    'y=./y.mjs#*',
    'z=./z.mjs#z',
  ]);
  expect(links('export default 5').exports).toEqual(['default=']);
  expect(links('export default function named() {}').exports).toEqual(['default=named']);
});

test('what only types need is not named', () => {
  const source = `import type { A } from './a.ts'; import { B, c } from './b.ts'; export const x: B = c;`;
  expect(links(source, 'm.ts').imports).toEqual(['c=./b.ts#c']);
});
