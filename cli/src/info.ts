/** `hindcast info`: what a recording holds, what failed, what is missing. */
import { text } from 'node:stream/consumers';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import type { CaseFacts } from '../../trace-runtime/src/query/stream-state.ts';
import type { LedgerLine } from '../../trace-runtime/src/store/ledger.ts';
import { isLight, readVerification } from '../../trace-runtime/src/store/materialised.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { Outcome } from '../../trace-runtime/src/wire/words.ts';
import { failureJson, failureLines, failureView, type FailureView } from './failure-view.ts';
import { endingOf, stateOf } from './list.ts';
import { levelLine } from './materialise.ts';
import { flag, parse } from './options.ts';
import { formatBytes, formatCount, formatTime, plural, printJson, printLines, table } from './output.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { displayPath } from './display-place.ts';
import { openSession, type FoundCase, type ReplayedStream, type Session } from './session.ts';

interface LedgerRow {
  readonly kind: string;
  readonly subject: string;
  readonly reason: string;
  readonly stream: number | null;
  readonly at: number | null;
  readonly count: number;
}

export async function info(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { json: 'flag' }, 1);
  const [named] = parsed.positionals;
  const session = await openSession(named === '-' ? await givenLater() : named, { values: 'known' });
  const places = new Places(session.recording);
  const failures = session.failures().map((failure) => failureView(failure, places));
  const ledger = ledgerRows(session);
  if (flag(parsed, 'json')) printJson(toJson(session, places, failures, ledger));
  else printLines(toLines(session, failures, ledger));
  return 0;
}

/** The editor starts this before it knows the recording, which is what comes on standard input. */
async function givenLater(): Promise<string> {
  const name = (await text(process.stdin)).trim();
  if (name === '') throw usage('No recording came on standard input.');
  return name;
}

function toJson(session: Session, places: Places, failures: readonly FailureView[], ledger: readonly LedgerRow[]) {
  const { recording } = session;
  const { id, command, cwd, startedAt, endedAt, exitCode, signal, part, keep } = recording.manifest;
  const streams = session.replayAll();
  const verification = readVerification(recording.folder);
  return {
    recording: {
      id,
      path: recording.folder,
      command,
      cwd,
      state: stateOf(recording.manifest),
      startedAt,
      endedAt: endedAt ?? null,
      exitCode: exitCode ?? null,
      signal: signal ?? null,
      bytes: recording.bytes,
      pinned: recording.pinned,
      part: part ?? null,
      keep: keep ?? null,
      level: isLight(recording) ? 'light' : 'full',
      ticks: verification?.ticks ?? null,
      verified: verification?.verified ?? null,
    },
    streams: streams.map(streamJson),
    events: streams.reduce((sum, { end }) => sum + end.moment, 0),
    failures: failures.map(failureJson),
    cases: session.cases().map(caseJson),
    sources: ownSources(streams, places),
    ledger,
    problems: problemsOf(streams),
  };
}

/** Files of the program itself, as the developer wrote them. */
function ownSources(streams: readonly ReplayedStream[], places: Places): readonly string[] {
  const loaded = new Map(streams.flatMap(({ end }) => end.files.map((file) => [`${file.path} ${file.hash}`, file])));
  const paths = [...loaded.values()]
    .filter(({ path }) => !isOfPackage(path))
    .flatMap((file) => places.sources(file).map(({ path }) => path));
  return [...new Set(paths)].sort();
}

function streamJson({ number, stream, end }: ReplayedStream) {
  const { id, hello, bytes, words, counts, ended, segments } = stream;
  return {
    number,
    id,
    pid: hello?.pid ?? null,
    threadId: hello?.threadId ?? null,
    parent: hello?.parent ?? null,
    node: hello?.node ?? null,
    argv: hello?.argv ?? null,
    startedAt: hello?.startedAt ?? null,
    events: end.moment,
    calls: end.activations,
    files: new Set(end.files.map((file) => file.path)).size,
    counts,
    bytes,
    words,
    segments: segments.length,
    ended,
    exitCode: end.exitCode ?? null,
  };
}

