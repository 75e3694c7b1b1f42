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
  readonly pid: unknown;
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
  const ids = parent?.map((index) => streams[index]!.hello?.stream ?? streams[index]!.id);
  const pidOfParent = parent && streams[parent[0]!]!.hello?.pid;
  const byPid = new Map<number, number[]>();
  streams.forEach(({ hello }, index) => {
    if (!hello || hello.pid === pidOfParent) return;
    if (ids ? !ids.includes(hello.parent ?? '') : hello.parent !== null) return;
    byPid.set(hello.pid, [...(byPid.get(hello.pid) ?? []), index]);
  });
  return [...byPid].map(([pid, own]) => {
    const threads = streams.flatMap(({ hello }, index) => (hello?.pid === pid ? [index] : []));
    return {
      pid,
      threads: threads.length > own.length ? threads : own,
      children: processesBelow(recording, read, keep, threads),
      isWell: threads.every((index) => !keep.has(index) && streams[index]!.ended && exitCodeOf(streams[index]!) === 0),
      isPlayable: parent?.some((index) => startedAlone(read[index]!, pid)) === true,
    };
  });
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
