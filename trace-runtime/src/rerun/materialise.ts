/**
 * A light recording's values: its command runs again in its recorded world, exactly, and is recorded fully. Equal hashes
 * of control flow, tick by tick, show that it is the same run; what lies behind the first other one is cut off.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { interrupted, notExecuted, usage, type HindcastError } from '../base/errors.ts';
import type { ChangedSource, SaidOtherwise } from '../model/recorded-world.ts';
import { openRecording, type Recording } from '../store/recording.ts';
import {
  isLight,
  materialisedFolder,
  NOT_EXECUTABLE,
  VERIFICATION_FILE,
  type Verification,
} from '../store/materialised.ts';
import { FILE_MODE, FOLDER_MODE, recordingPaths } from '../store/recording-paths.ts';
import { compareTicks, cutOf } from './compare-ticks.ts';
import type { Progress } from './materialising.ts';
import { missingCode } from './missing-code.ts';
import { prepareRerun, type PreparedRerun } from './prepare.ts';
import { runPrepared, type Rerun, type RerunOptions } from './rerun.ts';

export interface MaterialiseOptions extends Pick<RerunOptions, 'record' | 'own' | 'timeout' | 'signal'> {
  readonly told?: (progress: Progress) => void;
  /** indexes of streams that are executed in any case; undefined: all are, and else many may be left out: see `leftOut` */
  readonly wanted?: ReadonlySet<number> | undefined;
}

/**
 * Executes it once more and keeps what it recorded in the recording's folder, in the place of what was there. Where it is
 * interrupted (`signal`), it rejects and what was there stays.
 */
