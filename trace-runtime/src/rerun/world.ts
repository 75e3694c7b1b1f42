/** Makes the world of a rerun out of a recording: see model/recorded-world.ts. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  arrivalKey,
  arrivalOf,
  LOOP_END,
  streamKey,
  WORLD_FILE,
  type AnswerSeries,
  type LiveKind,
  type NativeFiles,
  type RecordedCall,
  type RecordedLine,
  type RecordedWorld,
  type WorldJson,
  type WorldSite,
  type WorldStream,
} from '../model/recorded-world.ts';
import type { LoadedFile } from '../query/activation.ts';
import { StateReader } from '../query/state.ts';
import type { Moment } from '../query/moments.ts';
import type { Recording } from '../store/recording.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import { childRuns } from './child-runs.ts';
import { putCodeFiles } from './code-files.ts';
import { cutOf } from './compare-ticks.ts';
import type { Contents } from './contents.ts';
import { datagramTalks } from './datagram-talks.ts';
import { durationsOf } from './durations.ts';
import type { Edits } from './edits.ts';
import { fileFacts } from './file-facts.ts';
import { NATIVE_FILE, nativeFiles } from './native-files.ts';
import { outsideSignals } from './signals.ts';
import { ticksAt, toldOf } from './told.ts';
import type { PeerPlan } from './peers.ts';
import { watchesOf } from './watches.ts';
import type { WindowPlan } from './window.ts';

export interface WorldParts {
  readonly recording: Recording;
  readonly streams: readonly ReadStream[];
  readonly windows: readonly (WindowPlan | undefined)[];
  readonly edits: Edits;
  readonly contents: Contents;
  /** a folder for what native code found */
  readonly scratch: string;
  readonly own: readonly string[];
  readonly live: readonly LiveKind[];
  readonly exact: boolean;
  /** indexes of streams that are not executed */
  readonly left: ReadonlySet<number>;
  /** indexes of streams that others come to */
  readonly served: ReadonlySet<number>;
}

/** All but where a run finds it. */
export function worldOf(parts: WorldParts): Omit<RecordedWorld, 'peers' | 'scratch'> {
  const { recording, streams, windows, edits, contents, scratch, own, live, exact, left, served } = parts;
  const sites = new Sites(streams, edits);
  const cwd = recording.manifest.cwd;
  const sources = new Set(streams.flatMap(({ end }) => end.files.map((file) => file.path)));
  const native = nativeFiles(streams, contents, scratch, sources);
  return {
    version: 1,
    own,
    live,
    startedAt: recording.streams[0]?.hello?.startedAt ?? recording.manifest.startedAt,
    ...(exact
      ? {
          exact: {
            arrivals: streams.map((stream) => arrivalsOf(stream).map(({ key }) => key)),
            arrivalTicks: streams.map((stream, index) => (windows[index] ? [] : arrivalTicksOf(stream))),
            readAtOnce: streams.map((stream) => arrivalsOf(stream).flatMap(({ atOnce }, at) => (atOnce ? [at] : []))),
            told: recording.streams.map((stream, index) => toldOf(recording, stream, windows[index])),
            samples: recording.manifest.options['samples'] === true,
            calls: streams.map((stream) => callsOf(stream, CALL, contents)),
            started: streams.map(startedBy),
            connections: streams.map((stream) => callsOf(stream, CONNECTION, contents)),
            gone: goneSources(edits, contents),
            sources: putCodeFiles(recording, edits, scratch),
          },
        }
      : {}),
    streams: recording.streams.map((stream, index) => ({
      key: streamKey(stream.hello?.argv ?? [], stream.hello?.threadId ?? 0),
      ...(exact ? { threadId: stream.hello?.threadId ?? 0, ...identityOf(streams[index]!) } : {}),
      ...(exact && !stream.ended && !windows[index] ? cutOf(stream) : {}),
    })),
    series: seriesOf(streams, sites, contents),
    sites: sites.list,
    lines: linesOf(edits),
    generated: [...edits.generated],
    files: { ...native?.facts, ...fileFacts(streams, cwd, contents) },
    ...(native
      ? { native: { folder: native.folder, paths: native.paths, found: foundNatively(streams, contents) } }
      : {}),
    sources: [...sources],
    children: childRuns(recording, streams, contents, left),
    watches: streams.map((stream) => watchesOf(stream, cwd)),
    messages: streams.map(({ entries }) =>
      entries.flatMap(({ kind, detail }) =>
        // what was looked for came when it was looked for
        kind === 'message.in' && detail['sync'] !== true ? (arrivalOf(kind, detail) ?? []) : [],
      ),
    ),
    signals: exact ? [] : outsideSignals(streams, served),
    datagrams: datagramTalks(streams, contents),
  };
}

