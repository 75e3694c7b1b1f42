/**
 * `npm run proof:faults -- --count N --seed S [--only NAME] [--kind KIND] [--node PATH] [--other-node PATH]`: light
 * recordings of programs get seeded faults (a record of the boundary dropped, changed, exchanged with another; a source
 * file changed; another Node), and are executed again. A fault has an effect where the run then shows something else than
 * the recorded one did: its output, its exit code, its hashes. Each of those must be a divergence, at the first tick that
 * shows it or before. One that is not is silent, and fails the proof.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../support/random.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { materialisedFolder, type Verification } from '../../trace-runtime/src/store/materialised.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { faults } from './fault-kinds.ts';
import { firstDifference, visibleStream, type VisibleStream } from './visible.ts';

continueInReaderNode();
const root = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    node: { type: 'string', default: programNode },
    'other-node': { type: 'string', default: 'node_modules/node22/bin/node' },
    verbose: { type: 'boolean', default: false },
  },
});
const PROGRAMS = [
  'random-walks.js',
  'timers-nested.js',
  'microtask-order.js',
  'files-by-callback.js',
  'event-log-store.js',
  'stdin-lines.js',
  'http-keep-alive.js',
  'net-pipe.js',
  'child-shells.js',
  'fork-messages.js',
  'locale-and-time-zone.mjs',
  'sorting-simulation.mjs',
  'job-queue.mjs',
  'vm-sandbox.js',
  'async-iterators.js',
  'machine-decides.js',
  'generators-at-work.js',
  'exit-in-the-middle.js',
  'unhandled-rejections.js',
  'file-streams.js',
];
const TIMEOUT_MS = 120_000;
const cli = path.join(root, 'cli/bin/hindcast.cjs');
const nodeAt = (given: string): string => (given.includes(path.sep) ? path.resolve(root, given) : given);
const [node, otherNode] = [nodeAt(values.node), nodeAt(values['other-node'])];
const random = new Random(Number(values.seed));

/** A program's recording, which is executed again without a difference. */
interface Sound {
  readonly name: string;
  readonly program: string;
  readonly source: string;
  readonly folder: string;
  readonly recording: Recording;
  readonly visible: readonly VisibleStream[];
}

function hindcast(args: readonly string[], cwd: string): { readonly stdout: string; readonly stderr: string } {
  const given = {
    cwd,
    encoding: 'utf8',
    input: 'one line\nanother\n',
    timeout: TIMEOUT_MS,
    maxBuffer: Infinity,
  } as const;
  return spawnSync(process.execPath, [cli, ...args], given);
}

function opened(folder: string): Recording {
  const recording = openRecording(folder);
  if (!recording.ok) throw new Error(recording.error.message);
  return recording.value;
}

/** undefined: it cannot be executed again as it was, so that a fault in it shows nothing. */
function recordSound(name: string, out: string): Sound | undefined {
  cpSync(path.join(root, 'test/reexecute/programs'), path.join(out, 'programs'), { recursive: true });
  for (const folder of ['cwd', 'store']) mkdirSync(path.join(out, folder));
  const program = path.join(out, 'programs', name);
  const given = ['record', '--level', 'light', '--out', path.join(out, 'store'), '--include', `${out}/programs/**`];
  const { stderr } = hindcast([...given, '--', node, program], path.join(out, 'cwd'));
  const folder = /^recording: (.*)$/m.exec(stderr)?.[1];
  if (folder === undefined) throw new Error(`${name} was not recorded: ${stderr.slice(-500)}`);
  const recording = opened(folder);
  const visible = recording.streams.map((stream) => visibleStream(recording, stream));
  const sound = { name, program, source: readFileSync(program, 'utf8'), folder, recording, visible };
  const { outcome, where } = outcomeOf(sound, folder);
  rmSync(materialisedFolder(folder), { recursive: true, force: true });
  if (outcome === 'no effect') return sound;
  console.log(`${name}: left out, as without a fault it is ${outcome}: ${where}`);
  return undefined;
}

