/** A page of a sequence diagram as a picture: lifelines from left to right, calls between them downward. */
import type {
  LifelineAnswer,
  SequenceAnswer,
  SequenceCallText,
  SequenceRow,
  SequenceStatus,
} from '../../../trace-runtime/src/model/sequence-answers.ts';
import {
  fitted,
  lettersOf,
  LETTER,
  textWidth,
  type Ink,
  type Mark,
  type Part,
  type Picture,
} from '../base/picture/picture.ts';

/** The names of the lifelines, and what is below them: both are as wide as each other. */
export interface SequencePicture {
  readonly head: Picture;
  readonly body: Picture;
}

const SMALL = 11;
const HEAD = { height: 46, top: 5, box: 36, pad: 8 };
const COLUMN = { least: 150, most: 330, first: 78, last: 150 };
const ROW = 30;
/** A second line of text. */
const MORE = 15;
const BAR = 8;
const TIP = 7;
const INSIDE = '⊕';

const INKS: Readonly<Record<SequenceStatus, Ink>> = {
  same: 'line',
  added: 'added',
  missing: 'missing',
  changed: 'changed',
};
const SIGNS: Readonly<Record<SequenceStatus, string>> = { same: '', added: '+ ', missing: '− ', changed: '~ ' };
const SAID: Readonly<Record<SequenceStatus, string>> = {
  same: '',
  added: 'Only in this run. ',
  missing: 'Only in the other run. ',
  changed: 'Other values than in the other run. ',
};

/** `here`: STREAM:NUMBER where the debugger stands. Parts are named by their rows: `3`, and `3+` to look into the call. */
export function drawSequence(answer: SequenceAnswer, here: string | undefined): SequencePicture {
  const { lifelines, rows, open } = answer;
  const xs = columnsOf(answer);
  const width = (xs.at(-1) ?? 0) + COLUMN.last;
  const heights = rows.map(({ other }) => ROW + (other ? MORE : 0));
  const height = heights.reduce((sum, each) => sum + each, 0) + 16;
  const tops: number[] = [];
  let at = 4;
  for (const each of heights) {
    tops.push(at);
    at += each;
  }
  const lines = (from: number, to: number): Part => ({
    marks: xs.map((x): Mark => ({ kind: 'path', d: `M${x} ${from}L${x} ${to}`, stroke: 'faint', isDashed: true })),
  });
  const bars = barsOf(rows, open, xs, tops, heights, height);
  return {
    head: {
      width,
      height: HEAD.height,
      parts: [lines(HEAD.top + HEAD.box, HEAD.height), ...lifelines.map((line, i) => headOf(line, xs[i]!))],
    },
    body: {
      width,
      height,
      parts: [
        lines(0, height),
        { marks: bars },
        ...rows.flatMap((row, i) => rowParts(row, i, xs, tops[i]!, heights[i]!, here)),
      ],
    },
  };
}

/** One picture for a file. */
export function joined({ head, body }: SequencePicture): Picture {
  const lowered = body.parts.map((part) => ({ ...part, marks: part.marks.map((mark) => lower(mark, head.height)) }));
  return { width: head.width, height: head.height + body.height, parts: [...head.parts, ...lowered] };
}

function lower(mark: Mark, by: number): Mark {
  if (mark.kind !== 'path') return { ...mark, y: mark.y + by };
  const d = mark.d.replaceAll(
    /([ML])(\S+) ([^MLZ]+)/g,
    (_, letter: string, x: string, y: string) => `${letter}${x} ${Number(y) + by}`,
  );
  return { ...mark, d };
}

/** Far enough from each other for what is written between them. */
function columnsOf({ lifelines, rows }: SequenceAnswer): number[] {
  const gaps = lifelines.map((line, i) => {
    const names = Math.max(textWidth(line.name), textWidth(line.detail, SMALL));
    return i === 0 ? COLUMN.first : Math.max(COLUMN.least, Math.min(names, 200) + 30);
  });
  for (const row of rows) {
    const [left, right] = [Math.min(row.from, row.to), Math.max(row.from, row.to)];
    const needed = Math.min(COLUMN.most, textWidth(textOf(row, row.text), SMALL) + (row.hasInside ? 58 : 34));
    if (right - left === 1) gaps[right] = Math.max(gaps[right]!, needed);
    else if (right === left && right + 1 < gaps.length) gaps[right + 1] = Math.max(gaps[right + 1]!, needed + 20);
  }
  let x = 0;
  return gaps.map((gap) => (x += gap));
}

