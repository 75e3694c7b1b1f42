/** `hindcast materialise`: executes a light recording again and keeps its values, proven tick by tick. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import {
  isLight,
  materialisedFolder,
  readVerification,
  withValues,
  type Verification,
} from '../../trace-runtime/src/store/materialised.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { executeAgain, mayNotRun, type ExecuteOptions } from './execute-again.ts';
import { flag, parse } from './options.ts';
import { printJson, printLines } from './output.ts';
import { endedBySignals, timeoutOf, untilEnded } from './prove.ts';
import { openSession, type Session } from './session.ts';
import { tellsPeople, tellsPrograms, type Told } from './told-progress.ts';

const OPTIONS = {
  'allow-run': 'flag',
  timeout: 'text',
  again: 'flag',
  all: 'flag',
  failing: 'flag',
  progress: 'flag',
  json: 'flag',
} as const;

export function materialise(args: readonly string[]): Promise<number> {
  return untilEnded((signal) => materialiseUntil(signal, args));
}

async function materialiseUntil(signal: AbortSignal, args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const session = await openSession(parsed.positionals[0], { values: false });
  const { recording } = session;
  if (!isLight(recording)) throw usage('The recording holds its values: it was not recorded with --level light.');
  if (recording.manifest.imported === true && !flag(parsed, 'allow-run')) throw mayNotRun(recording);
  if (flag(parsed, 'failing') && session.failures().length === 0) return 0;
  const told = flag(parsed, 'progress') ? tellsPrograms() : tellsPeople();
  const wanted = flag(parsed, 'all') ? undefined : wantedOf(session);
  const options = { signal, timeout: timeoutOf(parsed), again: flag(parsed, 'again'), wanted };
  const verification = await whileTold(told, recording, options);
  if (flag(parsed, 'json')) printJson({ recording: recording.folder, ...verification });
  else printLines(toLines(verification));
  return verification.divergences.length === 0 ? 0 : 1;
}

/** Indexes of the streams that a session is about: of its case, or those in which something failed. */
function wantedOf(session: Session): ReadonlySet<number> {
  const streams = session.caseName === undefined ? session.failures() : [session.case()];
  return new Set(streams.map(({ stream }) => stream - 1));
}

/**
 * The light recording of a session with its values: what was kept of it, or else it is executed now, unless `isKnown` asks
 * for the former.
 */
export async function valuesOf(session: Session, isKnown = false): Promise<Recording> {
  const { recording } = session;
  let verification = readVerification(recording.folder);
  if (!verification && isKnown) return recording;
  if (!verification || (verification.left && !isKnown)) {
    if (!verification && recording.manifest.imported === true) throw mayNotRun(recording);
    const wanted = wantedOf(session);
    verification = await whileTold(tellsPeople(), recording, { signal: endedBySignals(), wanted });
  }
  const full = openRecording(materialisedFolder(recording.folder));
  if (!full.ok) throw full.error;
  return withValues(recording, full.value, verification);
}

async function whileTold(
  told: Told,
  recording: Recording,
  options: Omit<ExecuteOptions, 'told'>,
): Promise<Verification> {
  try {
    return await executeAgain(recording, { ...options, told: told.progress });
  } finally {
    told.dispose();
  }
}

/** How far the values of a light recording are known. */
export function levelLine(recording: Recording): string | undefined {
  if (!isLight(recording)) return undefined;
  const verification = readVerification(recording.folder);
  if (!verification) return 'light: the first command that reads values executes it again';
  const { ticks, verified } = verification;
  if (ticks === 0) return `light: executed again; ${withoutTicks(verification)}`;
  return `light: executed again, ${verified} of ${ticks} ticks are equal`;
}

export function toLines(verification: Verification): readonly string[] {
  const { ticks, verified, divergences, likely, left } = verification;
  const head =
    ticks === 0
      ? `It was executed again: ${withoutTicks(verification)}.`
      : `${verified} of ${ticks} ticks were executed again and are equal.`;
  const rest = left
    ? [`${left.length} threads of processes that ended well were left out: --all executes them, too.`]
    : [];
  const others = divergences.map(({ stream, what }) => `Thread ${stream}: ${what}. What follows is not shown.`);
  return [head, ...rest, ...others, ...likely.map((reason) => `Likely because ${reason}.`)];
}

/** What was compared where no tick has a hash. */
function withoutTicks({ cut, byNode, left }: Verification): string {
  if (cut) return 'it was killed in its first tick, and is shown up to what it told last';
  const compared = byNode ? 'how it ended is the same, and what Node printed by itself is not' : COMPARED;
  return `no code of the program's own ran${left ? ' in what was executed' : ''}; ${compared}`;
}

const COMPARED = 'what it printed and how it ended are the same';
