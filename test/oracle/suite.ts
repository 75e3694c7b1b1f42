import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareSuite } from '../packages/prepare.ts';
import { SUITES } from '../packages/suites.ts';
import type { OracleProgram } from './programs.ts';

/** The tests of a package from npm, once for each of its files to stop in. */
export function listSuite(name: string): OracleProgram[] {
  const suite = SUITES.find((each) => each.name === name);
  if (!suite?.watch) throw new Error(`The oracle knows no suite ${name}.`);
  const cache = path.join(os.homedir(), '.cache/hindcast-packages');
  mkdirSync(cache, { recursive: true });
  const cwd = prepareSuite(suite, cache);
  return suite.watch.map((file) => ({
    name: `${name} ${file}`,
    file: path.join(cwd, file),
    argv: suite.command,
    cwd,
    env: {},
  }));
}