export async function materialise(recording: Recording, options: MaterialiseOptions): Promise<Verification> {
  const folder = materialisedFolder(recording.folder);
  const made = `${folder}.${process.pid}`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true, mode: FOLDER_MODE });
  try {
    const { verification, rerun } = await executeWindow(recording, { ...options, out: made });
    if (rerun.folder === undefined) throw failed(recording);
    writeFileSync(path.join(rerun.folder, VERIFICATION_FILE), JSON.stringify(verification), { mode: FILE_MODE });
    rmSync(folder, { recursive: true, force: true });
    renameSync(rerun.folder, folder);
    return verification;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

interface Executed {
  readonly verification: Verification;
  readonly rerun: Rerun;
  /** the request that a window is about is proven, or there is no window */
  readonly isReached: boolean;
}

type ExecuteOptions = MaterialiseOptions & { readonly out: string; readonly near?: boolean };

/** Where what came before a request leads away from it, once more with the request alone. */
async function executeWindow(recording: Recording, options: ExecuteOptions): Promise<Executed> {
  const first = await executeAgain(recording, options);
  if (first.isReached) return first;
  const near = await executeAgain(recording, { ...options, near: true });
  return near.isReached ? near : first;
}

/** One exact run; its recording lies in `out`. */
export async function executeAgain(recording: Recording, options: ExecuteOptions): Promise<Executed> {
  if (!isLight(recording)) throw usage('The recording holds its values.');
  const prepared = prepareRerun(recording, { ...options, live: [], exact: true });
  try {
    const rerun = await runPrepared(prepared, prepared.inputs, {
      ...options,
      live: [],
      shows: false,
      brief: true,
      level: 'full',
      changes: recordedSources(prepared),
      ...(options.told && { ticksRecorded: countdown(recording, options.told) }),
    });
    if (options.signal.aborted) throw interrupted(recording.folder);
    const opened = rerun.folder === undefined ? undefined : openRecording(rerun.folder);
    if (!opened?.ok) throw failed(recording);
    const verification = verificationOf(recording, opened.value, prepared, rerun);
    return { rerun, verification, isReached: isReached(verification, prepared) };
  } finally {
    prepared.dispose();
  }
}

function isReached({ divergences }: Verification, { windows }: PreparedRerun): boolean {
  return divergences.every(({ stream, tick }) => tick >= (windows[stream - 1]?.needed ?? 0));
}

/** Tells how many of its ticks were executed. */
function countdown({ streams }: Recording, told: (progress: Progress) => void): (ticks: number) => void {
  const of = streams.reduce((sum, { counts }) => sum + counts.ticks, 0);
  return (ticks) => told({ done: Math.min(ticks, of), of });
}

/**
 * Where a message did not come that had, threads that were killed may have said it last: one that is executed again stops where
 * it says more than is recorded.
 */
function saidOf({ streams }: Recording, { said, outOfOrder }: Rerun): readonly SaidOtherwise[] {
  if (!outOfOrder.some(({ key }) => key.startsWith('message.in '))) return said;
  const more = streams.flatMap((stream, index) => {
    const { killedIn } = cutOf(stream);
    return stream.ended || !killedIn
      ? []
      : [{ stream: index, tick: killedIn, what: 'it may have said what was heard' }];
  });
  return [...said, ...more];
}

function verificationOf(recording: Recording, full: Recording, prepared: PreparedRerun, rerun: Rerun): Verification {
  const executed = rerun.claims.map((claim) =>
    full.streams.find(({ hello }) => claim !== undefined && `${hello?.pid}:${hello?.threadId}` === claim),
  );
  const compared = compareTicks(recording, executed, saidOf(recording, rerun), prepared.windows, prepared.left);
  const [late] = rerun.outOfOrder;
  const gone = [...prepared.edits.files.values()].filter(({ after }) => after === undefined);
  const missing = compared.first && missingCode(recording, executed, full);
  const reasons = [
    ...rerun.unmatched.map(({ what }) => `nothing recorded answers ${what}`),
    ...(isOfOtherBuild(recording, full) ? [OTHER_BUILD] : []),
    ...gone.map((file) => `${file.path} is not there any more`),
    ...(recording.manifest.options['terminal'] === true && !hasTerminal(prepared) ? [AT_A_TERMINAL] : []),
    ...recording.ledger.filter(({ kind }) => kind === NOT_EXECUTABLE).map((line) => `${line.subject}: ${line.reason}`),
    ...rerun.missingSecrets.map((name) => `the secret ${name} is not set`),
    ...(late ? [`${late.key} did not come a second time`] : []),
    ...(rerun.stoppedAfter === undefined ? [] : [`it was stopped after ${rerun.stoppedAfter} ms`]),
  ];
  const streams = executed.map((stream) => stream?.id ?? null);
  const plans = prepared.windows.filter((plan) => plan !== undefined);
  const window = plans.length > 0 ? { left: plans.reduce((sum, { left }) => sum + left, 0) } : undefined;
  const left = [...prepared.left].map((index) => index + 1);
  return {
    version: 1,
    ...compared,
    streams,
    likely: missing !== undefined ? [missing] : compared.first ? reasons : [],
    ...(window && { window }),
    ...(left.length > 0 && { left }),
  };
}

const AT_A_TERMINAL = 'it ran at a terminal, for which it may do otherwise: executed again, it has none';
/** Windows puts no pipe in a terminal's place, and older recordings do not say which streams were a terminal's. */
function hasTerminal({ streams }: PreparedRerun): boolean {
  const started = streams[0]?.entries.find(({ kind }) => kind === 'environment')?.detail;
  return process.platform !== 'win32' && started?.['stdout'] !== undefined;
}

const OTHER_BUILD = 'it was recorded by another version of Hindcast, whose hashes of control flow may be others';

/** Site tables are named by what was instrumented and by which build. Changed files alone leave some the same. */
function isOfOtherBuild(recording: Recording, full: Recording): boolean {
  const [recorded, executed] = [siteTables(recording), siteTables(full)];
  return recorded.length > 0 && executed.length > 0 && !executed.some((name) => recorded.includes(name));
}

function siteTables({ folder }: Recording): readonly string[] {
  const { sites } = recordingPaths(folder);
  return existsSync(sites) ? readdirSync(sites) : [];
}

/** Files that were changed since give way to their recorded text. */
function recordedSources({ edits }: PreparedRerun): readonly ChangedSource[] {
  return [...edits.files.values()].flatMap(({ path: file, before, after }) =>
    after === undefined || edits.generated.has(file) ? [] : [{ path: file, before: after, after: before }],
  );
}

function failed({ folder }: Recording): HindcastError {
  const remedy = 'See that its program and its Node are where they were.';
  return notExecuted(folder, 'its command could not be executed again', remedy);
}
