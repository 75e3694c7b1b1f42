/**
 * `npm run proof:self-check [-- FILE…] [--packages] [--bench] [--include GLOB] [--only NAME] [--json]`: records each program
 * at level light and at level full, whose texts are others but roll the same control-flow hash; every tick must agree. Programs are the oracle's, the suites of the packages of `proof:packages`, or
 * the benchmark's. A tick that the run at level full lacks may have had other inputs there
 * (timers, the order of events): up to five runs are tried.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { filesOf, prepareSuite } from '../packages/prepare.ts';
import { SUITES, type Suite } from '../packages/suites.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { CASES } from './cases.ts';
import { prepareWorkspace } from './workspace.ts';
import { openRecording } from '../../trace-runtime/src/store/recording.ts';

continueInReaderNode();
const root = process.env.HINDCAST_REPOSITORY ?? process.cwd();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    include: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    packages: { type: 'boolean', default: false },
    bench: { type: 'boolean', default: false },
    json: { type: 'boolean' },
  },
});

interface Program {
  readonly name: string;
  readonly cwd: string;
  /** arguments of Node */
  readonly command: readonly string[];
  readonly include: readonly string[];
}

/** Ten packages whose tests are the same work each time, and one that is asynchronous. */
const PACKAGES = [
  'qs',
  'object-inspect',
  'resolve',
  'minimist',
  'json-stable-stringify',
  'deep-equal',
  'side-channel',
  'traverse',
  'object.assign',
  'es-to-primitive',
  'static-eval',
  'fastq',
];
const TIMEOUT_MS = 300_000;
/** at level full: a tick that another run lacks may have had other inputs there (timers, the order of events) */
const RUNS = 5;

function programs(): readonly Program[] {
  const include = values.include ?? [];
  if (positionals.length > 0)
    return positionals.map((file) => ({ name: path.basename(file), cwd: process.cwd(), command: [file], include }));
  if (values.packages) return SUITES.filter(({ name }) => PACKAGES.includes(name)).map(packageProgram);
  if (values.bench) {
    const cwd = prepareWorkspace(root);
    return CASES.map(({ name, file, include: globs }) => ({ name, cwd, command: [file], include: globs }));
  }
  const folder = path.join(root, 'test/oracle/programs');
  return readdirSync(folder)
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => ({ name, cwd: folder, command: [path.join(folder, name)], include }));
}

function packageProgram(suite: Suite): Program {
  const cache = path.join(os.homedir(), '.cache/hindcast-packages');
  mkdirSync(cache, { recursive: true });
  const cwd = prepareSuite(suite, cache);
  return { name: suite.name, cwd, command: filesOf(suite, cwd), include: [] };
}

/** Lanes of each tick of each thread, threads in the order in which they began. */
function record(program: Program, level: 'light' | 'full', out: string): readonly string[] {
  const includes = program.include.flatMap((glob) => ['--include', glob]);
  const cli = path.join(root, 'cli/bin/hindcast.cjs');
  const store = path.join(out, `${level}-${readdirSync(out).length}`);
  const command = [cli, 'record', '--out', store, '--level', level, ...includes, '--', programNode, ...program.command];
  const { stderr } = spawnSync(process.execPath, command, {
    cwd: program.cwd,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: Infinity,
  });
  const folder = /^recording: (.*)$/m.exec(stderr)?.[1];
  if (!folder) throw new Error(`${program.name} was not recorded: ${stderr.slice(-500)}`);
  const recording = openRecording(folder);
  if (!recording.ok) throw recording.error;
  return recording.value.streams.flatMap((stream) =>
    stream.segments.flatMap(({ footer }) => {
      const found = footer?.ticks;
      return found ? Array.from(found.hashA, (a, i) => `${a} ${found.hashB[i]}`) : [];
    }),
  );
}

let checked = 0;
let ticks = 0;
let equal = 0;
for (const program of programs().filter(({ name }) => !values.only || values.only.includes(name))) {
  const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-self-check-'));
  try {
    const light = record(program, 'light', out);
    let different: readonly string[] = light;
    for (let run = 0; different.length > 0 && run < RUNS; run++) {
      const full = record(program, 'full', out);
      if (run === 0 && full.length !== light.length)
        console.log(`         ${program.name}: ${full.length} ticks at full`);
      different = lacking(different, full);
    }
    checked++;
    ticks += light.length;
    equal += light.length - different.length;
    if (different.length > 0) console.log(`differs  ${program.name}: ${different.length} of ${light.length} ticks`);
    else console.log(`equal    ${program.name}: ${light.length} ticks`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
console.log(`${checked} programs: ${equal} of ${ticks} ticks have equal hashes at levels light and full`);
if (values.json) console.log(JSON.stringify({ programs: checked, ticks, equal }));
process.exitCode = equal === ticks && ticks > 0 ? 0 : 1;

/** Those of `ticks` that `others` have less often. The order in which ticks come is an input like any other. */
function lacking(ticks: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const tick of others) left.set(tick, (left.get(tick) ?? 0) + 1);
  return ticks.filter((tick) => {
    const count = left.get(tick) ?? 0;
    left.set(tick, count - 1);
    return count <= 0;
  });
}