/** `scratch`: the folder of one run. */
export function writeWorld(world: ReturnType<typeof worldOf>, peers: PeerPlan, scratch: string): void {
  const text = JSON.stringify({ ...world, scratch, peers: peers.answers } satisfies RecordedWorld);
  writeFileSync(path.join(scratch, WORLD_FILE), text, { mode: 0o600 });
}

/** What was made of another text cannot be loaded in its place. */
function goneSources({ files, generated }: Edits, contents: Contents): Readonly<Record<string, string>> {
  const gone = [...files.values()].filter(({ path, after }) => after === undefined && !generated.has(path));
  return Object.fromEntries(gone.map(({ path, before }) => [path, contents.file(Buffer.from(before))]));
}

function callsOf({ entries }: ReadStream, kinds: RegExp, contents: Contents): readonly RecordedCall[] {
  return entries
    .filter(({ kind }) => kinds.test(kind))
    .map(({ kind, detail }) => {
      const { id } = detail;
      const isJoined = typeof id === 'number' && kind !== 'crypto.randomUUID';
      return { kind, id: isJoined ? id : undefined, detail: unpacked(detail, contents) };
    });
}

function foundNatively(streams: readonly ReadStream[], contents: Contents): NativeFiles['found'] {
  return streams.map(({ entries }) =>
    entries.flatMap(({ kind, detail }) => (kind === NATIVE_FILE ? [unpacked(detail, contents)] : [])),
  );
}

/** With its contents in themselves, secrets put in. */
function unpacked(detail: BoundaryEntry['detail'], contents: Contents): RecordedCall['detail'] {
  const fields = Object.entries(detail).map(([name, value]): [string, WorldJson | undefined] => {
    if (name === 'content' || name === 'bytes') return [name, contentOf(value, contents)];
    if (name === 'contents')
      return [name, (value as readonly unknown[]).map((each) => contentOf(each, contents) ?? null)];
    return [name, JSON.parse(contents.text(JSON.stringify(value))) as WorldJson];
  });
  return Object.fromEntries(fields);
}

/** Bytes above which a content has a file of its own. */
const LONG = 16_384;

function contentOf(value: unknown, contents: Contents): WorldJson | undefined {
  if (typeof value !== 'object' || value === null) return value as WorldJson | undefined;
  const bytes = contents.bytes(value);
  if (bytes === undefined) return undefined;
  const isText = 'text' in value || (value as { encoding?: unknown }).encoding === 'text';
  if (bytes.length > LONG) return { file: contents.fileOf(value, bytes), size: bytes.length, isText };
  return isText ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}

function startedBy({ entries }: ReadStream): readonly (number | null)[] {
  const started = entries.filter(({ kind }) => kind === 'child.start');
  return started.map(({ detail: { pid } }) => (typeof pid === 'number' ? pid : null));
}

function identityOf({ entries }: ReadStream): Partial<WorldStream> {
  const { pid, ppid, timeOrigin, ...others } = entries.find(({ kind }) => kind === 'environment')?.detail ?? {};
  const terminals = STREAMS.flatMap((name, fd) => (others[name] === 'terminal' ? fd : []));
  return {
    ...(typeof pid === 'number' && { pid }),
    ...(typeof ppid === 'number' && { ppid }),
    ...(typeof timeOrigin === 'number' && { timeOrigin }),
    ...(terminals.length > 0 && { terminals }),
  };
}

const STREAMS = ['stdin', 'stdout', 'stderr'];

const LOOP_ENDS = arrivalKey(LOOP_END, '');

interface Arrival {
  readonly key: string;
  readonly moment: Moment;
  readonly atOnce: boolean;
}

function arrivalsOf({ entries }: ReadStream): readonly Arrival[] {
  const arrivals = entries.flatMap(({ kind, detail, moment }) => {
    const key = arrivalOf(kind, detail);
    return key === undefined ? [] : [{ key, moment, atOnce: detail['atOnce'] === true }];
  });
  // behind all that came nothing but the program keeps its event loop going
  return arrivals.slice(0, arrivals.findLastIndex(({ key }) => key !== LOOP_ENDS) + 1);
}

function arrivalTicksOf(stream: ReadStream): readonly number[] {
  const moments = arrivalsOf(stream).map(({ moment }) => moment);
  return ticksAt(stream.ticks, moments);
}

/** The statements that asked something, each once. */
class Sites {
  readonly list: WorldSite[] = [];
  readonly #known = new Map<string, number>();
  readonly #readers: readonly StateReader[];

  constructor(
    streams: readonly ReadStream[],
    private readonly edits: Edits,
  ) {
    this.#readers = streams.map(({ end }) => new StateReader(end));
  }

