/** `hindcast record -- COMMAND`: runs the command as it is and leaves a recording. */
import { chmodSync, existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../trace-runtime/src/base/folders.ts';
import { diskFull, HindcastError, inputOutput, usage } from '../../trace-runtime/src/base/errors.ts';
import { startDetached } from '../../trace-runtime/src/base/processes.ts';
import { SOURCES_VARIABLE, withHelper } from '../../trace-runtime/src/model/recorded-world.ts';
import { appendLedger } from '../../trace-runtime/src/store/ledger.ts';
import { RECORDING_FORMAT, writeManifest, type Manifest } from '../../trace-runtime/src/store/manifest.ts';
import { FILE_MODE, FOLDER_MODE, recordingPaths } from '../../trace-runtime/src/store/recording-paths.ts';
import { defaultStore, isDefaultStore, makeStore, newRecordingId } from '../../trace-runtime/src/store/recordings.ts';
import { RESERVE_BYTES } from '../../trace-runtime/src/wire/spool.ts';
import { folderBytes } from '../../trace-runtime/src/store/folder-size.ts';
import { finishSidecar, superviseSidecar } from './collector-process.ts';
import { findInstallation, type Installation } from './installation.ts';
import { flag, oneOf, parse, parseKeep, parseSize, splitAtCommand, text, texts, type Parsed } from './options.ts';
import { openOutputTerminal } from './output-terminal.ts';
import { chooseLevel, type ChosenLevel } from './record-level.ts';
import { redactArguments } from './redact.ts';
import { makeReserve } from './reserve.ts';
import { dieOf, runCommand, type Ending } from './run-command.ts';
import { SELECTION_OPTIONS, selectionOptions } from './selection-options.ts';

const OPTIONS = {
  out: 'text',
  level: 'text',
  ...SELECTION_OPTIONS,
  keep: 'text',
  cache: 'text',
  portable: 'flag',
  'path-file': 'text',
  'show-command': 'flag',
  unset: 'texts',
  'store-limit': 'text',
  // of `validate`: the folder of the world that answers the program
  serve: 'text',
  // of `validate`, too: the id of the recording that is run again
  'rerun-of': 'text',
  // and the process that waits for it
  'rerun-by': 'text',
  // of an exact run: the folder of the recorded project, whose package.json may be gone
  root: 'text',
  // and the one that has what its code was loaded from and is not there any more
  sources: 'text',
  // what the program had, see `openOutputTerminal`
  terminal: 'text',
  // of `minimize`: nothing is found out but the run
  brief: 'flag',
} as const;

/** Never returns where the command died of a signal: it dies of the same. */
export async function record(args: readonly string[]): Promise<number> {
  const { own, command } = splitAtCommand(args.length === 0 ? handedOver() : args, OPTIONS);
  const parsed = parse(own, OPTIONS, 0);
  if (command.length === 0) throw usage('The command to record is missing.');

  const installation = findInstallation();
  const cwd = process.cwd();
  const out = text(parsed, 'out');
  const store = out === undefined ? defaultStore(cwd) : path.resolve(cwd, out);
  const asked = oneOf(parsed, 'level', ['auto', 'light', 'full']) ?? 'full';
  const isAuto = asked === 'auto';
  const chosen: ChosenLevel = isAuto
    ? chooseLevel(store, redactArguments(command, process.env), cwd)
    : { level: asked };
  const keepText = text(parsed, 'keep');
  const keep = keepText === undefined ? undefined : parseKeep(keepText);
  const options = {
    ...programOptions(parsed, installation, cwd),
    ...chosen,
    ...(isAuto ? { auto: true } : {}),
    ...(keep && { keep }),
    // what is executed of a rolling window has other values where memory is as the start-up left it
    ...(chosen.level === 'light' && !keep ? { samples: true } : {}),
    ...(process.stdout.isTTY || process.stderr.isTTY ? { terminal: true } : {}),
  };
  const rerunOf = text(parsed, 'rerun-of');
  const rerunBy = text(parsed, 'rerun-by');
  const sources = text(parsed, 'sources');
  const terminal = text(parsed, 'terminal');
  const begun = {
    ...describe(command, cwd, options),
    ...(keep && { keep }),
    ...(rerunOf === undefined ? {} : { rerunOf }),
  };
  const folder = attemptSetup(store, () => makeRecording(store, begun, isDefaultStore(store)));
  if (chosen.because !== undefined)
    appendLedger(folder, { kind: 'level', subject: 'recorded fully', reason: chosen.because });
  const pathFile = text(parsed, 'path-file');
  if (pathFile !== undefined) writeFileSync(path.resolve(cwd, pathFile), `${folder}\n`, { mode: FILE_MODE });

  if (flag(parsed, 'show-command')) process.stderr.write(`$ ${command.map(shownWord).join(' ')}\n`);
  for (const name of texts(parsed, 'unset')) delete process.env[name];
  // The command first: nothing of ours may delay it. Its words wait for the sidecar.
  const running = runCommand(command, programEnvironment(folder, options, installation.preload, sources), {
    parent: rerunBy === undefined ? undefined : Number(rerunBy),
    terminal:
      terminal === undefined
        ? undefined
        : openOutputTerminal(terminal, flag(parsed, 'portable') ? undefined : installation.helper),
  });
  const supervision = superviseSidecar(folder, installation);
  const isBrief = flag(parsed, 'brief');
  const described = isBrief ? undefined : noteSurroundings(folder, cwd);
  if (!isBrief) makeReserve(folder);
  let ending: Ending;
  try {
    ending = await running;
  } catch (error) {
    supervision.dispose();
    await finishSidecar(folder, installation);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  supervision.dispose();
  await finishSidecar(folder, installation);
  await described;
  endManifest(folder, begun, ending);
  if (isAuto && chosen.level === 'light') materialiseFailures(folder, installation);
  process.stderr.write(`recording: ${folder}\n`);
  if (!isBrief) {
    askForTypes(folder, cwd, installation);
    index(folder, installation);
  }
  return ending.signal === null ? ending.code : dieOf(ending.signal);
}

/** The arguments of a terminal that would name all words of its command, if it failed. The command finds no trace of them. */
function handedOver(): readonly string[] {
  const { HINDCAST_ARGUMENTS: words } = process.env;
  if (words === undefined) return [];
  delete process.env.HINDCAST_ARGUMENTS;
  return JSON.parse(words) as readonly string[];
}

/** A word of a command line as a person would write it. */
function shownWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function programOptions(parsed: Parsed, installation: Installation, cwd: string): Readonly<Record<string, unknown>> {
  return {
    root: text(parsed, 'root') ?? projectRoot(cwd),
    ...selectionOptions(parsed),
    cache: path.resolve(cwd, text(parsed, 'cache') ?? cacheFolder()),
    node: installation.node,
    ...storeLimit(parsed),
    ...(text(parsed, 'serve') === undefined ? {} : { serve: text(parsed, 'serve') }),
    ...(flag(parsed, 'portable') ? { portable: true } : installation.helper ? { helper: installation.helper } : {}),
  };
}

/** What the store may take, where that is said. */
function storeLimit(parsed: Parsed): { readonly storeBytes?: number } {
  const limit = text(parsed, 'store-limit');
  return limit === undefined ? {} : { storeBytes: parseSize(limit) };
}

/** The nearest folder with a package.json, else the working folder. */
function projectRoot(cwd: string): string {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (path.dirname(folder) === folder) return cwd;
  }
}

/** Versions, locale, commit and uncommitted changes, found out while the command runs: environment.json. */
async function noteSurroundings(folder: string, cwd: string): Promise<void> {
  try {
    // Loaded only now that the command runs.
    const { describeEnvironment } = await import('../../trace-runtime/src/boundary/environment.ts');
    const surroundings = await describeEnvironment(cwd);
    writeFileSync(path.join(folder, 'environment.json'), `${JSON.stringify(surroundings)}\n`, { mode: FILE_MODE });
    chmodSync(path.join(folder, 'environment.json'), FILE_MODE);
  } catch (error) {
    if (existsSync(folder))
      appendLedger(folder, { kind: 'missing', subject: 'environment.json', reason: String(error) });
  }
}

/** Options of Node in the environment are for the program, not for what works beside it. */
function inBackground(node: string, args: readonly string[]): void {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  startDetached(node, args, env);
}

/** In the background: types are nothing that a recording waits for. */
function askForTypes(folder: string, cwd: string, { node, types }: Installation): void {
  if (!existsSync(path.join(projectRoot(cwd), 'tsconfig.json'))) return;
  inBackground(node, [types, folder]);
}

/** Bytes of a recording below which a reader reads it in half a second: a word takes a tenth of a byte and more. */
const SHORT = 100_000;

/** In the background, for readers to open a long recording at once. */
function index(folder: string, { node, indexer }: Installation): void {
  if (folderBytes(path.join(folder, 'streams')) < SHORT) return;
  inBackground(node, [...FRUGAL, indexer, folder]);
}

/** Options of V8: garbage goes early, for less memory beside the developer's work and more of the processor's time. */
const FRUGAL = ['--max-semi-space-size=2', '--heap-growing-percent=40'];

/** In the background: whoever opens the recording meanwhile waits for it, and is told how far it is. */
function materialiseFailures(folder: string, { node }: Installation): void {
  inBackground(node, [path.join(__dirname, 'hindcast.cjs'), 'materialise', folder, '--failing']);
}

type Begun = Omit<Manifest, 'id'>;

function describe(command: readonly string[], cwd: string, options: Readonly<Record<string, unknown>>): Begun {
  return {
    format: RECORDING_FORMAT,
    command: redactArguments(command, process.env),
    cwd,
    startedAt: Date.now(),
    state: 'recording',
    recorder: process.pid,
    options,
    environment: { platform: process.platform, arch: process.arch, node: process.versions.node },
  };
}

function makeRecording(store: string, begun: Begun, ignore: boolean): string {
  if (ignore) makeStore(store);
  else mkdirSync(store, { recursive: true });
  const { bavail, bsize } = statfsSync(store);
  if (bavail * bsize < RESERVE_BYTES) throw diskFull(store);
  const id = newRecordingId(new Date(begun.startedAt));
  const folder = path.join(store, id);
  const paths = recordingPaths(folder);
  for (const each of [folder, paths.spool, paths.streams, paths.sites, paths.sources]) {
    mkdirSync(each, { mode: FOLDER_MODE });
    chmodSync(each, FOLDER_MODE);
  }
  writeManifest(folder, { ...begun, id });
  return folder;
}

function endManifest(folder: string, begun: Begun, ending: Ending): void {
  const { recorder: _recorder, ...rest } = begun;
  const id = path.basename(folder);
  const exitCode = ending.signal === null ? ending.code : null;
  try {
    writeManifest(folder, { ...rest, id, state: 'complete', endedAt: Date.now(), exitCode, signal: ending.signal });
  } catch (error) {
    // The manifest of the start stays; readers see an abandoned recording.
    appendLedger(folder, { kind: 'missing', subject: 'manifest', reason: `its end was not written: ${String(error)}` });
  }
}

function programEnvironment(
  folder: string,
  options: Readonly<Record<string, unknown>>,
  preload: string,
  sources: string | undefined,
): NodeJS.ProcessEnv {
  const { helper } = options;
  const require = `--require "${preload.replace(/[\\"]/g, '\\$&')}"`;
  return {
    ...process.env,
    NODE_OPTIONS: [require, process.env.NODE_OPTIONS].filter(Boolean).join(' '),
    HINDCAST_RECORDING: folder,
    HINDCAST_OPTIONS: JSON.stringify(options),
    ...(sources !== undefined && typeof helper === 'string' ? withSources(sources, helper) : {}),
  };
}

/** The helper has Node find them there from its start; see native/native-ahead.c. */
function withSources(sources: string, helper: string): NodeJS.ProcessEnv {
  // what separates the names of a list
  if (process.platform !== 'linux' || /[:\s]/.test(helper)) return {};
  return { [SOURCES_VARIABLE]: sources, LD_PRELOAD: withHelper(process.env.LD_PRELOAD, path.dirname(helper)) };
}

function attemptSetup<T>(store: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof HindcastError) throw error;
    const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    throw full ? diskFull(store) : inputOutput(`make a recording in ${store}`, error);
  }
}
