/** A page of a sequence diagram: its lines with what calls were given and gave, and the lifelines that they go between. */
import path from 'node:path';
import type {
  LifelineAnswer,
  SequenceAnswer,
  SequenceCallText,
  SequenceRow,
} from '../../trace-runtime/src/model/sequence-answers.ts';
import type { CallDetailsAnswer } from '../../trace-runtime/src/model/panel-answers.ts';
import type { Step } from '../../trace-runtime/src/query/sequence.ts';
import { readCallDetails } from './call-details.ts';
import { ENDINGS } from './panel-requests.ts';
import type { PanelThread } from './panel-thread.ts';
import { tickOf, type Line, type Run, type Sequence } from './sequence-run.ts';
import { CAUSES } from './stack.ts';
import type { Progress } from './work.ts';

type Details = CallDetailsAnswer['calls'][number];

export class SequencePage {
  private readonly lifelines = new Map<string, { readonly answer: LifelineAnswer; readonly place: number }>();
  private readonly details = new Map<PanelThread, ReadonlyMap<number, Details>>();

  /** `isSame`: both runs are of the recording that is replayed */
  constructor(
    private readonly runs: readonly [Run, Run | undefined],
    private readonly isSame: boolean,
    private readonly sequence: Sequence,
  ) {}

  *read(start: number, count: number): Progress<SequenceAnswer> {
    const { lines, isCut, differences } = this.sequence;
    lines.forEach((line) => this.placeLifelines(line));
    const shown = lines.slice(start, start + count);
    yield* this.readDetails(shown);
    const open = this.openAt(start);
    const used = new Set<string>();
    for (const line of shown) for (const key of keysOf(line)) used.add(key);
    for (const { key } of open) used.add(key);
    const keys = [...used].sort((a, b) => this.lifelines.get(a)!.place - this.lifelines.get(b)!.place);
    const number = new Map(keys.map((key, i) => [key, i]));
    return {
      lifelines: keys.map((key) => this.lifelines.get(key)!.answer),
      rows: shown.map((line) => this.row(line, (key) => number.get(key)!)),
      start,
      total: lines.length,
      open: open.map(({ key, depth }) => ({ to: number.get(key)!, depth })),
      isCut,
      differences,
    };
  }

  private placeLifelines(line: Line): void {
    for (const key of keysOf(line)) {
      if (this.lifelines.has(key)) continue;
      this.lifelines.set(key, { answer: this.describe(key), place: this.lifelines.size });
    }
  }

  private describe(key: string): LifelineAnswer {
    const [, id = '', file = ''] = /^(\d+)\|(.*)$/s.exec(key) ?? [];
    const threadId = Number(id);
    const panel = this.panel(0, threadId);
    if (file !== '')
      return {
        kind: 'file',
        threadId,
        name: file.startsWith('package ') ? file.slice('package '.length) : path.basename(file),
        detail: file,
      };
    const hello = this.runs[0].recording.streams[threadId - 1]?.hello;
    const detail = (hello?.threadId ?? 0) === 0 ? `process ${hello?.pid ?? ''}`.trim() : 'worker thread';
    return { kind: 'loop', threadId, name: panel?.thread.name ?? `stream ${threadId}`, detail };
  }

  /** Steps that have begun before a line and end behind it. */
  private openAt(start: number): { readonly key: string; readonly depth: number }[] {
    const open: { readonly key: string; readonly depth: number }[] = [];
    for (const line of this.sequence.lines.slice(0, start)) {
      if (!('step' in line)) continue;
      if (line.isEnd) open.pop();
      else if (line.step.children.length > 0) open.push({ key: keyOf(line.step, line.step.to), depth: line.depth });
    }
    return open;
  }

  private *readDetails(lines: readonly Line[]): Progress<void> {
    const wanted = new Map<PanelThread, Set<number>>();
    const want = (step: Step): void => {
      const panel = this.panelOf(step);
      if (panel) wanted.set(panel, (wanted.get(panel) ?? new Set()).add(step.serial));
    };
    for (const line of lines) {
      if (!('step' in line)) continue;
      want(line.step);
      if (line.step.status === 'changed' && line.step.partner) want(line.step.partner);
    }
    for (const [panel, serials] of wanted) {
      const found = yield* readCallDetails(panel.thread, [...serials], () => false);
      this.details.set(panel, new Map(found.map((each) => [each.call, each])));
    }
  }