function caseJson({ stream, facts }: FoundCase) {
  const { kind, id, parent, name, file, line, first, last, milliseconds } = facts;
  const outcome = outcomeOf(facts);
  return {
    kind,
    id,
    parent,
    name,
    file,
    line,
    stream,
    first,
    last: last ?? null,
    milliseconds: milliseconds ?? null,
    outcome,
  };
}

function outcomeOf({ outcome }: CaseFacts): string {
  return Object.entries(Outcome).find(([, code]) => code === outcome)?.[0] ?? 'unfinished';
}

function problemsOf(streams: readonly ReplayedStream[]) {
  return streams.flatMap(({ number, stream, end }) => [
    ...stream.problems.map(({ kind, path, offset, reason }) => ({ stream: number, kind, path, offset, reason })),
    ...end.problems.list
      .slice(0, 100)
      .map(({ moment, sentence }) => ({ stream: number, kind: 'reading', moment, reason: sentence })),
  ]);
}

function toLines(session: Session, failures: readonly FailureView[], ledger: readonly LedgerRow[]): readonly string[] {
  const { recording } = session;
  const { manifest } = recording;
  const streams = session.replayAll();
  const events = streams.reduce((sum, { end }) => sum + end.moment, 0);
  const processes = new Set(streams.map(({ stream }) => stream.hello?.pid)).size;
  const ending = endingOf(manifest, 'exit code');
  const level = levelLine(recording);
  const lines = [
    `recording  ${manifest.id}  ${displayPath(recording.folder)}`,
    `command    ${manifest.command.join(' ')}`,
    `began      ${formatTime(manifest.startedAt)}${durationOf(manifest)}, ${ending}`,
    `holds      ${plural(events, 'event')} in ${plural(processes, 'process', 'processes')} and ${plural(streams.length, 'thread')}, ${formatBytes(recording.bytes)}`,
    ...(level === undefined ? [] : [`level      ${level}`]),
    '',
    ...table([
      ['', 'process', 'thread', 'events', 'calls', 'files', 'size', 'ending', 'program'],
      ...streams.map(streamRow),
    ]),
  ];
  lines.push('', failures.length === 0 ? noFailures(recording) : `${plural(failures.length, 'failure')}:`);
  if (hasNoSteps(recording, streams))
    lines.push('No code but that of packages was recorded: with --deps steps, hindcast record has their steps, too.');
  for (const failure of failures.slice(0, 20)) lines.push(...failureLines(failure).map((line) => `  ${line}`));
  if (failures.length > 20) lines.push(`  … ${failures.length - 20} more (--json has all)`);
  lines.push(...caseLines(session.cases()), ...ledgerLines(ledger), ...problemLines(streams));
  return lines;
}

/** What is known where none is listed. */
function noFailures(recording: Recording): string {
  const { exitCode } = recording.manifest;
  if (typeof exitCode !== 'number' || exitCode === 0) return 'No failures.';
  if (isLight(recording) && !readVerification(recording.folder))
    return `It ended with exit code ${exitCode}: what failed shows when it is executed again (hindcast why).`;
  return `No failure was found, though it ended with exit code ${exitCode}.`;
}

