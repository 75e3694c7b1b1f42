/** Where each lane of the timeline stands. */
import type { CaseAnswer, ThreadAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';

export type LaneKind = 'cases' | 'calls' | 'throws' | 'outputs' | 'ticks' | 'hits' | 'thread';

export interface Lane {
  readonly kind: LaneKind;
  readonly label: string;
  readonly y: number;
  readonly height: number;
  /** of a thread that is not looked at */
  readonly thread?: ThreadAnswer;
}

export interface Lanes {
  readonly width: number;
  readonly height: number;
  /** left of the lanes, where their names stand; 0 where there is no room for them */
  readonly gutter: number;
  /** pixels for moments */
  readonly plot: number;
  readonly minimap: { readonly y: number; readonly height: number };
  readonly ruler: { readonly y: number; readonly height: number };
  readonly list: readonly Lane[];
  /** where the lanes of the thread end that is looked at: below, others have moments of their own */
  readonly end: number;
}

export interface LaneWishes {
  readonly width: number;
  /** of what is seen; lanes may need more */
  readonly height: number;
  readonly caseRows: number;
  readonly hasHits: boolean;
  readonly hasTicks: boolean;
  readonly hasOutputs: boolean;
  readonly hasThrows: boolean;
  readonly others: readonly ThreadAnswer[];
}

export const GUTTER = 80;
const NARROW = 520;
const MINIMAP = 22;
const RULER = 22;
export const CASE_ROW = 18;
const ITEMS = 18;
const TICKS = 16;
const THREAD = 24;
const LEAST_CALLS = 34;
const MOST_CALLS = 160;
const GAP = 1;

export function layLanes(wishes: LaneWishes): Lanes {
  const { width, height, caseRows, others } = wishes;
  const gutter = width >= NARROW ? GUTTER : 0;
  const minimap = { y: 0, height: MINIMAP };
  const ruler = { y: MINIMAP, height: RULER };
  const wanted: Omit<Lane, 'y'>[] = [];
  if (caseRows > 0) wanted.push({ kind: 'cases', label: 'Cases', height: caseRows * CASE_ROW + 4 });
  wanted.push({ kind: 'calls', label: 'Call depth', height: 0 });
  if (wishes.hasThrows) wanted.push({ kind: 'throws', label: 'Exceptions', height: ITEMS });
  if (wishes.hasOutputs) wanted.push({ kind: 'outputs', label: 'Output', height: ITEMS });
  if (wishes.hasHits) wanted.push({ kind: 'hits', label: 'Breakpoints', height: ITEMS });
  if (wishes.hasTicks) wanted.push({ kind: 'ticks', label: 'Turns', height: TICKS });
  for (const thread of others) wanted.push({ kind: 'thread', label: shortName(thread.name), height: THREAD, thread });
  const used = wanted.reduce((sum, lane) => sum + lane.height + GAP, MINIMAP + RULER);
  const calls = Math.min(MOST_CALLS, Math.max(LEAST_CALLS, Math.floor(height - used)));
  let y = MINIMAP + RULER;
  const list = wanted.map((lane) => {
    const own = { ...lane, y, height: lane.kind === 'calls' ? calls : lane.height };
    y += own.height + GAP;
    return own;
  });
  const end = list.find(({ kind }) => kind === 'thread')?.y ?? Math.max(height, y);
  return { width, height: Math.max(height, y), end, gutter, plot: Math.max(1, width - gutter), minimap, ruler, list };
}

/** `program worker 3` is too long for a lane. */
function shortName(name: string): string {
  return /worker \d+$/.exec(name)?.[0] ?? name;
}

/** A case and the row that it is drawn in. */
export interface PlacedCase {
  readonly facts: CaseAnswer;
  readonly row: number;
}

/** Rows for cases at most; more at one time lie over each other in the last. */
const ROWS = 3;

/** Groups above what they hold, and cases that run at one time below each other. */
export function placeCases(cases: readonly CaseAnswer[]): {
  readonly placed: readonly PlacedCase[];
  readonly rows: number;
} {
  const rowOf = new Map<number, number>();
  const ends: number[] = [];
  const placed: PlacedCase[] = [];
  for (const facts of [...cases].sort((a, b) => a.first - b.first || b.last - a.last || a.id - b.id)) {
    const above = rowOf.get(facts.parent);
    let row = above === undefined ? 0 : above + 1;
    while (row < ROWS - 1 && (ends[row] ?? -1) > facts.first) row++;
    row = Math.min(row, ROWS - 1);
    ends[row] = Math.max(ends[row] ?? -1, facts.last);
    rowOf.set(facts.id, row);
    placed.push({ facts, row });
  }
  return { placed, rows: placed.reduce((most, { row }) => Math.max(most, row + 1), 0) };
}
