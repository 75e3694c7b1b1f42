import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addMark, readMarks, removeMarks, type Mark } from './marks.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-marks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mark = (more: Partial<Mark> = {}): Mark => ({
  stream: 'a',
  moment: 7,
  expression: 'total',
  actual: '7',
  expected: '8',
  markedAt: 1,
  ...more,
});

test('a mark is kept, in a file of its user alone', () => {
  addMark(folder, mark());
  expect(readMarks(folder)).toEqual([mark()]);
  expect(statSync(path.join(folder, 'marks.json')).mode & 0o777).toBe(0o600);
});

test('a second mark of the same expression at the same moment replaces the first', () => {
  addMark(folder, mark());
  addMark(folder, mark({ expression: 'other' }));
  addMark(folder, mark({ expected: '9' }));
  expect(readMarks(folder).map(({ expression, expected }) => [expression, expected])).toEqual([
    ['other', '8'],
    ['total', '9'],
  ]);
});

test('marks of a moment are taken away, and others stay', () => {
  addMark(folder, mark());
  addMark(folder, mark({ moment: 8 }));
  removeMarks(folder, 'a', 7);
  expect(readMarks(folder).map(({ moment }) => moment)).toEqual([8]);
});

test.each(['', 'no JSON', '{}', '[1, null, {"stream": 3}]'])('a damaged file has no marks: %s', (text) => {
  writeFileSync(path.join(folder, 'marks.json'), text);
  expect(readMarks(folder)).toEqual([]);
});
