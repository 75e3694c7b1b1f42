/**
 * The calls of a stream as a sequence diagram has them: spans of calls that lead from one lifeline to another, as a tree in
 * the order of time. What a file calls of itself is passed over, unless it is asked for. Repeats are folded.
 */
import type { CallLog } from './call-log.ts';
import type { CallTree } from './call-tree.ts';
import type { Moment } from './moments.ts';

export type StepStatus = 'same' | 'added' | 'missing' | 'changed';

/** A span of a call, and what it called. */
export interface Step {
  readonly span: number;
  readonly serial: number;
  /** which of the call's spans it is, from 0 */
  readonly ordinal: number;
  /** whether its stream is of the run that the other is compared with, 0, or of the other, 1 */
  readonly side: 0 | 1;
  /** number of its stream; of a step of the other run that of the stream that stands for it */
  readonly thread: number;
  /** key of the function's lifeline; of a turn's caller empty */
  readonly from: string;
  readonly to: string;
  readonly function: string;
  children: Step[];
  /** in the other run */
  partner: Step | undefined;
  status: StepStatus;
  /** so many in a row are alike */
  times: number;
  hash: number;
}

export interface SequenceSource {
  readonly calls: CallLog;
  readonly tree: CallTree;
  readonly side: 0 | 1;
  readonly thread: number;
  /** key of the lifeline that a function's site belongs to */
  readonly lifeline: (site: number) => string;
  /** names the function of a site the same in every run */
  readonly function: (site: number) => string;
}

export interface StepScope {
  readonly from: Moment;
  readonly to: Moment;
  /** only what that call did, itself and by what it called */
  readonly call?: number | undefined;
  /** calls within a file, too */
  readonly inside: boolean;
}

/** Steps that are looked at. */
const MOST = 200_000;

interface Entered {
  readonly step: Step | undefined;
  readonly lifeline: string;
}

/** The outermost steps, in their order. */
export function stepsIn(source: SequenceSource, scope: StepScope): { readonly steps: Step[]; readonly isCut: boolean } {
  const { calls } = source;
  const roots: Step[] = [];
  const stack: Entered[] = [];
  const ordinals = new Map<number, number>();
  const belongs = scope.call === undefined ? undefined : madeBy(source.tree, scope.call);
  let count = 0;
  for (let span = 0; span < calls.count; span++) {
    const serial = calls.serial[span]!;
    const ordinal = calls.isResumed(span) ? (ordinals.get(serial) ?? 0) + 1 : 0;
    if (ordinal > 0) ordinals.set(serial, ordinal);
    const depth = calls.depth[span]!;
    stack.length = Math.min(stack.length, depth);
    const around = stack[depth - 1];
    const to = source.lifeline(calls.site[span]!);
    const isIn = isWithin(calls, span, scope) && (!belongs || around?.step !== undefined || belongs(serial));
    const isShown = isIn && (scope.inside || !around?.step || around.lifeline !== to);
    if (isShown && count >= MOST) return { steps: roots, isCut: true };
    let step = isIn ? around?.step : undefined;
    if (isShown) {
      count++;
      step = {
        span,
        serial,
        ordinal,
        side: source.side,
        thread: source.thread,
        from: around?.step ? around.lifeline : '',
        to,
        function: source.function(calls.site[span]!),
        children: [],
        partner: undefined,
        status: 'same',
        times: 1,
        hash: 0,
      };
      (around?.step?.children ?? roots).push(step);
    }
    stack[depth] = { step, lifeline: to };
  }
  return { steps: roots, isCut: false };
}

function isWithin({ enter, exit }: CallLog, span: number, { from, to }: StepScope): boolean {
  return enter[span]! < to && exit[span]! >= from;
}

/** Whether a call was made by that one, at any depth, or is it. */
function madeBy(tree: CallTree, wanted: number): (serial: number) => boolean {
  const known = new Map<number, boolean>([[wanted, true]]);
  return (serial) => {
    const path: number[] = [];
    let at = serial;
    while (at > wanted && !known.has(at)) {
      path.push(at);
      at = tree.callerOf(at);
    }
    const found = known.get(at) ?? false;
    for (const each of path) known.set(each, found);
    return found;
  };
}