  of({ at, stream }: BoundaryEntry): number {
    if (at === undefined) return -1;
    const { file, functionName, op } = at;
    const key = `${file.hash} ${file.path} ${op}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const place = (offset: number) => this.#readers[stream]!.place(file, offset);
    const [start, end] = [place(file.code.start[op]!), place(file.code.end[op]!)];
    const line = start?.line ?? 0;
    const endLine = Math.max(line, end?.line ?? line);
    this.list.push({
      file: file.path,
      function: functionName,
      line,
      endLine,
      column: start?.column ?? 0,
      gone: !this.#isKept(file, line, endLine),
    });
    this.#known.set(key, this.list.length - 1);
    return this.list.length - 1;
  }

  #isKept({ path: file }: LoadedFile, from: number, to: number): boolean {
    if (!this.edits.files.has(file)) return true;
    for (let line = from; line <= to; line++) if (this.edits.isKept(file, line)) return true;
    return false;
  }
}

/** Of the calls that answer later. */
const CALL =
  /^(?:fs|dns|crypto|os|process|performance|observer|timer|tty|vm|weak)\.|^stdin$|^child\.(?:output|kill|exit)$|^worker\.exit$|^message\.in$/;
/** What came over connections. */
const CONNECTION = /^(?:socket\.(?!out$|connect$)|server\.|http\.in$|tls\.|datagram\.(?!out$))/;
/** What is answered by who asks, or by its turn. */
const BY_SITE = /^(?:clock:\d+|random|crypto\.\w+)$/;
const BY_TURN = /^(?:address|os\.\w+|process\.[\w.]+)$/;

function seriesOf(streams: readonly ReadStream[], sites: Sites, contents: Contents): AnswerSeries[] {
  interface Growing extends AnswerSeries {
    readonly order: number[];
    readonly values: WorldJson[];
  }
  const all = new Map<string, Growing>();
  const add = (entry: BoundaryEntry, site: number, kind: string, args: string, order: number, value: WorldJson) => {
    const key = `${kind}|${entry.stream}|${site}|${args}`;
    let series = all.get(key);
    if (!series) all.set(key, (series = { kind, stream: entry.stream, site, args, order: [], values: [] }));
    series.order.push(order);
    series.values.push(value);
  };
  for (const stream of streams) {
    const { entries } = stream;
    for (const { entry, order, kind, args, value } of durationsOf(stream))
      add(entry, sites.of(entry), `took:${kind}`, args, order, value as unknown as WorldJson);
    const asked = new Map<unknown, BoundaryEntry>();
    entries.forEach((entry, order) => {
      const { kind, detail, numbers } = entry;
      if (kind.endsWith('.done')) {
        const call = asked.get(detail['id']);
        if (call) entry = { ...call, detail: { ...call.detail, ...detail } };
        asked.delete(detail['id']);
      } else if (typeof detail['id'] === 'number' && CALL.test(kind)) {
        asked.set(detail['id'], entry);
        return;
      }
      const name = entry.kind.replace(/\.done$/, '');
      if (name.startsWith('dns.')) {
        const value = { answer: detail['answer'], error: detail['error'] } as WorldJson;
        add(entry, -1, name, JSON.stringify(entry.detail['name'] ?? null), order, value);
      } else if (BY_TURN.test(name))
        add(entry, -1, name, '', order, (detail['value'] ?? detail['address'] ?? null) as WorldJson);
      else if (BY_SITE.test(name) && detail['error'] === undefined) {
        const value = numbers.length > 0 ? numbersValue(numbers) : cryptoValue(entry, contents);
        if (value !== undefined) add(entry, sites.of(entry), name, cryptoArguments(entry, value), order, value);
      }
    });
  }
  return [...all.values()];
}

function numbersValue(numbers: readonly number[]): WorldJson {
  return numbers.length === 1 ? numbers[0]! : numbers;
}

function cryptoValue({ detail }: BoundaryEntry, contents: Contents): WorldJson | undefined {
  if (detail['bytes'] !== undefined) return { base64: contents.bytes(detail['bytes'])?.toString('base64') ?? '' };
  return (detail['id'] ?? detail['value']) as WorldJson | undefined;
}

/** As the serving side tells a call's arguments. */
function cryptoArguments({ kind, detail }: BoundaryEntry, value: WorldJson): string {
  if (kind.startsWith('crypto.randomBytes')) return String(detail['size']);
  if (kind.startsWith('crypto.randomInt')) return ((detail['range'] ?? []) as readonly number[]).join();
  if (!/randomFill|getRandomValues/.test(kind)) return '';
  return String(Buffer.from((value as { base64: string }).base64, 'base64').length);
}

function linesOf(edits: Edits): Record<string, readonly RecordedLine[]> {
  const lines: Record<string, readonly RecordedLine[]> = {};
  for (const [file, { lines: map, after }] of edits.files)
    if (after !== undefined && !edits.generated.has(file)) lines[file] = map;
  return lines;
}
