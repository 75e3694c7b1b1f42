/**
 * `npm run reexecute [-- FILE…] [--times N] [--node PATH] [--only NAME] [--json]`: records each program at level light,
 * executes it again N times, and counts the ticks whose hashes of control flow are equal. A run is silent where all of
 * its ticks are called equal although it printed something else, or crossed the boundary otherwise. Without files: the
 * programs of this folder and the oracle's.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { materialisedFolder, withValues, type Verification } from '../../trace-runtime/src/store/materialised.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { executeAgain } from './execute.ts';
import { outputOf } from './output.ts';

continueInReaderNode();
const root = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '1' },
    node: { type: 'string', default: programNode },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const node = values.node.includes(path.sep) ? path.resolve(root, values.node) : values.node;
const FOLDERS = ['test/reexecute/programs', 'test/oracle/programs'];
const TIMEOUT_MS = 120_000;
const EXECUTION_MS = 20_000;
const cli = path.join(root, 'cli/bin/hindcast.cjs');
const loader = path.join(root, 'node_modules/tsx/dist/loader.mjs');
const stripsTypes = /strip/.test(spawnSync(node, ['-p', 'process.features.typescript'], { encoding: 'utf8' }).stdout);

/** Files of type `.mts` are Node's own matter, where it strips types. */
function programs(): readonly string[] {
  return candidates().filter((file) => stripsTypes || !file.endsWith('.mts'));
}

function candidates(): readonly string[] {
  if (positionals.length > 0) return positionals.map((file) => path.resolve(file));
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => /\.[mc]?[jt]s$/.test(name))
      .map((name) => path.join(root, folder, name)),
  );
}

function hindcast(args: readonly string[], cwd: string): { readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [cli, ...args], {
    cwd,
    encoding: 'utf8',
    input: 'one line\nanother\n',
    timeout: TIMEOUT_MS,
    maxBuffer: Infinity,
  });
}

function record(file: string, out: string): string {
  const cwd = mkdtempSync(path.join(out, 'cwd-'));
  mkdirSync(path.join(out, 'store'), { recursive: true });
  const command = [node, ...(file.endsWith('.ts') ? ['--import', loader] : []), file];
  const given = [
    'record',
    '--level',
    'light',
    '--out',
    path.join(out, 'store'),
    '--include',
    `${path.dirname(file)}/**`,
  ];
  const { stderr } = hindcast([...given, '--', ...command], cwd);
  const folder = /^recording: (.*)$/m.exec(stderr)?.[1];
  if (folder === undefined) throw new Error(`${file} was not recorded: ${stderr.slice(-500)}`);
  return folder;
}

/** The sentence says why it was not executed. */
async function again(folder: string): Promise<Verification | string> {
  try {
    return await executeAgain(folder, EXECUTION_MS);
  } catch (error) {
    return String(error);
  }
}

/** What the executed program printed otherwise, though all its ticks are called equal. */
function otherOutput(folder: string, verification: Verification): string | undefined {
  const [light, full] = [openRecording(folder), openRecording(materialisedFolder(folder))];
  if (!light.ok || !full.ok) return undefined;
  const executed = withValues(light.value, full.value, verification);
  // a thread that only loads may leave a stream that says nothing
  const printed = (recording: Recording): string => outputOf(recording).filter(Boolean).join('\n');
  const [was, is] = [printed(light.value), printed(executed)];
  if (was === is) return undefined;
  let at = 0;
  while (was[at] === is[at]) at++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 40), at + 40));
  return `silent: printed ${around(is)}, recorded is ${around(was)}`;
}

/** Nothing of the program's own code ran: what it printed and how it ended is all there is to compare. */
const withoutTicks = new Set<string>();
const total = { programs: 0, runs: 0, equal: 0, ticks: 0, verifiedTicks: 0, silent: 0 };
for (const file of programs()) {
  const name = path.basename(file);
  if (values.only && !values.only.some((each) => name.includes(each))) continue;
  const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-reexecute-'));
  try {
    const folder = record(file, out);
    total.programs++;
    const said = new Set<string>();
    for (let i = 0; i < Number(values.times); i++) {
      const verification = await again(folder);
      total.runs++;
      if (typeof verification === 'string') {
        said.add(`not executed: ${verification}`);
        continue;
      }
      if (verification.ticks === 0) withoutTicks.add(name);
      total.ticks += verification.ticks;
      total.verifiedTicks += verification.verified;
      if (verification.divergences.length > 0) {
        said.add(
          `${verification.verified} of ${verification.ticks}: ${verification.first?.what} ${verification.likely.slice(0, 2).join('; ')}`,
        );
        continue;
      }
      total.equal++;
      const other = otherOutput(folder, verification);
      if (other === undefined) continue;
      total.silent++;
      said.add(other);
    }
    for (const line of said) console.log(`${name}: ${line}`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
if (values.json) console.log(JSON.stringify(total));
else {
  const share = ((100 * total.verifiedTicks) / Math.max(1, total.ticks)).toFixed(2);
  console.log(`${total.programs} programs, ${total.runs} runs: ${total.equal} equal, ${total.silent} silent`);
  if (withoutTicks.size > 0)
    console.log(`no code of their own ran, output and ending compared: ${[...withoutTicks].join(', ')}`);
  console.log(`${total.verifiedTicks} of ${total.ticks} ticks verified (${share} %)`);
}
process.exitCode = total.silent > 0 ? 1 : 0;
