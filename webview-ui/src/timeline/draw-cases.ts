/** Cases as bars, with their names. */
import type { CaseAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Drawn } from '../base/draw.ts';
import type { Theme } from '../base/theme.ts';
import { CASE_ROW, type Lane } from './lanes.ts';
import { xOf, type Scene } from './scene.ts';

/** Narrower bars get no name. */
const NAMED = 26;

export function drawCases(scene: Scene, lane: Lane, list: Drawn[]): void {
  const { theme, cases } = scene;
  /** by row: the pixel up to which bars too narrow to tell apart are drawn already */
  const drawn: number[] = [];
  for (const { facts, row } of cases) {
    const box = boxOf(scene, lane, facts, row);
    if (box === undefined) continue;
    const isFailed = facts.outcome === 'failed' || facts.outcome === 'timedOut';
    if (box.width <= 2 && !isFailed && (drawn[row] ?? -1) >= Math.floor(box.x)) continue;
    drawn[row] = Math.floor(box.x) + 1;
    const { edge, fill } = coloursOf(facts.outcome, theme);
    list.push({ kind: 'rect', ...box, fill });
    list.push({ kind: 'rect', ...box, width: Math.min(3, box.width), fill: edge });
    if (theme.isContrast) list.push({ kind: 'frame', ...box, stroke: edge, line: 1 });
    if (box.width < NAMED) continue;
    const x = Math.max(box.x, scene.lanes.gutter) + 8;
    const width = box.x + box.width - x - 4;
    list.push({ kind: 'text', x, y: box.y + box.height / 2, text: facts.name, fill: theme.foreground, width });
  }
}

/** Those in which the debugger stands. */
export function drawCurrentCases(scene: Scene, list: Drawn[]): void {
  const { lanes, cases, place, theme } = scene;
  const lane = lanes.list.find(({ kind }) => kind === 'cases');
  if (lane === undefined || place === undefined) return;
  for (const { facts, row } of cases) {
    if (place < facts.first || place > facts.last) continue;
    const box = boxOf(scene, lane, facts, row);
    if (box === undefined || box.width <= 4) continue;
    list.push({ kind: 'frame', ...box, stroke: coloursOf(facts.outcome, theme).edge, line: 1 });
  }
}

/** undefined where it is out of view */
function boxOf({ lanes, view }: Scene, lane: Lane, { first, last }: CaseAnswer, row: number) {
  const { gutter, plot } = lanes;
  const left = Math.max(gutter - 4, xOf({ lanes, view }, first));
  const right = Math.min(gutter + plot + 4, xOf({ lanes, view }, last));
  if (right < gutter || left > gutter + plot) return undefined;
  return { x: left, y: lane.y + 2 + row * CASE_ROW, width: Math.max(2, right - left - 1), height: CASE_ROW - 2 };
}

function coloursOf(outcome: CaseAnswer['outcome'], theme: Theme): { readonly edge: string; readonly fill: string } {
  switch (outcome) {
    case 'passed':
      return { edge: theme.passed, fill: theme.passedFill };
    case 'failed':
    case 'timedOut':
      return { edge: theme.failed, fill: theme.failedFill };
    default:
      return { edge: theme.skipped, fill: theme.skippedFill };
  }
}