function isOfPackage(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

/** A command such as a linter, whose own code all lies in `node_modules`: there is nothing to step through. */
function hasNoSteps(recording: Recording, streams: readonly ReplayedStream[]): boolean {
  if (isLight(recording) && !readVerification(recording.folder)) return false;
  if (streams.some(({ end }) => end.activations > 0)) return false;
  return streams.some(({ stream, end }) => end.files.length > 0 || isOfPackage(stream.hello?.argv?.[1] ?? ''));
}

function durationOf({ startedAt, endedAt }: { readonly startedAt: number; readonly endedAt?: number }): string {
  return endedAt === undefined ? '' : `, ${((endedAt - startedAt) / 1000).toFixed(1)} s`;
}

function streamRow({ number, stream, end }: ReplayedStream): readonly string[] {
  const { hello } = stream;
  return [
    `${number}`,
    String(hello?.pid ?? '?'),
    hello?.threadId ? String(hello.threadId) : 'main',
    formatCount(end.moment),
    formatCount(end.activations),
    String(new Set(end.files.map((file) => file.path)).size),
    formatBytes(stream.bytes),
    stream.ended ? (end.exitCode === undefined ? 'ended' : `exit ${end.exitCode}`) : 'no orderly end',
    (hello?.argv ?? [])
      .slice(1)
      .map((arg) => displayPath(arg))
      .join(' '),
  ];
}

function caseLines(cases: readonly FoundCase[]): readonly string[] {
  if (cases.length === 0) return [];
  const shown = cases.slice(0, 50);
  const rows = shown.map(({ facts }) => [`  #${facts.id}`, outcomeOf(facts), facts.name]);
  const rest = cases.length > shown.length ? [`  … ${cases.length - shown.length} more (--json has all)`] : [];
  return ['', `${plural(cases.length, 'case')}:`, ...table(rows), ...rest];
}

function ledgerRows(session: Session): readonly LedgerRow[] {
  const fromCommand = session.recording.ledger.map((line) => rowOfLine(session, line));
  const fromStreams = session
    .replayAll()
    .flatMap(({ number, end }) => end.ledger.map((text) => rowOfText(text, number)));
  const rows = new Map<string, LedgerRow>();
  for (const row of [...fromCommand, ...fromStreams]) {
    const key = [row.kind, row.subject, row.reason].join('\n');
    const known = rows.get(key);
    rows.set(key, known ? { ...known, count: known.count + 1 } : row);
  }
  return [...rows.values()];
}

function rowOfLine({ recording }: Session, line: LedgerLine): LedgerRow {
  const index = recording.streams.findIndex(({ id }) => id === line.stream);
  const { kind, subject, reason, at } = line;
  return { kind, subject, reason, at: at ?? null, stream: index < 0 ? null : index + 1, count: 1 };
}

function rowOfText(text: string, stream: number): LedgerRow {
  const row = { kind: 'ledger', subject: '', reason: text, at: null, stream, count: 1 };
  try {
    const { kind, subject, reason } = JSON.parse(text) as Partial<LedgerRow>;
    return { ...row, kind: kind ?? row.kind, subject: subject ?? '', reason: reason ?? text };
  } catch {
    return row;
  }
}

function ledgerLines(rows: readonly LedgerRow[]): readonly string[] {
  if (rows.length === 0) return ['', 'Nothing is missing that the ledger knows of.'];
  const shown = rows.slice(0, 40).map((row) => {
    const times = row.count > 1 ? ` (${formatCount(row.count)} times)` : '';
    const at = row.at === null ? '' : `${formatTime(row.at)} `;
    return [`  ${row.kind}`, `${at}${displayPath(row.subject)}: ${row.reason}${times}`];
  });
  const rest = rows.length > 40 ? [`  … ${rows.length - 40} more (--json has all)`] : [];
  return ['', 'Ledger:', ...table(shown), ...rest];
}

function problemLines(streams: readonly ReplayedStream[]): readonly string[] {
  const problems = problemsOf(streams);
  const count = streams.reduce((sum, { stream, end }) => sum + stream.problems.length + end.problems.count, 0);
  if (count === 0) return [];
  const times = new Map<string, number>();
  for (const { stream, reason } of problems) {
    const line = `  stream ${stream}: ${reason}`;
    times.set(line, (times.get(line) ?? 0) + 1);
  }
  const shown = [...times]
    .slice(0, 10)
    .map(([line, count]) => (count > 1 ? `${line} (${formatCount(count)} times)` : line));
  return ['', `${plural(count, 'problem')} while reading:`, ...shown, ...(times.size > 10 ? ['  …'] : [])];
}
