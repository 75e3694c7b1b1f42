/**
 * `npm run bench:diff [-- --scale N] [--json]`: what comparing two recordings costs. `marked` renders a hundred chapters;
 * scale 1 has about 10⁷ events. The recording is compared with a second one of the same run, and with runs in which one
 * word differs: in the second chapter, in the middle, in the last one.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { diffRecordings } from '../../trace-runtime/src/analysis/diff.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { sizeOfRecording } from './events.ts';
import { findRecording } from './run.ts';
import { prepareWorkspace } from './workspace.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    one: { type: 'string', multiple: true },
  },
});
const CHAPTERS = 100;
const CHANGES = { same: -1, early: 1, middle: 50, late: 99 } as const;

if (flags.one === undefined) main();
else console.log(JSON.stringify(measure(flags.one[0]!, flags.one[1]!)));

function main(): void {
  const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
  const workspace = prepareWorkspace(repository, {});
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-diff-'));
  try {
    const first = record(repository, workspace, path.join(scratch, 'first'), -1);
    const { events } = sizeOfRecording(first);
    console.log(`${events} events`);
    const cases = Object.entries(CHANGES).map(([name, change]) => {
      const other = record(repository, workspace, path.join(scratch, name), change);
      const row = { name, ...inProcess(first, other) };
      console.log(
        `${name.padEnd(8)}${row.seconds.toFixed(1)} s (${row.cpuSeconds.toFixed(1)} s of a processor)  ${row.rssMb} MB  ${row.found}`,
      );
      return row;
    });
    if (flags.json) console.log(JSON.stringify({ events, cases }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function record(repository: string, workspace: string, out: string, change: number): string {
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const include = ['--include', path.join(workspace, 'node_modules/marked/**')];
  const report = path.join(out, '..', 'report.json');
  const chapters = path.join(out, '..', 'chapters');
  writeChapters(chapters, change);
  const env = { ...process.env, BENCH_REPORT: report, BENCH_CHAPTERS: chapters };
  const command = [cli, 'record', '--out', out, ...include, '--', programNode, 'chapters.cjs'];
  const { status, stderr } = spawnSync(programNode, command, { cwd: workspace, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Recording failed: ${stderr}`);
  return findRecording(out);
}

function writeChapters(folder: string, change: number): void {
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < CHAPTERS; number++) {
    let text = `# Chapter ${number}\n\nSome *emphasis*, a [link](https://example.org/) and \`code\`.\n\n`;
    for (let i = 0; text.length < 5_000 * Number(flags.scale); i++) {
      text += `- one ${number}.${i}\n- **two**\n  1. deep\n\n| a | b |\n|---|:-:|\n| ${i} | \`y\` |\n\n> A quotation of ${i}.\n\n`;
    }
    const name = `${String(number).padStart(3, '0')}.md`;
    writeFileSync(path.join(folder, name), text + (number === change ? 'The end *differs*.' : 'The end.'));
  }
}

/** Each comparison has a process of its own, whose memory is its. */
function inProcess(a: string, b: string): ReturnType<typeof measure> {
  const args = ['--enable-source-maps', process.argv[1]!, '--one', a, '--one', b];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(stdout) as ReturnType<typeof measure>;
}

function measure(a: string, b: string) {
  const started = performance.now();
  const [one, other] = [open(a), open(b)];
  const work = diffRecordings({ recording: one }, { recording: other });
  for (let longest = 0, last = performance.now(); ;) {
    const step = work.next();
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (step.done !== true) continue;
    const { isAlike, streams } = step.value;
    const [{ value, control } = {}] = streams;
    const found = isAlike ? 'alike' : `value at ${value?.events ?? 'none'}, control at ${control?.events ?? 'none'}`;
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage();
    const cpuSeconds = (user + system) / 1e6;
    return {
      seconds,
      cpuSeconds,
      longestMs: Math.round(longest),
      rssMb: Math.round(process.memoryUsage().rss / 1e6),
      found,
    };
  }
}

function open(folder: string): Recording {
  const opened = openRecording(folder);
  if (!opened.ok) throw opened.error;
  return opened.value;
}
