/** Cases as bars, with their names. */
import type { CaseAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Drawn } from '../base/draw.ts';
import type { Theme } from '../base/theme.ts';
import { CASE_ROW, type Lane } from './lanes.ts';
import type { Scene } from './scene.ts';
import { xOf } from './timeline-layout.ts';

/** Narrower bars get no name. */
const NAMED = 26;

export function drawCases(scene: Scene, lane: Lane, list: Drawn[]): void {
  const { lanes, theme, cases, place } = scene;
  const { gutter, plot } = lanes;
  /** by row: the pixel up to which bars too narrow to tell apart are drawn already */
  const drawn: number[] = [];
  for (const { facts, row } of cases) {
    const left = Math.max(gutter - 4, xOf(scene, facts.first));
    const right = Math.min(gutter + plot + 4, xOf(scene, facts.last));
    if (right < gutter || left > gutter + plot) continue;
    const isFailed = facts.outcome === 'failed' || facts.outcome === 'timedOut';
    const width = Math.max(2, right - left - 1);
    if (width <= 2 && !isFailed && (drawn[row] ?? -1) >= Math.floor(left)) continue;
    drawn[row] = Math.floor(left) + 1;
    const y = lane.y + 2 + row * CASE_ROW;
    const height = CASE_ROW - 2;
    const { edge, fill } = coloursOf(facts.outcome, theme);
    const isHere = place !== undefined && place >= facts.first && place <= facts.last;
    list.push({ kind: 'rect', x: left, y, width, height, fill });
    list.push({ kind: 'rect', x: left, y, width: Math.min(3, width), height, fill: edge });
    if (theme.isContrast) list.push({ kind: 'frame', x: left, y, width, height, stroke: edge, line: 1 });
    else if (isHere && width > 4) list.push({ kind: 'frame', x: left, y, width, height, stroke: edge, line: 1 });
    if (width < NAMED) continue;
    const x = Math.max(left, gutter) + 8;
    const text = facts.name;
    list.push({ kind: 'text', x, y: y + height / 2, text, fill: theme.foreground, width: left + width - x - 4 });
  }
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
