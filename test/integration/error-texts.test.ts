/** V8 writes the program's text into some messages ("f(...).x is not a function"): no hook is ever to be seen there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLedger } from '../../trace-runtime/src/store/ledger.ts';
import { levelsInTurn, nodes } from '../support/nodes.ts';
import { errorTexts } from './error-texts.ts';

const hindcast = path.resolve(import.meta.dirname, '../../cli/dist/hindcast.cjs');
const FIXTURES = [
  'function-texts.js',
  'replaced-strings.js',
  'taken-apart.js',
  'stack-lengths.js',
  'stack-limit.js',
  'call-places.js',
];
const work = mkdtempSync(path.join(os.tmpdir(), 'hindcast-error-texts-'));
const program = path.join(work, 'program.cjs');

beforeAll(() => writeFileSync(program, errorTexts(parses)));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function parses(text: string): boolean {
  try {
    new vm.Script(text);
    return true;
  } catch {
    return false;
  }
}

function lines(command: string, args: readonly string[]): string[] {
  const { stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e9 });
  return stdout.split('\n');
}

/** Files that the only recording in the folder left as they are: nothing could be seen there. */
function notInstrumented(folder: string): string[] {
  const [name = ''] = readdirSync(folder);
  return readLedger(path.join(folder, name)).flatMap(({ kind, subject }) =>
    kind === 'not-instrumented' ? [subject] : [],
  );
}

const installed = nodes().map((node, place) => ({ ...node, place }));

describe.each(installed)('Node $version', ({ file, place }) => {
  const levels = (at: number): readonly string[] => levelsInTurn(at, place, installed.length);
  let plain: string[];
  beforeAll(() => {
    plain = lines(file, [program]);
  });

  test.each(levels(1))('messages are those of the plain program at level %s', { timeout: 240_000 }, (level) => {
    const folder = mkdtempSync(path.join(work, 'recording-'));
    const recorded = lines(process.execPath, [
      hindcast,
      'record',
      '--level',
      level,
      '--out',
      folder,
      '--',
      file,
      program,
    ]);
    expect(notInstrumented(folder)).toEqual([]);
    expect(plain.length).toBeGreaterThan(10_000);
    const different = plain.flatMap((line, i) => (line === recorded[i] ? [] : [[line, recorded[i]]]));
    expect(different).toEqual([]);
  });

  test.each(FIXTURES.flatMap((name, at) => levels(at).map((level) => [name, level] as const)))(
    'all errors of %s are the plain ones at level %s',
    (name, level) => {
      const fixture = path.resolve(import.meta.dirname, '../fixtures', name);
      const folder = mkdtempSync(path.join(work, 'recording-'));
      const record = [hindcast, 'record', '--level', level, '--out', folder, '--', file, fixture];
      expect(lines(process.execPath, record)).toEqual(lines(file, [fixture]));
      expect(notInstrumented(folder)).toEqual([]);
    },
  );
});
