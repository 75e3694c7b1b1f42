/** Failures of a session put to the proof, by one rerun. */
import path from 'node:path';
import { unfinishedCase, UNFINISHED } from '../../trace-runtime/src/analysis/suspects.ts';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { LIVE_KINDS, type ChangedSource, type LiveKind } from '../../trace-runtime/src/model/recorded-world.ts';
import type { Failure } from '../../trace-runtime/src/query/failures.ts';
import {
  validate as rerunAndJudge,
  type ReadyTarget,
  type Validation,
} from '../../trace-runtime/src/rerun/validate.ts';
import type { RerunOptions } from '../../trace-runtime/src/rerun/rerun.ts';
import { isHang, isPlainExit, type VerdictName } from '../../trace-runtime/src/rerun/verdict.ts';
import { defaultStore, findStore, listManifests } from '../../trace-runtime/src/store/recordings.ts';
import { finishSidecar } from './collector-process.ts';
import { findInstallation } from './installation.ts';
import { flag, text, texts, type Parsed } from './options.ts';
import type { Session } from './session.ts';

export const VERDICT_CODES: Readonly<Record<VerdictName, number>> = {
  fixed: 0,
  'still-failing': 1,
  'different-failure': 2,
  inconclusive: 3,
};

/** Of several that are not as expected, the worst: the first of these. */
export const WORST = [4, 2, 1, 3, 0];

/** Options of a command that reruns. */
export const RERUN_OPTIONS = {
  'allow-run': 'flag',
  live: 'texts',
  timeout: 'text',
  out: 'text',
  'show-output': 'flag',
} as const;

export interface Proved {
  readonly session: Session;
  readonly validation: Validation;
}

export interface ProveOptions {
  readonly signal: AbortSignal;
  /** default: all of the session */
  readonly failures?: readonly Failure[];
  /** what is tried */
  readonly changes?: readonly ChangedSource[];
  /** whether to look for where the runs first differ; default true */
  readonly compares?: boolean;
  readonly ready?: ReadyTarget;
}

/** All failures of the session, by one rerun. */
export async function proveSession(session: Session, parsed: Parsed, options: ProveOptions): Promise<Proved> {
  const { signal, changes, compares = true, ready } = options;
  const read = ready?.prepared.streams ?? (await session.boundary(signal));
  const { failures = allOf(session) } = options;
  if (failures.length === 0) throw session.nothingFailed();
  const validation = await rerunAndJudge(
    { recording: session.recording, failures },
    {
      ...rerunOptions(session, parsed, signal),
      timeout: timeoutOf(parsed),
      ...(changes && { changes }),
      ...(ready && { ready }),
      compares,
      read,
      finish: (folder) => finishSidecar(folder, findInstallation()),
    },
    teller(),
  );
  return { session, validation };
}

/** What every rerun of the session's recording takes; `parsed` has `RERUN_OPTIONS`. */
export function rerunOptions(
  { recording: { manifest } }: Session,
  parsed: Parsed,
  signal: AbortSignal,
): Omit<RerunOptions, 'timeout'> {
  const { cache } = manifest.options;
  const out = text(parsed, 'out');
  const store = out === undefined ? defaultStore(manifest.cwd) : path.resolve(out);
  return {
    record: [process.execPath, path.join(__dirname, 'record.cjs'), 'record'],
    own: [findInstallation().runtime, store, ...(typeof cache === 'string' ? [cache] : [])],
    live: liveKinds(parsed),
    out: out === undefined ? undefined : store,
    shows: flag(parsed, 'show-output'),
    signal,
  };
}

/** An imported recording's command may be anybody's. */
export function checkMayRun({ recording }: Session, parsed: Parsed): void {
  if (recording.manifest.imported === true && !flag(parsed, 'allow-run'))
    throw usage('The recording was imported, and its command runs only with --allow-run.');
}

/** The latest recording is the one that was recorded last: a rerun of it is none. */
export function latestRecorded(name: string | undefined): string | undefined {
  if (name !== undefined && !name.startsWith('#')) return name;
  const store = findStore(process.cwd());
  const latest = store && listManifests(store).find(({ manifest }) => manifest.options['serve'] === undefined);
  return latest ? `${latest.folder}${name ?? ''}` : name;
}

const TWICE_MS = 500;

/** Aborted once the command is told to end. */
export function endedBySignals(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
    // one signal may come twice, from the terminal and from what started this; a second one ends it at once
    setTimeout(() => process.off('SIGINT', stop).off('SIGTERM', stop), TWICE_MS).unref();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return stopping.signal;
}

