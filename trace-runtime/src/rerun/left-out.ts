/**
 * Processes that are left out where a light recording is executed again for its failures. A suite of many files starts a
 * process for each: those that ended well are played, as what was never recorded is, and the failing ones come at once.
 */
import type { Recording } from '../store/recording.ts';
import { exitCodeOf } from '../store/stream.ts';
import type { ReadStream } from './boundary-entries.ts';

/** As many that ended well are executed all the same: what they did may explain a failure. */
const MANY = 8;

interface Process {
  /** indexes of its threads */
  readonly threads: readonly number[];
  readonly children: readonly Process[];
  readonly isWell: boolean;
  /** its parent started it itself, and they exchange no messages */
  readonly isPlayable: boolean;
}

/** Indexes of the streams to leave out. `keep`: indexes of streams that are wanted, however they ended. */
export function leftOut(
  recording: Recording,
  read: readonly ReadStream[],
  keep: ReadonlySet<number>,
): ReadonlySet<number> {
  const roots = processesBelow(recording, read, keep, undefined);
  const found = roots.flatMap(({ children }) => children.flatMap(playable));
  const isFailing = roots.some((root) => !isWhollyWell(root));
  return new Set(isFailing && found.length > MANY ? found.flatMap(threadsOf) : []);
}

function playable(process: Process): readonly Process[] {
  return process.isPlayable && isWhollyWell(process) ? [process] : process.children.flatMap(playable);
}

function isWhollyWell({ isWell, children }: Process): boolean {
  return isWell && children.every(isWhollyWell);
}

function threadsOf({ threads, children }: Process): readonly number[] {
  return [...threads, ...children.flatMap(threadsOf)];
}

/** Those whose parent is the process of these threads; undefined: those without a parent. */
function processesBelow(
  recording: Recording,
  read: readonly ReadStream[],
  keep: ReadonlySet<number>,
  parent: readonly number[] | undefined,
): readonly Process[] {
  const { streams } = recording;
  const pidOfParent = parent && streams[parent[0]!]!.hello?.pid;
  const byPid = new Map<number, number[]>();
  for (const index of madeBy(recording, parent)) {
    const pid = streams[index]!.hello!.pid;
    if (pid !== pidOfParent) byPid.set(pid, [...(byPid.get(pid) ?? []), index]);
  }
  return [...byPid].map(([pid, first]) => {
    const threads = withThreads(recording, first, pid);
    return {
      threads,
      children: processesBelow(recording, read, keep, threads),
      isWell: threads.every((index) => !keep.has(index) && streams[index]!.ended && exitCodeOf(streams[index]!) === 0),
      isPlayable: parent?.some((index) => startedAlone(read[index]!, pid)) === true,
    };
  });
}

/** Indexes of the streams that these made; undefined: of those that none made. */
function madeBy({ streams }: Recording, parents: readonly number[] | undefined): readonly number[] {
  const ids =
    parents && new Set<string | null>(parents.map((index) => streams[index]!.hello?.stream ?? streams[index]!.id));
  return streams.flatMap(({ hello }, index) =>
    hello && (ids ? ids.has(hello.parent) : hello.parent === null) ? [index] : [],
  );
}

/** With the threads that those of the process made. Another process may have had its number. */
function withThreads(recording: Recording, first: readonly number[], pid: number): readonly number[] {
  const made = madeBy(recording, first).filter((index) => recording.streams[index]!.hello!.pid === pid);
  return made.length === 0 ? first : [...first, ...withThreads(recording, made, pid)];
}

function startedAlone({ entries }: ReadStream, pid: number): boolean {
  const start = entries.find(({ kind, detail }) => kind.startsWith('child.') && detail['pid'] === pid);
  const child = start?.detail['child'];
  return (
    start !== undefined &&
    (child === undefined ||
      !entries.some(({ kind, detail }) => kind.startsWith('message.') && detail['child'] === child))
  );
}
