/**
 * `npm run proof:faults -- --count N --seed S [--only NAME] [--kind KIND] [--node PATH] [--other-node PATH]
 * [--lanes N] [--minutes N]`: light
 * recordings of programs get seeded faults (a record of the boundary dropped, changed, exchanged with another; a source
 * file changed; another Node), and are executed again. A fault has an effect where the run then shows something else than
 * the recorded one did: an event, a value, its output, its exit code, its hashes. Each of those must be a divergence, and
 * none may be among what is shown as proven. One that is not told, or is shown, is silent, and fails the proof. What changes the program or its Node is tried once,
 * faults in records as often as they are drawn.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { Random } from '../support/random.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { materialisedFolder, withValues, type Verification } from '../../trace-runtime/src/store/materialised.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import type { RecordedStream } from '../../trace-runtime/src/store/stream.ts';
import { executeAgain, opened } from './execute.ts';
import { eachText } from './event-texts.ts';
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
    lanes: { type: 'string', default: '4' },
    minutes: { type: 'string', default: 'Infinity' },
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
  'terminated-talkers.js',
  'worker-channels.mjs',
  'servers-in-workers.js',
  'ipc-bursts.js',
  'cluster-restarts.js',
];
const TIMEOUT_MS = 120_000;
const OF_RECORDS: ReadonlySet<string> = new Set(['dropped', 'changed', 'exchanged']);
const until = Date.now() + Number(values.minutes) * 60_000;
const cli = path.join(root, 'cli/bin/hindcast.cjs');
const nodeAt = (given: string): string => (given.includes(path.sep) ? path.resolve(root, given) : given);
const [node, otherNode] = [nodeAt(values.node), nodeAt(values['other-node'])];
/** A program's recording, which is executed again without a difference. */
interface Sound {
  readonly name: string;
  readonly program: string;
  readonly source: string;
  readonly folder: string;
  readonly recording: Recording;
  /** of the values that were made of it */
  readonly visible: readonly VisibleStream[];
  /** the texts of all its events, by stream */
  readonly texts: readonly (readonly string[])[];
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

function hindcast(args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [cli, ...args],
      { cwd, timeout: TIMEOUT_MS, maxBuffer: Infinity },
      (_, stdout, stderr) => resolve({ stdout, stderr }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end('one line\nanother\n');
  });
}

/** undefined: it cannot be executed again as it was, so that a fault in it shows nothing. */
async function recordSound(name: string, out: string): Promise<Sound | undefined> {
  cpSync(path.join(root, 'test/reexecute/programs'), path.join(out, 'programs'), { recursive: true });
  for (const folder of ['cwd', 'store']) mkdirSync(path.join(out, folder));
  const program = path.join(out, 'programs', name);
  const given = ['record', '--level', 'light', '--out', path.join(out, 'store'), '--include', `${out}/programs/**`];
  const { stderr } = await hindcast([...given, '--', node, program], path.join(out, 'cwd'));
  const folder = /^recording: (.*)$/m.exec(stderr)?.[1];
  if (folder === undefined) throw new Error(`${name} was not recorded: ${stderr.slice(-500)}`);
  const recording = opened(folder);
  const verification = await execute(folder);
  if (verification?.divergences.length === 0) {
    const visible = visibleOf(folder, verification);
    const texts = shownTexts(folder, verification).map((each) => [...each]);
    const sound = { name, program, source: readFileSync(program, 'utf8'), folder, recording, visible, texts };
    const { found } = await outcomeOf(sound, folder);
    removeFolder(materialisedFolder(folder));
    if (found === '') return sound;
    console.log(`${name}: left out, as two executions differ: ${found}`);
  } else console.log(`${name}: left out, as without a fault it goes another way: ${verification?.first?.what}`);
  return undefined;
}

function visibleOf(folder: string, { streams }: Verification): readonly VisibleStream[] {
  const full = opened(materialisedFolder(folder));
  return streams.map((id) =>
    visibleStream(
      full,
      full.streams.find((stream) => stream.id === id),
    ),
  );
}

/** The texts of what one is shown of it, by stream of the recording. */
function shownTexts(folder: string, verification: Verification): readonly Iterable<string>[] {
  const light = opened(folder);
  const shown = withValues(light, opened(materialisedFolder(folder)), verification);
  return light.streams.map(({ id }) => {
    const stream = shown.streams.find((each) => each.light?.id === id);
    return stream ? textsOf(shown, stream) : [];
  });
}

function* textsOf(recording: Recording, stream: RecordedStream): Generator<string> {
  for (const { text } of eachText(recording, stream)) yield text;
}

/** A run that a fault made endless has no end of texts. */
function isOtherwise(shown: Iterable<string>, texts: readonly string[]): boolean {
  let at = 0;
  for (const text of shown) if (text !== texts[at++]) return true;
  return false;
}

