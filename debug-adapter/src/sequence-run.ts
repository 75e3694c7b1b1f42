/** A run as a sequence diagram: its calls between files in the order of time, and those of another run beside them. */
import path from 'node:path';
import { alignRecordings, type DiffTarget, type StreamAlignment } from '../../trace-runtime/src/analysis/diff.ts';
import type { SequenceScope } from '../../trace-runtime/src/model/sequence-answers.ts';
import { lowerBound } from '../../trace-runtime/src/query/call-log.ts';
import {
  flat,
  fold,
  linesOf,
  mergeSteps,
  stepsIn,
  type SequenceSource,
  type Step,
  type StepLine,
  type StepScope,
} from '../../trace-runtime/src/query/sequence.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import type { PanelThread } from './panel-thread.ts';

/** A recording that was read. */
export interface Run {
  readonly recording: Recording;
  readonly panels: readonly PanelThread[];
}

/** What of a run is drawn. */
export interface Part {
  readonly run: Run;
  readonly scope: SequenceScope;
}

/** `step` undefined: a thread begins. */
export type Line = StepLine | { readonly starts: PanelThread; readonly by: PanelThread | undefined };

export interface Sequence {
  readonly lines: readonly Line[];
  readonly isCut: boolean;
  /** by thread: the one of the other run that stands for it */
  readonly partners: ReadonlyMap<number, number>;
  readonly differences: { readonly added: number; readonly missing: number; readonly changed: number } | null;
}

/** Packages are lifelines as a whole. */
const PACKAGE = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

/** Gives the share of it that is done. */
export function* sequenceOf(part: Part, inside: boolean, against: Part | undefined): Generator<number, Sequence> {
  const own = partsOf(part, 0, inside);
  let partners = new Map<number, number>();
  let isCut = own.some((each) => each.isCut);
  if (against) {
    const aligned = yield* alignRecordings(targetOf(part), targetOf(against));
    partners = new Map(aligned.map(({ a, b }) => [a, b]));
    const others = partsOf(against, 1, inside, aligned);
    isCut ||= others.some((each) => each.isCut);
    for (const each of own) {
      const pairing = aligned.find(({ a }) => a === each.panel.thread.id);
      const other = others.find(({ thread }) => thread === each.thread);
      if (!pairing) for (const step of flat(each.steps)) step.status = 'added';
      else
        each.steps = mergeSteps(each.steps, other?.steps ?? [], { of: (call) => pairing.ofA[call] ?? 0, ...pairing });
    }
  }
  const turns = inTime(own);
  const differences = against ? countDifferences(turns) : null;
  const folded = fold(turns);
  const starts = part.scope.kind === 'whole' ? startsOf(part.run) : [];
  return { lines: withStarts(linesOf(folded), starts, own), isCut, partners, differences };
}

interface ThreadSteps {
  readonly panel: PanelThread;
  readonly thread: number;
  steps: Step[];
  readonly isCut: boolean;
}

function partsOf(
  { run, scope }: Part,
  side: 0 | 1,
  inside: boolean,
  aligned?: readonly StreamAlignment[],
): ThreadSteps[] {
  const panels = scope.kind === 'whole' ? run.panels : run.panels.filter(({ thread }) => thread.id === scope.threadId);
  return panels.map((panel) => {
    const { id } = panel.thread;
    const thread = aligned?.find(({ b }) => b === id)?.a ?? id;
    const { steps, isCut } = stepsIn(sourceOf(run, panel, side, thread), scopeIn(panel, scope, inside));
    return { panel, thread, steps, isCut };
  });
}

function sourceOf({ recording }: Run, panel: PanelThread, side: 0 | 1, thread: number): SequenceSource {
  const { functions, tree } = panel;
  const keys = new Map<number, string>();
  const lifeline = (site: number): string => {
    let key = keys.get(site);
    if (key === undefined) keys.set(site, (key = lifelineOf(functions.of(site).path, recording.manifest.cwd)));
    return key;
  };
  return {
    calls: panel.thread.calls,
    tree,
    side,
    thread,
    lifeline,
    function: (site) => functions.of(site).name,
  };
}