/** What a rerun with a change says of where the change was. */
export interface Confirmation {
  /** it is the cause: with the change the failure is gone, and nothing else fails */
  readonly confirmed: boolean;
  readonly verdict: VerdictName;
  readonly reasons: readonly string[];
  /** the rerun's recording */
  readonly rerun: string | null;
  /** what it was rerun with, where no change had been tried before */
  readonly change?: { readonly was: string; readonly is: string };
}

/** `turns`: the change is to lead the run away from the code that failed. */
export function confirmationOf(
  { validation: { verdict, judged, rerun } }: Proved,
  { turns = false }: { readonly turns?: boolean } = {},
): Confirmation {
  const reasons = judged.find((each) => each.verdict === verdict)?.reasons ?? [];
  const isAway = turns && verdict === 'inconclusive' && reasons.every(({ code }) => code === 'not-reached');
  return {
    confirmed: verdict === 'fixed' || isAway,
    verdict,
    reasons: reasons.map(({ text: reason }) => reason),
    rerun: rerun?.folder ?? null,
  };
}

export function confirmationLines(confirmation: Confirmation | undefined, indent: string): readonly string[] {
  if (!confirmation) return [];
  const { confirmed, reasons, rerun, change } = confirmation;
  const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
  const tried = change ? `, with \`${change.is}\` instead of \`${change.was}\`` : '';
  const said = confirmed ? `Cause, confirmed by rerun${tried}` : `Not confirmed by rerun${why}`;
  return [`${indent}${said}`, ...(rerun === null ? [] : [`${indent}rerun: ${rerun}`])];
}

/** Of a command that is told to end. */
export const ENDED = 130;

/** Does what reruns; its exit code, or that of a command that was told to end meanwhile. */
export async function untilEnded(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const signal = endedBySignals();
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted) return ENDED;
    throw error;
  }
}

/**
 * What failed; where nothing did, what had not ended when the program was ended. A child's exit code that its parent came to
 * know is none where the parent failed.
 */
export function failuresOf(session: Session): readonly Failure[] {
  const all = distinct(session.failures().map(({ failure }) => failure));
  const errors = all.filter((failure) => !isPlainExit(failure));
  const found = errors.length > 0 ? errors : all;
  return found.length > 0 ? found : unfinished(session);
}

/** What a person marked, too. */
function allOf(session: Session): readonly Failure[] {
  const marked = session.failures().flatMap(({ failure }) => (failure.mark ? [failure] : []));
  const failures = failuresOf(session);
  const isUnfinished = failures.every(isHang);
  return marked.length > 0 && isUnfinished ? marked : [...marked, ...failures];
}

function unfinished(session: Session): readonly Failure[] {
  const { manifest } = session.recording;
  for (const { end } of session.replayAll()) {
    const failure = unfinishedCase(end);
    if (failure) return [failure];
  }
  if (!manifest.signal) return [];
  const message = `It was ended by ${manifest.signal}.`;
  const facts = { stackText: '', value: undefined, moment: 0, frames: [], case: undefined, identity: 'unfinished' };
  return [{ kind: 'exception', type: UNFINISHED, message, ...facts }];
}

/** Each failure of the program's own once. */
function distinct(failures: readonly Failure[]): readonly Failure[] {
  const known = new Set<string>();
  return failures.filter(({ mark, identity }) => {
    if (mark || known.has(identity)) return false;
    known.add(identity);
    return true;
  });
}

function liveKinds(parsed: Parsed): readonly LiveKind[] {
  return texts(parsed, 'live').map((name) => {
    const kind = LIVE_KINDS.find((each) => each === name);
    if (!kind) throw usage(`--live is one of ${LIVE_KINDS.join(', ')}, not ${name}.`);
    return kind;
  });
}

/** `--timeout`, in milliseconds. */
export function timeoutOf(parsed: Parsed): number | undefined {
  const given = text(parsed, 'timeout');
  if (given === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(given);
  if (!match || Number(match[1]) === 0) throw usage(`--timeout takes a time such as 30s or 5m, not ${given}.`);
  return Number(match[1]) * (match[2] === 'm' ? 60_000 : 1000);
}

/** Tells a person at a terminal what it does. */
export function teller(): (doing: string) => void {
  if (!process.stderr.isTTY) return () => undefined;
  process.once('exit', () => process.stderr.write('\r\u001b[K'));
  return (doing) => process.stderr.write(`\r\u001b[K${doing} …`);
}