/** Equal neighbours become one, innermost first. */
export function fold(steps: Step[]): Step[] {
  const all = flat(steps);
  for (let i = all.length - 1; i >= 0; i--) {
    const step = all[i]!;
    step.children = folded(step.children);
    step.hash = hashOf(step);
  }
  return folded(steps);
}

function folded(steps: readonly Step[]): Step[] {
  const found: Step[] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (last && isRepeat(last, step)) last.times++;
    else found.push(step);
  }
  return found;
}

function isRepeat(a: Step, b: Step): boolean {
  return a.hash === b.hash && a.to === b.to && a.function === b.function && a.thread === b.thread;
}

function hashOf({ from, to, function: name, ordinal, children, status, side }: Step): number {
  let hash = textHash(`${from}\n${to}\n${name}\n${ordinal > 0}\n${status}\n${status === 'same' ? 0 : side}`);
  for (const child of children) hash = (Math.imul(hash ^ child.hash, 0x01000193) + child.times) | 0;
  return hash;
}

function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** All of them, callers before those they call. */
export function flat(steps: readonly Step[]): Step[] {
  const found: Step[] = [];
  const open = steps.toReversed();
  for (let step = open.pop(); step; step = open.pop()) {
    found.push(step);
    for (let i = step.children.length - 1; i >= 0; i--) open.push(step.children[i]!);
  }
  return found;
}

/** How two runs' calls stand for each other. */
export interface Pairing {
  /** serial in the other run; 0 where there is none */
  readonly of: (serial: number) => number;
  /** all of it, and all that it called, is the same in both */
  readonly isWhole: (serial: number) => boolean;
  /** it went another way or had other values itself */
  readonly differs: (serial: number) => boolean;
}

/** The steps of the first run, with those that only the other has where they would be. */
export function mergeSteps(a: readonly Step[], b: readonly Step[], pairing: Pairing): Step[] {
  const inB = new Map<string, Step>();
  for (const step of flat(b)) inB.set(`${step.serial}:${step.ordinal}`, step);
  const merged: Step[] = [];
  const open: { readonly a: readonly Step[]; readonly b: readonly Step[]; readonly into: Step[] }[] = [
    { a, b, into: merged },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const places = new Map(next.b.map((step, i) => [step, i]));
    let done = 0;
    for (const step of next.a) {
      const partner = inB.get(`${pairing.of(step.serial)}:${step.ordinal}`);
      const place = partner && places.get(partner);
      if (!partner || place === undefined || place < done) {
        next.into.push(marked(step, 'added'));
        continue;
      }
      for (; done < place; done++) next.into.push(marked(next.b[done]!, 'missing'));
      done++;
      step.partner = partner;
      next.into.push(step);
      if (pairing.isWhole(step.serial)) continue;
      if (pairing.differs(step.serial)) step.status = 'changed';
      const { children } = step;
      step.children = [];
      open.push({ a: children, b: partner.children, into: step.children });
    }
    for (; done < next.b.length; done++) next.into.push(marked(next.b[done]!, 'missing'));
  }
  return merged;
}

function marked(step: Step, status: StepStatus): Step {
  for (const each of flat([step])) each.status = status;
  return step;
}

/** A line of the diagram: a step begins, or one that has others in it ends. */
export interface StepLine {
  readonly step: Step;
  readonly isEnd: boolean;
  readonly depth: number;
}

export function linesOf(steps: readonly Step[]): StepLine[] {
  const lines: StepLine[] = [];
  const open: StepLine[] = steps.toReversed().map((step) => ({ step, isEnd: false, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    lines.push(next);
    const { step, depth } = next;
    if (next.isEnd || step.children.length === 0) continue;
    open.push({ step, isEnd: true, depth });
    for (let i = step.children.length - 1; i >= 0; i--)
      open.push({ step: step.children[i]!, isEnd: false, depth: depth + 1 });
  }
  return lines;
}