function execute(folder: string): Verification | undefined {
  const { stdout } = hindcast(['materialise', folder, '--again', '--json'], path.dirname(folder));
  try {
    return JSON.parse(stdout) as Verification;
  } catch {
    return undefined;
  }
}

type Outcome = 'no effect' | 'detected' | 'silent';

/** Of a fault that was put into the recording in `folder`. */
function outcomeOf(
  { recording, visible }: Sound,
  folder: string,
): { readonly outcome: Outcome; readonly where: string } {
  const verification = execute(folder);
  if (!verification) return { outcome: 'detected', where: 'not executed' };
  const full = opened(materialisedFolder(folder));
  const found: string[] = [];
  let isSilent = false;
  recording.streams.forEach((_, index) => {
    const executed = full.streams.find(({ id }) => id === verification.streams[index]);
    const at = firstDifference(visible[index]!, visibleStream(full, executed));
    if (at < 0) return;
    const divergence = verification.divergences.find(({ stream }) => stream === index + 1);
    found.push(`stream ${index + 1}: tick ${at + 1}, ${divergence ? `told at ${divergence.tick + 1}` : 'not told'}`);
    if (!divergence || divergence.tick > at) isSilent = true;
  });
  const isOtherEnd = full.manifest.exitCode !== recording.manifest.exitCode;
  if (isOtherEnd) found.push(`exit code ${full.manifest.exitCode}`);
  if (isOtherEnd && verification.divergences.length === 0) isSilent = true;
  if (found.length === 0) return { outcome: 'no effect', where: '' };
  return { outcome: isSilent ? 'silent' : 'detected', where: found.join('; ') };
}

const kinds = Object.keys(faults).filter((kind) => !values.kind || values.kind.includes(kind));
const counts = new Map<string, Record<Outcome, number>>(
  kinds.map((kind) => [kind, { 'no effect': 0, detected: 0, silent: 0 }]),
);
const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-faults-'));
try {
  const named = PROGRAMS.filter((name) => !values.only || values.only.some((each) => name.includes(each)));
  const sound: Sound[] = [];
  for (const name of named) {
    mkdirSync(path.join(out, name));
    const made = recordSound(name, path.join(out, name));
    if (made) sound.push(made);
  }
  if (sound.length === 0) throw new Error('No program is executed again as it was.');
  for (let done = 0, tried = 0; done < Number(values.count) && tried < 20 * Number(values.count); tried++) {
    const target = random.pick(sound);
    const kind = random.pick(kinds);
    const folder = path.join(out, 'faulty', path.basename(target.folder));
    cpSync(target.folder, folder, { recursive: true });
    try {
      const what = faults[kind]!({ folder, program: target.program, otherNode }, random);
      if (what === undefined) continue;
      done++;
      const { outcome, where } = outcomeOf(target, folder);
      counts.get(kind)![outcome]++;
      if (outcome === 'silent' || values.verbose)
        console.log(`${outcome}: ${target.name}, ${kind} (fault ${done}): ${what}: ${where}`);
    } finally {
      writeFileSync(target.program, target.source);
      rmSync(path.join(out, 'faulty'), { recursive: true, force: true });
    }
  }
  console.log(`${sound.length} of ${named.length} programs`);
} finally {
  rmSync(out, { recursive: true, force: true });
}
const sum = (outcome: Outcome): number => [...counts.values()].reduce((total, each) => total + each[outcome], 0);
for (const [kind, each] of counts)
  console.log(
    `${kind}: ${each.detected + each.silent} effective, ${each.detected} detected, ${each.silent} silent, ${each['no effect']} without effect`,
  );
const effective = sum('detected') + sum('silent');
console.log(
  `${effective + sum('no effect')} faults: ${effective} effective, ${sum('detected')} detected, ${sum('silent')} silent`,
);
process.exitCode = sum('silent') > 0 || effective === 0 ? 1 : 0;
