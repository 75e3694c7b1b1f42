/**
 * `npm run bench:replay [-- --scale N…] [--recording FOLDER…] [--json] [--rounds N]`: what moving through a recording
 * costs, in the processor's time. The recordings are of `marked` rendering a document, scale 1 has about 10⁷ events; or those that are there. At random moments it steps, shows the stack with all
 * locals, looks for the previous write of a variable and for a statement far back. Conditions are asked at 10⁵ hits of the statement that ran
 * most often, where it has so many.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Evaluator } from '../../trace-runtime/src/evaluate/evaluator.ts';
import { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import { findWrites, watchVariable } from '../../trace-runtime/src/query/watched.ts';
import { Navigator } from '../../trace-runtime/src/query/navigator.ts';
import { openTimeline } from '../../trace-runtime/src/query/open-timeline.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { type Timeline, finish } from '../../trace-runtime/src/query/timeline.ts';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { continueInReaderNode } from '../support/reader-node.ts';
import { recordMarked } from './record-marked.ts';
import { prepareWorkspace } from './workspace.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    scale: { type: 'string', multiple: true },
    recording: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '50' },
    one: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const workspace = prepareWorkspace(repository, {});
/** What `hindcast dap` starts Node with. */
const NODE = ['--max-semi-space-size=2', '--heap-growing-percent=40'];
const HITS = 100_000;
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-replay-'));
if (flags.one === undefined) {
  const scales = flags.scale ?? (flags.recording.length > 0 ? [] : ['0.1', '1']);
  const made = scales.map((scale) => inProcess(() => recordMarked({ repository, workspace, scratch, scale })));
  const sizes = [...made, ...flags.recording.map((folder) => inProcess(() => folder))];
  if (flags.json) console.log(JSON.stringify({ sizes }));
} else console.log(JSON.stringify(await measure(flags.one)));
rmSync(scratch, { recursive: true, force: true });

/** Each recording is read by a process of its own, whose memory is its. */
function inProcess(recording: () => string): unknown {
  const args = [...NODE, '--enable-source-maps', process.argv[1]!, '--one', recording(), '--rounds', flags.rounds];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = stdout.trimEnd().split('\n');
  const row = JSON.parse(lines.pop() ?? '{}') as unknown;
  console.log(lines.join('\n'));
  return row;
}

/** As `record` has it done in the background; in a process of its own, whose memory does not count here. */
function indexAlone(recording: string): void {
  const args = [path.join(repository, 'trace-runtime/dist/indexer.cjs'), recording];
  spawnSync(process.execPath, [...NODE, ...args], { stdio: 'inherit' });
}

async function measure(folder: string) {
  const opened = openRecording(folder);
  if (!opened.ok) throw opened.error;
  const recording = opened.value;
  const times = new Map<string, number[]>();
  const timed = <T>(name: string, work: () => T): T => {
    const started = spent();
    const result = work();
    const list = times.get(name) ?? [];
    times.set(name, list);
    list.push(spent() - started);
    return result;
  };
  const began = performance.now();
  indexAlone(recording.folder);
  const indexMs = Math.round(performance.now() - began);
  const timeline = timed('open', () => openTimeline(recording, 1).readAll());
  const { replay } = timeline;
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
    // as between two requests
    await setImmediate();
  }
  // breakpoints at statements of the beginning, from the end: some were hit last a long way off
  for (const site of firstSites(timeline)) {
    timeline.seekMoment(events);
    await setImmediate();
    const started = spent();
    finish(navigator.reverseContinue({ sites: new Set([site]), statement: ({ file }, op) => file.base + op === site }));
    const took = spent() - started;
    const isFar = timeline.position.moment < events / 10;
    timed(isFar ? 'farBreakpoint' : 'nearBreakpoint', () => undefined);
    times.get(isFar ? 'farBreakpoint' : 'nearBreakpoint')!.splice(-1, 1, took);
  }

  const conditions = askConditions(recording, timeline, reader);

  const at = (name: string, share: number): number => {
    const list = (times.get(name) ?? []).sort((a, b) => a - b);
    return Math.round((list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? Number.NaN) * 100) / 100;
  };
  const row = {
    events,
    indexMs,
    openMs: at('open', 0.5),
    stepBackP95: at('stepBack', 0.95),
    nextP95: at('next', 0.95),
    stepInP95: at('stepIn', 0.95),
    stackP95: at('stack', 0.95),
    lastWriteP95: at('lastWrite', 0.95),
    farBreakpointP95: at('farBreakpoint', 0.95),
    nearBreakpointP95: at('nearBreakpoint', 0.95),
    conditions,
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
  };
  const shown = ['stepBack', 'next', 'stepIn', 'stack', 'lastWrite', 'nearBreakpoint', 'farBreakpoint'].map(
    (name) => `${name} ${at(name, 0.5)} / ${at(name, 0.95)}`,
  );
  console.log(
    `${events} events: indexed in ${row.indexMs}, opened in ${row.openMs} ms, ${row.rssMb} MB; p50 / p95 in ms: ${shown.join(', ')}`,
  );
  for (const [condition, ms] of Object.entries(conditions)) console.log(`    ${HITS} hits: ${ms} ms for ${condition}`);
  return row;
}

