/** The child processes of a recording, as a rerun plays them. */
import { childKey, type ChildRun, type RecordedError, type UnmatchedCall } from '../model/recorded-world.ts';
import type { Recording } from '../store/recording.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';
import { turnsOf } from './recorded-turns.ts';

export function childRuns(recording: Recording, streams: readonly ReadStream[], contents: Contents): ChildRun[] {
  return streams.flatMap((stream, index) => {
    const { entries } = stream;
    const runsAgain = recordedBelow(recording, index, streams);
    const turns = turnsOf(stream);
    return entries.flatMap((entry, order) =>
      runOf(entry, entries, runsAgain, contents).map((run) =>
        timed(run, entry, turns.lasted(order), entries, contents),
      ),
    );
  });
}

function timed(
  run: ChildRun,
  { kind, detail }: BoundaryEntry,
  lead: number,
  entries: readonly BoundaryEntry[],
  contents: Contents,
): ChildRun {
  const begun = detail['time'];
  if (kind !== 'child.start' || run.failed === true || typeof begun !== 'number') return run;
  const own = entries.filter((entry) => entry.detail['child'] === detail['child']);
  const at = (entry: BoundaryEntry): number => Math.max(0, Number(entry.detail['time'] ?? begun) - begun);
  const output = own
    .filter((entry) => entry.kind === 'child.output')
    .map((entry) => ({
      stream: entry.detail['stream'] === 'stderr' ? ('stderr' as const) : ('stdout' as const),
      bytes: contents.bytes(entry.detail['content'])?.length ?? 0,
      at: at(entry),
    }));
  const ended = own.find((entry) => entry.kind === 'child.exit');
  return { ...run, times: { lead, output, exit: ended && at(ended) } };
}

/** Tells of a child's pid whether it was recorded, or may have started, as a shell does, what was. */
function recordedBelow({ streams }: Recording, index: number, read: readonly ReadStream[]): (pid: unknown) => boolean {
  const own = streams[index];
  // of a light recording the values are another run's, and what threads said of themselves is its own
  const id = own?.hello?.stream ?? own?.id;
  const below = streams.flatMap(({ hello }, at) =>
    hello?.parent === id && hello?.pid !== own?.hello?.pid ? [pidOf(read[at]) ?? hello?.pid] : [],
  );
  const recorded = new Set<unknown>(below);
  const started = new Set(
    read[index]!.entries.map(({ kind, detail }) => (kind.startsWith('child.') ? detail['pid'] : undefined)),
  );
  const hasOthers = [...recorded].some((pid) => !started.has(pid));
  return (pid) => recorded.has(pid) || hasOthers;
}

/** As the process itself was told: where a recording was executed again, it is not the real one. */
function pidOf(stream: ReadStream | undefined): unknown {
  return stream?.entries.find(({ kind }) => kind === 'environment')?.detail['pid'];
}

function runOf(
  { kind, detail }: BoundaryEntry,
  entries: readonly BoundaryEntry[],
  runsAgain: (pid: unknown) => boolean,
  contents: Contents,
): ChildRun[] {
  const { file, args, pid } = detail;
  const again = runsAgain(pid);
  if (kind === 'child.start') {
    const key = childKey(file, args);
    if (again) return [{ key, again, script: '' }];
    if (detail['failed'] !== undefined) return [{ key, again: false, script: '', failed: true }];
    const own = entries.filter((entry) => entry.detail['child'] === detail['child']);
    const outlived = noteOf({
      kind: 'processes',
      what: `${String(file)}, before whose end the recording ends`,
      ...UNPLACED,
    });
    return [{ key, again: false, script: scriptOf(own, contents, `${outlived} >>"$1"`) }];
  }
  if (!/^child\.(?:spawn|exec|execFile)Sync$/.test(kind)) return [];
  const { status, signal, stdout, stderr, error, pid: number } = detail;
  const text = (content: unknown): string | undefined => contents.bytes(content)?.toString('base64');
  const outcome = {
    ...(typeof number === 'number' ? { pid: number } : {}),
    status: typeof status === 'number' ? status : error === undefined ? 0 : null,
    signal: typeof signal === 'string' ? signal : null,
    stdout: text(stdout),
    stderr: text(stderr),
    ...(error === undefined ? {} : { error: error as RecordedError }),
  };
  return [{ key: childKey(file, args), again, script: '', outcome }];
}

const UNPLACED = { file: undefined, line: undefined };
/** A program that waits so long for the end that it never saw goes another way than it did. */
const UNENDED_SECONDS = 3;

/** Prints a note for the shell. */
function noteOf(call: UnmatchedCall): string {
  return `printf '%s\\n' '${JSON.stringify(call).replaceAll("'", "'\\''")}'`;
}

/** Writes at once what it wrote, in its order, and ends as it did, after the same time. What comes on its stdin is taken and forgotten. */
function scriptOf(entries: readonly BoundaryEntry[], contents: Contents, outlived: string): string {
  const lines: string[] = [];
  let ending = `sleep ${UNENDED_SECONDS}; ${outlived}`;
  let begun = Number.NaN;
  for (const { kind, detail } of entries) {
    const time = Number(detail['time'] ?? Number.NaN);
    if (kind === 'child.start') begun = time;
    if (kind === 'child.output') {
      const bytes = contents.bytes(detail['content']);
      const to = detail['stream'] === 'stderr' ? ' >&2' : '';
      if (bytes) lines.push(`cat '${contents.file(bytes)}'${to}`);
    } else if (kind === 'child.exit') {
      const { code, signal } = detail;
      const lasted = time - begun;
      if (lasted > 0) lines.push(`sleep ${(lasted / 1000).toFixed(3)}`);
      ending = typeof signal === 'string' ? `kill -${signal.replace(/^SIG/, '')} $$` : `exit ${Number(code ?? 0)}`;
    }
  }
  const reads = entries.some(({ kind }) => kind === 'child.input') ? ['exec 3<&0', 'cat <&3 >/dev/null 2>&1 &'] : [];
  return [...reads, ...lines, ending].join('\n');
}
