/**
 * `npm run bench:replay [-- --scale N…] [--json] [--rounds N]`: what moving through a recording costs. The recordings are
 * of `marked` rendering a document: scale 1 has about 10⁷ events. At random moments it steps, shows the stack with all
 * locals, looks for the previous write of a variable and for a statement far back.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { watchVariable, writes } from '../../debug-adapter/src/data-breakpoints.ts';
import { Navigator } from '../../trace-runtime/src/query/navigator.ts';
import { openStream } from '../../trace-runtime/src/query/replay.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { Timeline, finish } from '../../trace-runtime/src/query/timeline.ts';
import { openRecording } from '../../trace-runtime/src/store/recording.ts';
import { openWords } from '../../trace-runtime/src/store/stream.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { findRecording } from './run.ts';
import { prepareWorkspace } from './workspace.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    scale: { type: 'string', multiple: true, default: ['0.1', '1'] },
    rounds: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  },
});
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const workspace = prepareWorkspace(repository, {});
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-replay-'));
const sizes = flags.scale.map(measure);
rmSync(scratch, { recursive: true, force: true });
if (flags.json) console.log(JSON.stringify({ sizes }));

function record(scale: string): string {
  const out = path.join(scratch, scale);
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const include = ['--include', path.join(workspace, 'node_modules/marked/**')];
  const env = { ...process.env, BENCH_SCALE: scale, BENCH_REPORT: path.join(scratch, 'report.json') };
  const command = [cli, 'record', '--out', out, ...include, '--', programNode, 'marked.cjs'];
  const { status, stderr } = spawnSync(programNode, command, { cwd: workspace, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Recording marked failed: ${stderr}`);
  return findRecording(out);
}

function measure(scale: string) {
  const opened = openRecording(record(scale));
  if (!opened.ok) throw opened.error;
  const recording = opened.value;
  const times = new Map<string, number[]>();
  const timed = <T>(name: string, work: () => T): T => {
    const started = performance.now();
    const result = work();
    const list = times.get(name) ?? [];
    times.set(name, list);
    list.push(performance.now() - started);
    return result;
  };
  const replay = openStream(openWords(recording.streams[0]!.segments), recording.table, recording.source);
  const timeline = timed('open', () => new Timeline(replay).readAll());
  const navigator = new Navigator(timeline);
  const reader = new StateReader(replay);
  const { moment: events } = timeline.end!;

  for (let round = 0; round < Number(flags.rounds); round++) {
    timeline.seekMoment(Math.floor(((round * 0.618034) % 1) * events));
    for (let i = 0; i < 4; i++) timed('stepBack', () => finish(navigator.stepBack()));
    for (let i = 0; i < 4; i++) timed('next', () => finish(navigator.next()));
    for (let i = 0; i < 4; i++) timed('stepIn', () => finish(navigator.stepIn()));
    timed('stack', () => reader.stack());
    timed('lastWrite', () => lastWrite(navigator));
  }
  // the first time that the last statement of all but the first hundredth ran
  timeline.seekMoment(Math.floor(events / 100));
  finish(navigator.stepIn());
  const far = timeline.replay.stack.at(-1);
  const [hash, op] = [far?.file.hash, far?.position];
  timeline.seekMoment(events);
  timed('reverseContinue', () =>
    finish(
      navigator.reverseContinue({
        sites: new Set([(far?.file.base ?? 0) + (op ?? 0)]),
        statement: ({ file, serial }, at) => at === op && file.hash === hash && serial === far?.serial,
      }),
    ),
  );

  const at = (name: string, share: number): number => {
    const list = (times.get(name) ?? []).sort((a, b) => a - b);
    return Math.round((list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? Number.NaN) * 100) / 100;
  };
  const row = {
    events,
    openMs: at('open', 0.5),
    stepBackP95: at('stepBack', 0.95),
    nextP95: at('next', 0.95),
    stepInP95: at('stepIn', 0.95),
    stackP95: at('stack', 0.95),
    lastWriteP95: at('lastWrite', 0.95),
    reverseContinueP95: at('reverseContinue', 0.95),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
  };
  const shown = ['stepBack', 'next', 'stepIn', 'stack', 'lastWrite', 'reverseContinue'].map(
    (name) => `${name} ${at(name, 0.5)} / ${at(name, 0.95)}`,
  );
  console.log(`${events} events: read in ${row.openMs} ms, ${row.rssMb} MB; p50 / p95 in ms: ${shown.join(', ')}`);
  return row;
}

/** Goes back to the last write of the innermost call's last variable. */
function lastWrite(navigator: Navigator): void {
  const top = navigator.timeline.replay.stack.at(-1);
  const { table } = top?.file ?? {};
  const variable = table?.scopes[top?.functionScope.scope ?? -1]?.variables.at(-1);
  const name = variable === undefined ? undefined : table?.variables[variable]?.name;
  const watched = top && name !== undefined ? watchVariable(top, top.functionScope, name) : undefined;
  if (watched) finish(navigator.reverseContinue({ event: (event) => writes(watched, event) }));
}