function execute(folder: string): Promise<Verification | undefined> {
  return executeAgain(folder).catch(() => undefined);
}

const OUTCOMES = ['no effect', 'detected', 'silent'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Of a fault that was put into the recording in `folder`; `found`: what it shows. */
async function outcomeOf(
  { recording, visible, texts }: Sound,
  folder: string,
): Promise<{ readonly outcome: Outcome; readonly found: string }> {
  const verification = await execute(folder);
  if (!verification) return { outcome: 'detected', found: 'not executed' };
  const found: string[] = [];
  let isSilent = false;
  const shown = shownTexts(folder, verification);
  visibleOf(folder, verification).forEach((is, index) => {
    const at = firstDifference(visible[index]!, is);
    if (at < 0) return;
    const divergence = verification.divergences.find(({ stream }) => stream === index + 1);
    const isShown = isOtherwise(shown[index] ?? [], texts[index] ?? []);
    const told = divergence ? `told at ${divergence.tick + 1}` : 'not told';
    found.push(`stream ${index + 1}: tick ${at + 1}, ${told}${isShown ? ', and shown' : ''}`);
    if (!divergence || isShown) isSilent = true;
  });
  const { exitCode } = opened(materialisedFolder(folder)).manifest;
  const isOtherEnd = exitCode !== recording.manifest.exitCode;
  if (isOtherEnd) found.push(`exit code ${exitCode}`);
  if (isOtherEnd && verification.divergences.length === 0) isSilent = true;
  if (found.length === 0) return { outcome: 'no effect', found: '' };
  return { outcome: isSilent ? 'silent' : 'detected', found: found.join('; ') };
}

type Counts = Record<Outcome, number>;
const none = (): Counts => ({ 'no effect': 0, detected: 0, silent: 0 });
const kinds = Object.keys(faults).filter((kind) => !values.kind || values.kind.includes(kind));
const counts = new Map<string, Counts>(kinds.map((kind) => [kind, none()]));
const inWords = ({ detected, silent, 'no effect': without }: Counts): string =>
  `${detected + silent} effective, ${detected} detected, ${silent} silent, ${without} without effect`;

/** A process that the execution stopped may still be writing there. */
function remove(folder: string): void {
  removeFolder(folder);
}

/** Puts so many faults into the program, one after the other. */
async function prove(name: string, count: number, random: Random, out: string): Promise<boolean> {
  mkdirSync(out);
  const sound = await recordSound(name, out);
  if (!sound) return false;
  const folder = path.join(out, 'faulty', path.basename(sound.folder));
  const once = new Set<string>();
  const begun = Date.now();
  const own = none();
  for (let done = 0, tried = 0; done < count && tried < 20 * count && Date.now() < until; tried++) {
    const kind = random.pick(kinds);
    cpSync(sound.folder, folder, { recursive: true });
    try {
      const what = faults[kind]!({ folder, program: sound.program, otherNode }, random);
      if (what === undefined || once.has(what)) continue;
      if (!OF_RECORDS.has(kind)) once.add(what);
      done++;
      const { outcome, found } = await outcomeOf(sound, folder);
      counts.get(kind)![outcome]++;
      own[outcome]++;
      if (outcome === 'silent' || values.verbose) console.log(`${outcome}: ${name}, ${kind}: ${what}: ${found}`);
    } finally {
      writeFileSync(sound.program, sound.source);
      remove(path.dirname(folder));
    }
  }
  console.log(`${name}: ${inWords(own)}, in ${Math.round((Date.now() - begun) / 1000)} s`);
  return true;
}

const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-faults-'));
try {
  const named = PROGRAMS.filter((name) => !values.only || values.only.some((each) => name.includes(each)));
  const queue = [...named.entries()];
  let programs = 0;
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, name] = next;
      const share = Math.floor((Number(values.count) + index) / named.length);
      const random = new Random(Number(values.seed) * 1000 + index);
      if (await prove(name, share, random, path.join(out, name))) programs++;
    }
  };
  await Promise.all(Array.from({ length: Number(values.lanes) }, lane));
  if (programs === 0) throw new Error('No program is executed again as it was.');
  console.log(`${programs} of ${named.length} programs`);
} finally {
  remove(out);
}
const sum = (outcome: Outcome): number => [...counts.values()].reduce((total, each) => total + each[outcome], 0);
for (const [kind, each] of counts) console.log(`${kind}: ${inWords(each)}`);
const effective = sum('detected') + sum('silent');
console.log(
  `${effective + sum('no effect')} faults: ${effective} effective, ${sum('detected')} detected, ${sum('silent')} silent`,
);
process.exitCode = sum('silent') > 0 || effective === 0 ? 1 : 0;