  private row(line: Line, number: (key: string) => number): SequenceRow {
    if (!('step' in line)) return this.startRow(line, number);
    const { step, isEnd, depth } = line;
    const panel = this.panelOf(step)!;
    const { calls } = panel.thread;
    const { span } = step;
    const [from, to] = [keyOf(step, step.from), keyOf(step, step.to)].map(number) as [number, number];
    const isLeaf = step.children.length === 0;
    const isElsewhere = step.side === 1 && !this.isSame;
    const moment = isEnd ? calls.exit[span]! : calls.enter[span]! + 1;
    const text = this.text(step, isEnd, isLeaf);
    const other = step.status === 'changed' && step.partner ? this.text(step.partner, isEnd, isLeaf) : null;
    const cause = step.from === '' && !isEnd ? this.causeOf(panel, span) : '';
    return {
      kind: isEnd ? 'return' : step.ordinal > 0 ? 'resume' : 'call',
      from: isEnd ? to : from,
      to: isEnd ? from : to,
      threadId: panel.thread.id,
      call: step.serial,
      moment: isElsewhere ? null : `${panel.thread.id}:${moment}`,
      name: step.function,
      cause,
      times: step.times,
      depth,
      ending: ENDINGS[calls.endingOf(span)],
      hasInside: calls.endOf(span) > span + 1,
      status: step.status,
      text,
      other: other && isEqual(text, other) ? null : other,
    };
  }

  private startRow(
    { starts, by }: Extract<Line, { readonly starts: PanelThread }>,
    number: (key: string) => number,
  ): SequenceRow {
    const { thread } = starts;
    const to = number(`${thread.id}|`);
    return {
      kind: 'start',
      from: by ? number(`${by.thread.id}|`) : to,
      to,
      threadId: thread.id,
      call: 0,
      moment: `${thread.id}:0`,
      name: thread.name,
      cause: '',
      times: 1,
      depth: 0,
      ending: 'returned',
      hasInside: false,
      status: 'same',
      text: { arguments: [], result: null, threw: false },
      other: null,
    };
  }

  private text({ side, serial, ordinal, span, thread }: Step, isEnd: boolean, isLeaf: boolean): SequenceCallText {
    const panel = this.panel(side, thread);
    const known = panel && this.details.get(panel)?.get(serial);
    const { calls } = panel!.thread;
    const ending = ENDINGS[calls.endingOf(span)];
    const ends = (isEnd || isLeaf) && (ending === 'returned' || ending === 'threw');
    return {
      arguments: isEnd || ordinal > 0 ? [] : (known?.arguments ?? []).map(({ name, value }) => `${name}: ${value}`),
      result: ends ? (known?.result ?? null) : null,
      threw: ends && ending === 'threw',
    };
  }

  private causeOf(panel: PanelThread, span: number): string {
    const row = tickOf(panel, span);
    return row < 0 ? '' : (CAUSES[panel.thread.timeline.overview.ticks.cause[row]!] ?? '');
  }

  private panelOf(step: Step): PanelThread | undefined {
    return this.panel(step.side, step.thread);
  }

  /** Of the other run the thread that stands for that one. */
  private panel(side: 0 | 1, id: number): PanelThread | undefined {
    const number = side === 0 ? id : (this.sequence.partners.get(id) ?? id);
    return this.runs[side]?.panels.find(({ thread }) => thread.id === number);
  }
}

function keysOf(line: Line): string[] {
  if (!('step' in line)) return [...(line.by ? [`${line.by.thread.id}|`] : []), `${line.starts.thread.id}|`];
  return [keyOf(line.step, line.step.from), keyOf(line.step, line.step.to)];
}

function keyOf({ thread }: Step, lifeline: string): string {
  return `${thread}|${lifeline}`;
}

function isEqual(a: SequenceCallText, b: SequenceCallText): boolean {
  return a.result === b.result && a.arguments.join('\n') === b.arguments.join('\n');
}
