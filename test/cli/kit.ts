/** The built command in a project of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NODE } from '../support/nodes.ts';

export { NODE } from '../support/nodes.ts';

export const hindcast = path.resolve(import.meta.dirname, '../../cli/dist/hindcast.cjs');

export interface Run {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function project(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-cli-')));
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

export function run(cwd: string, ...args: readonly string[]): Run {
  const { status, signal, stdout, stderr } = spawnSync(NODE, [hindcast, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, signal, stdout, stderr };
}

export function start(cwd: string, ...args: readonly string[]): ChildProcess {
  return spawn(NODE, [hindcast, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Everything that a child writes and how it ends. */
export function collect(child: ChildProcess): Promise<Run> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr })));
}

/** What the last line on stderr names. */
export function recordingOf({ stderr }: Pick<Run, 'stderr'>): string {
  return /^recording: (.+)\n$/.exec(stderr.slice(stderr.lastIndexOf('\n', stderr.length - 2) + 1))?.[1] ?? '';
}

export function json<T>({ stdout }: Run): T {
  return JSON.parse(stdout) as T;
}
