/** The child processes of a recording, as a rerun plays them. */
import { childKey, type ChildRun, type RecordedError, type UnmatchedCall } from '../model/recorded-world.ts';
import type { Recording } from '../store/recording.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';
import { turnsOf } from './recorded-turns.ts';

/** What a recorded process does in a rerun. One that is left out was recorded, and is played all the same, at once. */
type Way = 'again' | 'played' | 'left out';

/** `left`: indexes of streams whose processes are played, too; see `leftOut`. */
export function childRuns(
  recording: Recording,
  streams: readonly ReadStream[],
  contents: Contents,
  left: ReadonlySet<number>,
): ChildRun[] {
  const played = new Set<unknown>([...left].map((index) => pidOf(streams[index])));
  return streams.flatMap((stream, index) => {
    const { entries } = stream;
    const isRecorded = recordedBelow(recording, index, streams);
    const wayOf = (pid: unknown): Way => (played.has(pid) ? 'left out' : isRecorded(pid) ? 'again' : 'played');
    const turns = turnsOf(stream);
    return entries.flatMap((entry, order) =>
      runOf(entry, entries, wayOf, contents).map((run) => timed(run, entry, turns.lasted(order), entries, contents)),
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
    .filter(({ kind: each, detail: { stream } }) => each === 'child.output' && !isFurther(stream))
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
  wayOf: (pid: unknown) => Way,
  contents: Contents,
): ChildRun[] {
  const { file, args, pid } = detail;
  const way = wayOf(pid);
  const again = way === 'again';
  const isLeftOut = way === 'left out' ? true : undefined;
  if (kind === 'child.start') {
    const key = childKey(file, args);
    if (again) return [{ key, again, script: '' }];
    if (detail['failed'] !== undefined) return [{ key, again: false, script: '', failed: true }];
    const { child } = detail;
    const own = entries.filter((entry) => entry.detail['child'] === child);
    const ended = ['stdout', 'stderr'].filter((name) =>
      entries.some((entry) => entry.kind === 'pipe.end' && entry.detail['of'] === `${String(child)}.${name}`),
    );
    const outlived = `${String(file)}, before whose end the recording ends`;
    if (!own.some((entry) => entry.kind === 'child.exit') && ended.length > 0) {
      const closes = `exec ${ended.map((name) => (name === 'stderr' ? '2>&-' : '>&-')).join(' ')}`;
      return [{ key, again: false, isLeftOut, outlived, script: scriptOf(own, contents, closes, false) }];
    }
    const note = noteOf({ kind: 'processes', what: outlived, ...UNPLACED });
    const unended = `sleep ${UNENDED_SECONDS}; ${note} >>"$1"`;
    return [{ key, again: false, isLeftOut, script: scriptOf(own, contents, unended, way === 'played') }];
  }
  if (!/^child\.(?:spawn|exec|execFile)Sync$/.test(kind)) return [];
  const { status, signal, stdout, stderr, more, error, pid: number } = detail;
  const text = (content: unknown): string | null | undefined =>
    content === null ? null : contents.bytes(content)?.toString('base64');
  const outcome = {
    ...(typeof number === 'number' ? { pid: number } : {}),
    status: typeof status === 'number' ? status : error === undefined ? 0 : null,
    signal: typeof signal === 'string' ? signal : null,
    stdout: text(stdout),
    stderr: text(stderr),
    ...(Array.isArray(more) ? { more: more.map(text) } : {}),
    ...(error === undefined ? {} : { error: error as RecordedError }),
  };
  return [{ key: childKey(file, args), again, isLeftOut, script: '', outcome }];
}

const UNPLACED = { file: undefined, line: undefined };
/** A program that waits so long for the end that it never saw goes another way than it did. */
const UNENDED_SECONDS = 3;

/** Prints a note for the shell. */
function noteOf(call: UnmatchedCall): string {
  return `printf '%s\\n' '${JSON.stringify(call).replaceAll("'", "'\\''")}'`;
}

/**
 * Writes at once what it wrote, in its order, and ends as it did, where it `lasts` after the same time; `unended` is what it
 * does where that is not known. What comes on its stdin is taken and forgotten.
 */
function scriptOf(entries: readonly BoundaryEntry[], contents: Contents, unended: string, lasts: boolean): string {
  const lines: string[] = [];
  let ending = unended;
  let begun = Number.NaN;
  const written: { stream: unknown; parts: Uint8Array[] } = { stream: undefined, parts: [] };
  const write = (): void => {
    const bytes = Buffer.concat(written.parts.splice(0));
    if (bytes.length > 0) lines.push(`cat '${contents.file(bytes)}' >&${descriptorOf(written.stream)}`);
  };
  for (const { kind, detail } of entries) {
    const time = Number(detail['time'] ?? Number.NaN);
    if (kind === 'child.start') begun = time;
    if (kind === 'child.output') {
      if (detail['stream'] !== written.stream) write();
      written.stream = detail['stream'];
      written.parts.push(contents.bytes(detail['content']) ?? new Uint8Array());
    } else if (kind === 'child.exit') {
      const { code, signal } = detail;
      write();
      const lasted = time - begun;
      if (lasts && lasted > 0) lines.push(`sleep ${(lasted / 1000).toFixed(3)}`);
      ending = typeof signal === 'string' ? `kill -${signal.replace(/^SIG/, '')} $$` : `exit ${Number(code ?? 0)}`;
    }
  }
  write();
  const reads = entries.some(({ kind }) => kind === 'child.input') ? TAKES : [];
  return [...reads, ...lines, ending].join('\n');
}

/** Reads stdin in the background, and holds no other pipe open meanwhile. */
const TAKES = ['exec 9<&0', 'cat <&9 >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- &'];

/** A pipe behind the three standard ones: it is called by its number. */
function isFurther(stream: unknown): boolean {
  return /^\d+$/.test(String(stream));
}

function descriptorOf(stream: unknown): string {
  return isFurther(stream) ? String(stream) : stream === 'stderr' ? '2' : '1';
}
