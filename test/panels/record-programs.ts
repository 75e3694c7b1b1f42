/** Recordings of the programs beside this file, in a temporary folder. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { programNode } from '../support/reader-node.ts';
import { repository } from './panel-page.ts';

export interface Recorded {
  /** where the programs lie that were recorded */
  readonly folder: string;
  readonly inventory: string;
  readonly workers: string;
}

export function recordPrograms(): Recorded {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-panels-')));
  cpSync(path.join(repository, 'test/panels/programs'), folder, { recursive: true });
  return {
    folder,
    inventory: record(folder, 'inventory.test.mjs'),
    workers: record(folder, 'workers.mjs'),
  };
}

function record(cwd: string, program: string): string {
  const out = path.join(cwd, `recordings-${program}`);
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const { stderr } = spawnSync(programNode, [cli, 'record', '--out', out, '--', programNode, program], {
    cwd,
    encoding: 'utf8',
  });
  const [name] = readdirSync(out);
  if (name === undefined) throw new Error(`Recording ${program} failed: ${stderr}`);
  return path.join(out, name);
}
