import { expect, test } from 'vitest';
import { createCoverageMap, type ScriptCoverage } from './coverage-map.ts';
import type { LineEdits, LoadedFile, LoadedFiles } from './loaded-files.ts';

const file: LoadedFile = { path: '/p/a.js', key: 'k', base: 256, ops: 9, offsets: { line: 0, column: 0 } };
/** `f=()=>{A();x()}`, then `y()` on a line of its own, with insertions in brackets: `[__1;]f=()=>{[__22;]x()}`, `[__3;]y()` */
const TEXT = '__1;f=()=>{__22;x()}\n__3;y()';
const EDITS: LineEdits = new Map([
  [0, [0, 4, 7, 5]],
  [1, [0, 4]],
]);
const files: LoadedFiles = {
  add: () => {},
  byPath: (path) => (path === file.path ? file : undefined),
  byControl: () => undefined,
  byScript: () => undefined,
  hasTexts: false,
  edits: () => EDITS,
  source: () => [],
};
const map = createCoverageMap({ files, textOf: () => TEXT, own: (path) => path.startsWith('/own') });

function script(url: string, ...functions: readonly (readonly [string, ...[number, number][]])[]): ScriptCoverage {
  return {
    scriptId: '1',
    url,
    functions: functions.map(([functionName, ...ranges]) => ({
      functionName: functionName as string,
      isBlockCoverage: true,
      ranges: (ranges as [number, number][]).map(([startOffset, endOffset]) => ({ startOffset, endOffset, count: 1 })),
    })),
  };
}

test('ranges are told in the offsets of the original, those of inserted code are left out', () => {
  const list = [script('file:///p/a.js', ['', [0, 28], [11, 16]], ['f', [6, 20], [16, 19]], ['__hcx', [0, 3]])];
  map.scripts(list);
  expect(list[0]!.functions.map(({ ranges }) => ranges.map((r) => `${r.startOffset}-${r.endOffset}`).join())).toEqual([
    '0-15',
    '2-11,7-10',
  ]);
});

test('our own scripts are not covered, and no function has a name of ours', () => {
  const list = [script('file:///own/preload.cjs', ['', [0, 9]]), script('file:///p/a.js', ['__hcs', [0, 28]])];
  map.scripts(list);
  expect(list.map(({ url, functions }) => [url, functions[0]?.functionName])).toEqual([['file:///p/a.js', '']]);
});

test('lengths of lines are the original ones', () => {
  const cache = { 'file:///p/a.js': { lineLengths: [20, 7] } };
  map.sourceMaps(cache);
  expect(cache['file:///p/a.js'].lineLengths).toEqual([11, 3]);
});