function headOf({ name, detail, kind }: LifelineAnswer, x: number): Part {
  const letters = 26;
  const lines = [fitted(name, letters), fitted(detail, letters + 2)];
  const width = Math.max(textWidth(lines[0]!), textWidth(lines[1]!, SMALL)) + 2 * HEAD.pad;
  return {
    title: detail,
    marks: [
      {
        kind: 'rect',
        x: x - width / 2,
        y: HEAD.top,
        width,
        height: HEAD.box,
        radius: kind === 'loop' ? HEAD.box / 2 : 3,
        fill: 'box',
        stroke: 'line',
      },
      { kind: 'text', x, y: HEAD.top + 15, text: lines[0]!, ink: 'text', anchor: 'middle', isBold: true },
      { kind: 'text', x, y: HEAD.top + 29, text: lines[1]!, ink: 'faint', anchor: 'middle', size: SMALL },
    ],
  };
}

/** Where calls run: from their row to that of their end, or to the end of the page. */
function barsOf(
  rows: readonly SequenceRow[],
  open: SequenceAnswer['open'],
  xs: readonly number[],
  tops: readonly number[],
  heights: readonly number[],
  height: number,
): Mark[] {
  const bars: Mark[] = [];
  const running = open.map(({ to, depth }) => ({ to, depth, from: 0 }));
  const end = (bar: { readonly to: number; readonly depth: number; readonly from: number }, to: number): void => {
    const x = xs[bar.to]! - BAR / 2 + Math.min(bar.depth, 3) * 2;
    bars.push({
      kind: 'rect',
      x,
      y: bar.from,
      width: BAR,
      height: Math.max(4, to - bar.from),
      fill: 'box',
      stroke: 'line',
    });
  };
  rows.forEach((row, i) => {
    const line = tops[i]! + heights[i]! - 8;
    if (row.kind === 'return') {
      const bar = running.pop();
      if (bar) end(bar, line);
      return;
    }
    const next = rows[i + 1];
    const hasRows =
      next !== undefined && (next.depth > row.depth || (next.kind === 'return' && next.call === row.call));
    if (row.kind !== 'start' && (hasRows || (next === undefined && row.hasInside && row.text.result === null)))
      running.push({ to: row.to, depth: row.depth, from: line });
    else end({ to: row.to, depth: row.depth, from: line - 2 }, line + 6);
  });
  for (const bar of running) end(bar, height);
  return bars;
}

function rowParts(
  row: SequenceRow,
  index: number,
  xs: readonly number[],
  top: number,
  height: number,
  here: string | undefined,
): Part[] {
  const ink = INKS[row.status];
  const isBack = row.kind === 'return';
  const isSelf = row.from === row.to;
  const [x1, x2] = [xs[row.from]!, xs[row.to]!];
  const line = top + height - 8;
  const [left, right] = isSelf ? [x1, x1 + 34] : [Math.min(x1, x2), Math.max(x1, x2)];
  const letters = Math.floor((Math.max(right - left - 22, COLUMN.least - 26) / LETTER) * TEXT_RATIO);
  const looksInto = row.hasInside && !isBack && row.kind !== 'start' && row.moment !== null;
  const room = isSelf ? 44 : letters - (looksInto ? 3 : 0);
  const texts = [textOf(row, row.text), ...(row.other ? [otherText(row, row.other)] : [])];
  const shown = [
    fitted(textOf(row, row.text, room), room),
    ...(row.other ? [fitted(otherText(row, row.other, room), room)] : []),
  ];
  const start = left + 10;
  const width = Math.max(...shown.map((text) => textWidth(text, SMALL)));
  const part: Part = {
    id: String(index),
    label: `${SAID[row.status]}${saidOf(row)}`,
    title: `${texts.join('\n')}${row.moment === null ? '' : `\nGo to moment ${row.moment}`}`,
    isCurrent: row.moment !== null && row.moment === here,
    marks: [
      // what the pointer finds, and the keyboard marks
      { kind: 'rect', x: left + 1, y: top, width: Math.max(right - left - 2, width + 18), height, radius: 3 },
      ...shown.flatMap((text, i): Mark[] => [
        {
          kind: 'rect',
          x: start - 2,
          y: top + 4 + i * MORE,
          width: textWidth(text, SMALL) + 4,
          height: 14,
          fill: 'page',
        },
        {
          kind: 'text',
          x: start,
          y: top + 15 + i * MORE,
          text,
          ink: row.status === 'same' ? (isBack ? 'faint' : 'text') : i === 0 ? ink : 'faint',
          size: SMALL,
          isStruck: row.status === 'missing',
        },
      ]),
      ...(isSelf ? loopArrow(x1, line, ink) : straight(x1, x2, line, ink, isBack || row.kind === 'start')),
    ],
  };
  if (!looksInto) return [part];
  const x = start + width + 8;
  return [
    part,
    {
      id: `${index}+`,
      label: `Look into ${row.name}`,
      title: `Look into ${row.name}`,
      marks: [
        { kind: 'rect', x: x - 4, y: top + 2, width: 18, height: 17, radius: 3 },
        { kind: 'text', x, y: top + 15, text: INSIDE, ink: 'link' },
      ],
    },
  ];
}

