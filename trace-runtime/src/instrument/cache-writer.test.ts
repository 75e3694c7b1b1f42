import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpack } from 'msgpackr';
import { CacheWriter, requestKey, sourceMapOf } from './cache-writer.ts';
import { instrument } from './instrument.ts';
import { importsOf, requestFor } from './prefetch.ts';
import { answer } from './worker.ts';
import {
  entryPath,
  formatRequest,
  parseEntryHeader,
  parseRequest,
  type InstrumentRequest,
} from '../model/instrument-cache.ts';
import type { SiteTable } from '../model/sites.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-cache-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const request = (
  source: string,
  fileName = '/app/a.js',
  goal: InstrumentRequest['goal'] = 'commonjs',
): InstrumentRequest => {
  const asked = { source, fileName, level: 'steps', goal } as const;
  return { ...asked, key: requestKey('1', asked) };
};
const read = (key: string, part: Parameters<typeof entryPath>[2]): Buffer => readFileSync(entryPath(folder, key, part));

test('an entry holds the text, the insertions, the site table and the source, for the owner alone', () => {
  const asked = request('function f(a) { return a + 1; }\nf(1);');
  answer(asked, new CacheWriter(folder));
  const [header = '', ...lines] = read(asked.key, 'js').toString().split('\n');
  const table = unpack(read(asked.key, 'sites')) as SiteTable;
  expect(parseEntryHeader(header)).toBe(table.ops.length);
  expect(lines).toHaveLength(2);
  expect(table.hash).toBe(asked.key);
  expect(read(asked.key, 'source').toString()).toBe(asked.source);
  expect(read(asked.key, 'edits').length).toBe(instrument(asked.source, { ...asked }).edits.length * 4);
  expect(statSync(entryPath(folder, asked.key, 'js')).mode & 0o777).toBe(0o600);
});

test('a file that cannot be instrumented is remembered with its reason', () => {
  const asked = request('function (');
  const writer = new CacheWriter(folder);
  answer(asked, writer);
  expect(read(asked.key, 'failed').toString()).not.toBe('');
  expect(writer.has(asked.key)).toBe(true);
});

test('keys differ by text, level, goal, language and instrumenter, not by folder', () => {
  const { key: _key, ...asked } = request('1');
  const others = [
    requestKey('2', asked),
    requestKey('1', { ...asked, source: '2' }),
    requestKey('1', { ...asked, level: 'writes' }),
    requestKey('1', { ...asked, goal: 'module' }),
    requestKey('1', { ...asked, fileName: '/app/a.ts' }),
  ];
  expect(new Set([requestKey('1', asked), ...others]).size).toBe(6);
  expect(requestKey('1', { ...asked, fileName: '/other/b.js' })).toBe(requestKey('1', asked));
});

test('a source map is found inline and beside the file', () => {
  const map = '{"version":3,"sources":["ü.ts"]}';
  const inline = `x\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(map).toString('base64')}\n`;
  writeFileSync(path.join(folder, 'a.js.map'), map);
  expect(sourceMapOf(inline, '/a.js')).toBe(map);
  expect(sourceMapOf('x\n//# sourceMappingURL=a.js.map', path.join(folder, 'a.js'))).toBe(map);
  expect(sourceMapOf('x\n//# sourceMappingURL=gone.js.map', path.join(folder, 'a.js'))).toBeUndefined();
});

test('a question survives its way through a file', () => {
  const asked = request('a\nb\n\u2028"');
  expect(parseRequest(formatRequest(asked))).toEqual(asked);
  expect(parseRequest('nonsense')).toBeUndefined();
});

test('what a file requires from its own package is known ahead, under the key that the program will ask for', () => {
  writeFileSync(path.join(folder, 'lib.js'), 'exports.x = 1;');
  const asked = request("require('./lib'); require('other')", path.join(folder, 'main.js'));
  const [found, ...rest] = importsOf(asked);
  expect(rest).toEqual([]);
  expect(found && requestFor(found, '1')).toEqual(request('exports.x = 1;', path.join(folder, 'lib.js')));
});