/** A path from where the program ran, or a package. */
function lifelineOf(file: string, cwd: string): string {
  const [, name] = PACKAGE.exec(file) ?? [];
  if (name !== undefined) return `package ${name.replace('\\', '/')}`;
  const relative = path.relative(cwd, file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

function scopeIn({ thread }: PanelThread, scope: SequenceScope, inside: boolean): StepScope {
  const end = (thread.timeline.end?.moment ?? 0) + 1;
  if (scope.kind === 'whole') return { from: 0, to: end, inside };
  if (scope.kind === 'case') {
    const facts = thread.timeline.replay.cases.find(({ id }) => id === scope.id);
    return { from: facts?.first ?? 0, to: (facts?.last ?? end) + 1, inside };
  }
  const { calls } = thread;
  const spans = calls.spansOf(scope.call);
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return { from: 0, to: 0, inside };
  return { from: calls.enter[first]!, to: calls.exit[last]! + 1, call: scope.call, inside };
}

function targetOf({ run: { recording, panels }, scope }: Part): DiffTarget {
  if (scope.kind !== 'case') return { recording };
  const panel = panels.find(({ thread }) => thread.id === scope.threadId);
  const facts = panel?.thread.timeline.replay.cases.find(({ id }) => id === scope.id);
  return { recording, case: { stream: scope.threadId, id: scope.id, last: facts?.last } };
}

/** Turns of all threads, by the clock; what only the other run has stays behind what stands before it. */
function inTime(threads: readonly ThreadSteps[]): Step[] {
  const timed = threads.flatMap(({ panel, steps }) => {
    let time = -Infinity;
    return steps.map((step) => {
      if (step.side === 0) time = Math.max(time, clockAt(panel, step.span));
      return { step, time };
    });
  });
  return timed.sort((a, b) => a.time - b.time).map(({ step }) => step);
}

/** Milliseconds since 1970 at the turn in which a span begins. */
export function clockAt(panel: PanelThread, span: number): number {
  const { ticks } = panel.thread.timeline.overview;
  const row = tickOf(panel, span);
  return (panel.thread.startedAt ?? 0) + (row < 0 ? 0 : ticks.milliseconds[row]!);
}

/** Row of the turn in which a span begins; -1 where none is recorded. */
export function tickOf({ thread }: PanelThread, span: number): number {
  const { calls } = thread;
  const { ticks } = thread.timeline.overview;
  return lowerBound(ticks.moment, calls.enter[span]! + 1, ticks.count) - 1;
}

function countDifferences(steps: readonly Step[]) {
  const counts = { added: 0, missing: 0, changed: 0 };
  for (const { status } of flat(steps)) if (status !== 'same') counts[status]++;
  return counts;
}

interface Start {
  readonly starts: PanelThread;
  readonly by: PanelThread | undefined;
}

/** Threads and processes that others began. */
function startsOf({ recording, panels }: Run): Start[] {
  return panels.flatMap((starts) => {
    const parent = recording.streams[starts.thread.id - 1]?.hello?.parent;
    const by = panels.find(({ thread }) => recording.streams[thread.id - 1]?.id === parent);
    return by === undefined ? [] : [{ starts, by }];
  });
}

/** Each before the first turn of its thread. */
function withStarts(lines: readonly StepLine[], starts: readonly Start[], own: readonly ThreadSteps[]): Line[] {
  const left = new Map(starts.map((start) => [start.starts.thread.id, start]));
  const found: Line[] = [];
  for (const line of lines) {
    const start = line.depth === 0 && !line.isEnd ? left.get(line.step.thread) : undefined;
    if (start) {
      left.delete(line.step.thread);
      found.push(start);
    }
    found.push(line);
  }
  // threads that ran nothing that is recorded
  for (const start of left.values()) if (own.some(({ panel }) => panel === start.starts)) found.push(start);
  return found;
}