const TEXT_RATIO = 12 / SMALL;

function straight(x1: number, x2: number, y: number, ink: Ink, isDashed: boolean): Mark[] {
  const sign = Math.sign(x2 - x1);
  const end = x2 - sign * (BAR / 2);
  const foot = end - sign * TIP;
  return [
    { kind: 'path', d: `M${x1} ${y}L${foot} ${y}`, stroke: ink, isDashed },
    { kind: 'path', d: `M${end} ${y}L${foot} ${y - 3.5}L${foot} ${y + 3.5}Z`, fill: ink },
  ];
}

function loopArrow(x: number, y: number, ink: Ink): Mark[] {
  const [from, to, far] = [y - 7, y + 2, x + 30];
  const end = x + BAR / 2 + 1;
  return [
    { kind: 'path', d: `M${x + BAR / 2} ${from}L${far} ${from}L${far} ${to}L${end + TIP} ${to}`, stroke: ink },
    { kind: 'path', d: `M${end} ${to}L${end + TIP} ${to - 3.5}L${end + TIP} ${to + 3.5}Z`, fill: ink },
  ];
}

/** `total(names: […]) → 12 ×3`; what it gave is seen whole where arguments have to be cut. */
export function textOf(row: SequenceRow, text: SequenceCallText, letters = Infinity): string {
  const { arguments: given, result, threw } = text;
  const { kind, name, cause, times, status } = row;
  if (kind === 'start') return `starts ${name}`;
  if (kind === 'return') return `${SIGNS[status]}${endOf(row, text)}`;
  const before = `${SIGNS[status]}${cause === '' ? '' : `${cause}: `}`;
  const isTold = result !== null && (result !== 'undefined' || status === 'changed');
  const end = isTold ? ` ${threw ? '⚡' : '→'} ${fitted(result, 28)}` : '';
  const after = `${end}${times > 1 ? ` ×${times}` : ''}`;
  if (kind === 'resume') return `${before}${name} goes on${after}`;
  const room = letters - lettersOf(before) - lettersOf(name) - lettersOf(after) - 2;
  const whole = given.map((each) => fitted(each, 24)).join(', ');
  return `${before}${name}(${room === Infinity ? whole : fitted(whole, Math.max(1, room))})${after}`;
}

/** What the call was given and gave in the other run. */
export function otherText(row: SequenceRow, other: SequenceCallText, letters = Infinity): string {
  return `there: ${textOf({ ...row, status: 'same', cause: '' }, other, letters - 7)}`;
}

function endOf({ ending, name }: SequenceRow, { result, threw }: SequenceCallText): string {
  if (ending === 'waits') return `${name} waits`;
  if (ending === 'running') return `${name} runs on`;
  const text = result === null ? name : fitted(result, 40);
  return threw ? `⚡ ${text}` : text;
}

function saidOf({ kind, name, cause, times, ending }: SequenceRow): string {
  if (kind === 'start') return 'A thread begins.';
  if (kind === 'return')
    return ending === 'threw' ? `${name} threw.` : ending === 'waits' ? `${name} waits.` : `${name} returned.`;
  const repeated = times > 1 ? ` ${times} times.` : '';
  return `${cause === '' ? 'Called.' : `Begun by ${cause}.`}${repeated}`;
}

/** Rows by up and down; left and right between a call and what looks into it. */
export function sequenceNeighbour({ parts }: Picture, id: string, key: string): string | undefined {
  const ids = parts.flatMap((part) => (part.id === undefined ? [] : [part.id]));
  if (key === 'ArrowRight') return ids.find((each) => each === `${id}+`);
  const row = id.replace('+', '');
  if (key === 'ArrowLeft') return id.endsWith('+') ? row : undefined;
  const rows = ids.filter((each) => !each.endsWith('+'));
  return rows[rows.indexOf(row) + (key === 'ArrowDown' ? 1 : -1)];
}
