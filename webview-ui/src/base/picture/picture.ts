/**
 * A picture as a list of what is drawn: made by a pure layout, shown in a panel as SVG, and written to a file of its own.
 * Lengths are pixels.
 */

/** What a mark is for; the theme, or the file's palette, says which colour that is. */
export type Ink =
  | 'text'
  | 'faint'
  | 'link'
  | 'line'
  | 'box'
  | 'accent'
  | 'failure'
  | 'decision'
  | 'added'
  | 'missing'
  | 'changed'
  | 'page';

export type Mark =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly radius?: number;
      readonly fill?: Ink;
      readonly stroke?: Ink;
      readonly isDashed?: boolean;
      readonly isThick?: boolean;
    }
  | {
      readonly kind: 'path';
      readonly d: string;
      readonly stroke?: Ink;
      readonly fill?: Ink;
      readonly isDashed?: boolean;
      readonly isThick?: boolean;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      /** of its base line */
      readonly y: number;
      readonly text: string;
      readonly ink: Ink;
      readonly anchor?: 'start' | 'middle' | 'end';
      readonly isBold?: boolean;
      readonly isStruck?: boolean;
      /** of its letters; TEXT where it is left out */
      readonly size?: number;
    };

/** Marks that belong together. What has a name can be chosen, and leads somewhere. */
export interface Part {
  readonly marks: readonly Mark[];
  readonly id?: string;
  /** what it says beyond its texts to those who do not see it */
  readonly label?: string;
  /** shown beside the pointer */
  readonly title?: string;
  /** it has the debugger's place */
  readonly isCurrent?: boolean;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Part[];
}

/** Size of letters, and the width of one: all are as wide as each other. */
export const TEXT = 12;
export const LETTER = 7.25;

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Width of a text in letters. */
export function lettersOf(text: string): number {
  let letters = 0;
  for (const each of text) letters += WIDE.test(each) ? 2 : 1;
  return letters;
}

export function textWidth(text: string, size = TEXT): number {
  return (lettersOf(text) * LETTER * size) / TEXT;
}

/** On one line, cut behind so many letters. */
export function fitted(text: string, letters: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (lettersOf(line) <= letters) return line;
  let fits = '';
  let used = 1;
  for (const each of line) {
    used += lettersOf(each);
    if (used > letters) break;
    fits += each;
  }
  return `${fits.trimEnd()}…`;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const HEAD = { length: 8, half: 3.5 };

/** A line through the points, with a head at its end. */
export function arrow(points: readonly Point[], ink: Ink, isDashed = false): readonly Mark[] {
  const last = points.at(-1);
  const before = points.at(-2);
  if (!last || !before) return [];
  const length = Math.hypot(last.x - before.x, last.y - before.y) || 1;
  const [dx, dy] = [(last.x - before.x) / length, (last.y - before.y) / length];
  const foot = { x: last.x - dx * HEAD.length, y: last.y - dy * HEAD.length };
  const side = (by: number): string => at({ x: foot.x - dy * by, y: foot.y + dx * by });
  return [
    { kind: 'path', d: curve([...points.slice(0, -1), foot]), stroke: ink, isDashed },
    { kind: 'path', d: `M${at(last)}L${side(HEAD.half)}L${side(-HEAD.half)}Z`, fill: ink },
  ];
}

/** Smooth between the points, which it begins and ends at. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  if (rest.length < 2) return `M${at(first)}${rest.map((point) => `L${at(point)}`).join('')}`;
  let d = `M${at(first)}`;
  rest.forEach((point, i) => {
    const next = rest[i + 1];
    if (!next) d += `L${at(point)}`;
    else d += `Q${at(point)} ${at(i === rest.length - 2 ? next : middle(point, next))}`;
  });
  return d;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
