import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SERVER } from './cases.ts';
import { programNode } from '../support/reader-node.ts';
import { sizeOfRecording } from './events.ts';
import type { Row } from './record.ts';
import { ended, findRecording, median, readReport, start } from './run.ts';

interface ServerOptions {
  readonly repository: string;
  readonly workspace: string;
  readonly scratch: string;
  readonly level: string;
  readonly timeoutMs: number;
  readonly runs: number;
  /** measured at level full, too */
  readonly beside: boolean;
}

interface Served {
  readonly ms: number;
  readonly bytes: number;
  readonly p95: number;
  readonly p99: number;
  /** of the requests that came later, at level light */
  readonly settled?: Pick<Served, 'ms' | 'p99'>;
  readonly maxRss: number;
}

/** An Express server answers the same requests plain and recorded; the load comes from a process of its own. */
export async function benchServer(options: ServerOptions): Promise<Row> {
  const plain: Served[] = [];
  const recorded: Served[] = [];
  const full: Served[] = [];
  let size = { events: Number.NaN, bytes: Number.NaN };
  const cli = path.join(options.repository, 'cli/bin/hindcast.cjs');
  for (let run = -1; run < options.runs; run++) {
    const out = path.join(options.scratch, `express-${run}`);
    const program = [programNode, SERVER.file];
    const before = await serve(program, options);
    const after = await serve(
      [programNode, cli, 'record', '--level', options.level, '--out', out, '--', ...program],
      options,
    );
    if (options.beside) {
      const folder = path.join(options.scratch, `express-full-${run}`);
      const at = await serve(
        [programNode, cli, 'record', '--level', 'full', '--out', folder, '--', ...program],
        options,
      );
      rmSync(folder, { recursive: true, force: true });
      if (run >= 0) full.push(at);
    }
    if (before.bytes !== after.bytes)
      throw new Error(`The recorded server sent ${after.bytes} bytes, the plain one ${before.bytes}.`);
    if (run === 0) size = sizeOfRecording(findRecording(out));
    rmSync(out, { recursive: true, force: true });
    if (run < 0) continue;
    plain.push(before);
    recorded.push(after);
  }
  type Figure = 'ms' | 'p95' | 'p99' | 'maxRss';
  const of = (list: readonly Served[], key: Figure) => median(list.map((served) => served[key]));
  const settled = (list: readonly Served[], key: 'ms' | 'p99') =>
    median(list.map((served) => served.settled?.[key] ?? 0));
  const ratio = of(recorded, 'ms') / of(plain, 'ms');
  const perHour = size.bytes / ((of(recorded, 'ms') * SERVED_SHARE + settled(recorded, 'ms')) / HOUR_MS);
  const rate = SERVER.requests / (of(recorded, 'ms') / 1000);
  console.log(`a busy service: ${megabytes(perHour)} an hour, at ${rate.toFixed(0)} requests a second`);
  return {
    name: 'express',
    ratio,
    workRatio: ratio,
    fullRatio: full.length > 0 ? of(full, 'ms') / of(plain, 'ms') : null,
    appmapRatio: null,
    events: size.events,
    bytesPerEvent: size.bytes / size.events,
    moreRssMb: (of(recorded, 'maxRss') - of(plain, 'maxRss')) / 1024,
    plainMs: of(plain, 'ms'),
    recordedMs: of(recorded, 'ms'),
    note: [
      `throughput ${(1 / ratio).toFixed(2)}`,
      `p95 ${of(plain, 'p95').toFixed(1)} -> ${of(recorded, 'p95').toFixed(1)} ms`,
      `p99 ${of(plain, 'p99').toFixed(1)} -> ${of(recorded, 'p99').toFixed(1)} ms`,
      ...(options.level === 'light'
        ? [
            `the next ${SERVER.later} requests: throughput ${(settled(plain, 'ms') / settled(recorded, 'ms')).toFixed(2)}`,
            `p99 ${settled(plain, 'p99').toFixed(1)} -> ${settled(recorded, 'p99').toFixed(1)} ms`,
          ]
        : []),
    ].join(', '),
  };
}

/** What a service that nobody asks anything leaves: the bytes of a longer run less those of a shorter one. */
export async function idleBytesAnHour(options: Omit<ServerOptions, 'runs' | 'beside'>): Promise<number> {
  const cli = path.join(options.repository, 'cli/bin/hindcast.cjs');
  const bytes: number[] = [];
  for (const seconds of IDLE_SECONDS) {
    const out = path.join(options.scratch, `idle-${seconds}`);
    const record = [programNode, cli, 'record', '--level', options.level, '--out', out, '--'];
    await serve([...record, programNode, SERVER.file], options, async () => setTimeout(seconds * 1000));
    bytes.push(sizeOfRecording(findRecording(out)).bytes);
    rmSync(out, { recursive: true, force: true });
  }
  const [short = 0, long = 0] = bytes;
  const [from, to] = IDLE_SECONDS;
  return Math.max(0, long - short) / (((to - from) * 1000) / HOUR_MS);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

const HOUR_MS = 3_600_000;
const IDLE_SECONDS = [2, 12] as const;
/** of the time that is counted: a first quarter of the load warms the server, and is recorded */
const SERVED_SHARE = 1.25;

/** `idle`: what goes before the load, which then is none. */
async function serve(
  command: readonly string[],
  options: Omit<ServerOptions, 'runs' | 'beside'>,
  idle?: () => Promise<unknown>,
): Promise<Served> {
  const report = path.join(options.workspace, `server-${process.pid}.json`);
  rmSync(report, { force: true });
  const child = start(command, { cwd: options.workspace, env: { BENCH_REPORT: report }, timeoutMs: options.timeoutMs });
  const done = ended(child, options.timeoutMs, command);
  const port = new Promise<string>((resolve, reject) => {
    done.catch(reject);
    child.stdout?.on('data', (data: Buffer) => {
      const found = /listening on (\d+)/.exec(data.toString());
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
  const listening = await port;
  await idle?.();
  const requests = idle ? 0 : SERVER.requests;
  const later = idle || options.level !== 'light' ? 0 : SERVER.later;
  const load = [programNode, SERVER.load, ...[listening, requests, SERVER.connections, later].map(String)];
  const client = start(load, { cwd: options.workspace, env: {}, timeoutMs: options.timeoutMs });
  const { stdout } = await ended(client, options.timeoutMs, load);
  await done;
  return { ...(JSON.parse(stdout) as Omit<Served, 'maxRss'>), maxRss: readReport(report, command).maxRss };
}
