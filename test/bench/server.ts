import { rmSync } from 'node:fs';
import path from 'node:path';
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
}

interface Served {
  readonly ms: number;
  readonly bytes: number;
  readonly p95: number;
  readonly maxRss: number;
}

/** An Express server answers the same requests plain and recorded; the load comes from a process of its own. */
export async function benchServer(options: ServerOptions): Promise<Row> {
  const plain: Served[] = [];
  const recorded: Served[] = [];
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
    if (before.bytes !== after.bytes)
      throw new Error(`The recorded server sent ${after.bytes} bytes, the plain one ${before.bytes}.`);
    if (run === 0) size = sizeOfRecording(findRecording(out));
    rmSync(out, { recursive: true, force: true });
    if (run < 0) continue;
    plain.push(before);
    recorded.push(after);
  }
  const of = (list: readonly Served[], key: keyof Served) => median(list.map((served) => served[key]));
  const ratio = of(recorded, 'ms') / of(plain, 'ms');
  return {
    name: 'express',
    ratio,
    workRatio: ratio,
    appmapRatio: null,
    events: size.events,
    bytesPerEvent: size.bytes / size.events,
    moreRssMb: (of(recorded, 'maxRss') - of(plain, 'maxRss')) / 1024,
    plainMs: of(plain, 'ms'),
    recordedMs: of(recorded, 'ms'),
    note: `p95 ${of(plain, 'p95').toFixed(1)} -> ${of(recorded, 'p95').toFixed(1)} ms`,
  };
}

async function serve(command: readonly string[], options: ServerOptions): Promise<Served> {
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
  const load = [programNode, SERVER.load, await port, String(SERVER.requests), String(SERVER.connections)];
  const client = start(load, { cwd: options.workspace, env: {}, timeoutMs: options.timeoutMs });
  const { stdout } = await ended(client, options.timeoutMs, load);
  await done;
  return { ...(JSON.parse(stdout) as Omit<Served, 'maxRss'>), maxRss: readReport(report, command).maxRss };
}