/** Milliseconds that each condition takes at so many hits of the statement that ran most often; none where none ran so often. */
function askConditions(recording: Recording, timeline: Timeline, reader: StateReader): Record<string, number> {
  const { replay, overview } = timeline;
  const all = replay.files.flatMap(({ base, code }) => Array.from({ length: code.count }, (_, op) => base + op));
  const site = all.toSorted((a, b) => overview.hitsOf(b) - overview.hitsOf(a))[0] ?? 0;
  if (overview.hitsOf(site) < HITS) return {};
  const isSite = ({ file }: Activation, op: number): boolean => file.base + op === site;
  const go = (statement: (call: Activation, op: number) => boolean): void => {
    timeline.seekMoment(0);
    finish(
      timeline.forward({ sites: new Set([site]), statement: (call, op) => isSite(call, op) && statement(call, op) }),
    );
  };
  go(() => true);
  const { name } = reader.stack()[0]!.scopes.flatMap(({ variables }) => variables)[0]!;
  const sandbox = new Sandbox({ folder: path.join(repository, 'trace-runtime/dist') });
  const evaluator = new Evaluator(replay, reader, recording.source, undefined);
  const took = (condition: string): number => {
    const since = spent();
    let hits = 0;
    go((call) => {
      evaluator.evaluate(call, condition, { sandbox, fresh: false, isCondition: true });
      return ++hits === HITS;
    });
    return Math.round(spent() - since);
  };
  const asked = [
    `${name} === 'none'`,
    `['none', 'nothing'].includes(${name})`,
    `[${name}, 1].some((each) => each === 'none')`,
    `/no+ne/.test(String(typeof ${name}))`,
    `${name} instanceof Map`,
    `String(${name}).match(/no(n+)e/)?.[1] === 'n'`,
    `[...String(${name})].map((each) => each + each).join('').replaceAll('nn', '') === 'ooee'`,
  ];
  const times = Object.fromEntries(asked.map((condition) => [condition, took(condition)]));
  sandbox.end();
  return times;
}

/** Milliseconds of the processor's time so far, its garbage collection's threads included. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Sites of statements that the first stretch executes. */
function firstSites(timeline: Timeline): number[] {
  const sites = new Set<number>();
  timeline.seekMoment(0);
  finish(timeline.forward({ statement: ({ file }, op) => sites.add(file.base + op).size >= 100 }));
  return [...sites];
}

/** Goes back to the last write of the innermost call's last variable. */
function lastWrite(navigator: Navigator): void {
  const top = navigator.timeline.replay.stack.at(-1);
  const { table } = top?.file ?? {};
  const variable = table?.scopes[top?.functionScope.scope ?? -1]?.variables.at(-1);
  const name = variable === undefined ? undefined : table?.variables[variable]?.name;
  const watched = top && name !== undefined ? watchVariable(top, top.functionScope, name) : undefined;
  if (!watched) return;
  finish(navigator.reverseContinue(findWrites(watched, navigator.timeline.replay.files)));
}
