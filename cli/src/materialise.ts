/** `hindcast materialise`: executes a light recording again and keeps its values, proven tick by tick. */
import path from 'node:path';
import { notExecuted, usage } from '../../trace-runtime/src/base/errors.ts';
import { materialise as executeAndKeep, readVerification } from '../../trace-runtime/src/rerun/materialise.ts';
import {
  isLight,
  materialisedFolder,
  withValues,
  type Verification,
} from '../../trace-runtime/src/store/materialised.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { defaultStore } from '../../trace-runtime/src/store/recordings.ts';
import { findInstallation } from './installation.ts';
import { flag, parse } from './options.ts';
import { printJson, printLines } from './output.ts';
import { ENDED, endedBySignals, timeoutOf } from './prove.ts';
import { openSession } from './session.ts';

const OPTIONS = { 'allow-run': 'flag', timeout: 'text', again: 'flag', json: 'flag' } as const;
/** From when on somebody who waits is told why. */
const QUICK_MS = 1000;

export async function materialise(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const { recording } = await openSession(parsed.positionals[0], { values: false });
  if (!isLight(recording)) throw usage('The recording holds its values: it was not recorded with --level light.');
  if (recording.manifest.imported === true && !flag(parsed, 'allow-run')) throw mayNotRun(recording);
  const known = flag(parsed, 'again') ? undefined : readVerification(recording.folder);
  const signal = endedBySignals();
  const verification = known ?? (await execute(recording, signal, timeoutOf(parsed)));
  if (signal.aborted) return ENDED;
  if (flag(parsed, 'json')) printJson({ recording: recording.folder, ...verification });
  else printLines(toLines(verification));
  return verification.divergences.length === 0 ? 0 : 1;
}

/** A light recording with its values: what was kept of it, or else it is executed now, unless `isKnown` asks for the former. */
export async function valuesOf(recording: Recording, isKnown = false): Promise<Recording> {
  let verification = readVerification(recording.folder);
  if (!verification && isKnown) return recording;
  if (!verification) {
    if (recording.manifest.imported === true) throw mayNotRun(recording);
    const told = setTimeout(() => {
      process.stderr.write('The light recording is executed again for its values…\n');
    }, QUICK_MS);
    verification = await execute(recording, endedBySignals(), undefined).finally(() => clearTimeout(told));
  }
  const full = openRecording(materialisedFolder(recording.folder));
  if (!full.ok) throw full.error;
  return withValues(recording, full.value, verification);
}

function execute(recording: Recording, signal: AbortSignal, timeout: number | undefined): Promise<Verification> {
  const { manifest, folder } = recording;
  const { cache } = manifest.options;
  return executeAndKeep(recording, {
    record: [process.execPath, path.join(__dirname, 'record.cjs'), 'record'],
    own: [
      findInstallation().runtime,
      defaultStore(manifest.cwd),
      folder,
      ...(typeof cache === 'string' ? [cache] : []),
    ],
    timeout,
    signal,
  });
}

function mayNotRun({ folder }: Recording): Error {
  return notExecuted(
    folder,
    'it was imported',
    'Run `hindcast materialise RECORDING --allow-run` if its command may run on this machine.',
  );
}

/** How far the values of a light recording are known. */
export function levelLine(recording: Recording): string | undefined {
  if (!isLight(recording)) return undefined;
  const verification = readVerification(recording.folder);
  if (!verification) return 'light: the first command that reads values executes it again';
  const { ticks, verified } = verification;
  return `light: executed again, ${verified} of ${ticks} ticks are equal`;
}

export function toLines({ ticks, verified, divergences, likely }: Verification): readonly string[] {
  const head = `${verified} of ${ticks} ticks were executed again and are equal.`;
  const others = divergences.map(({ stream, what }) => `Thread ${stream}: ${what}. What follows is not shown.`);
  return [head, ...others, ...likely.map((reason) => `Likely because ${reason}.`)];
}
