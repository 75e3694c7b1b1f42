import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEnvFile } from './env-file.ts';

describe('a file of variables', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-env-file-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string) => {
    const file = path.join(folder, '.env');
    writeFileSync(file, text);
    return readEnvFile(file);
  };

  test('is read with its quotes, comments, exports and lines', () => {
    expect(read('# no\nA=1 # no\nexport B="x # y"\nC=\'"\'\nD="1\n2"\nE=`"\'`\nF=\n')).toEqual({
      A: '1',
      B: 'x # y',
      C: '"',
      D: '1\n2',
      E: '"\'',
      F: '',
    });
  });

  test('of Windows has no sign at its beginning and no returns at the ends of lines', () => {
    expect(read('\uFEFFA=1\r\nB=2\r\n')).toEqual({ A: '1', B: '2' });
  });

  test('that is not there, or is none, is named with what names it', () => {
    const missing = path.join(folder, 'missing.env');
    expect(() => readEnvFile(missing)).toThrow(
      `The file ${missing}, which \`envFile\` of the launch configuration names, is not there.`,
    );
    mkdirSync(path.join(folder, 'folder'));
    expect(() => readEnvFile(path.join(folder, 'folder'))).toThrow(/cannot be read \(EISDIR\)/);
  });
});
