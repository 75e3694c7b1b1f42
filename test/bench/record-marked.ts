/** The recording that replays and panels are measured on. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { programNode } from '../support/reader-node.ts';
import { findRecording } from './run.ts';

export interface MarkedOptions {
  readonly repository: string;
  /** as `prepareWorkspace` makes it */
  readonly workspace: string;
  /** for what is written */
  readonly scratch: string;
  /** 1: about 10⁷ events */
  readonly scale: string;
}

/** Records `marked` rendering a document; gives the recording's folder. */
export function recordMarked({ repository, workspace, scratch, scale }: MarkedOptions): string {
  const out = path.join(scratch, scale);
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const include = ['--include', path.join(workspace, 'node_modules/marked/**')];
  const env = { ...process.env, BENCH_SCALE: scale, BENCH_REPORT: path.join(scratch, 'report.json') };
  const command = [cli, 'record', '--out', out, ...include, '--', programNode, 'marked.cjs'];
  const { status, stderr } = spawnSync(programNode, command, { cwd: workspace, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Recording marked failed: ${stderr}`);
  return findRecording(out);
}
