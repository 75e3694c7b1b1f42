/**
 * A script has no other check than what it throws. Where an edit takes the throw away, or the condition with it, and nothing
 * else of what stands around, what had failed is no longer said, which does not prove that it is mended.
 */
import { K } from '../query/code.ts';
import type { ThrowFrame } from '../query/throw-origins.ts';
import { statementAt } from './own-check.ts';

const NOTHING = 'undefined|null|void 0';
const SILENT = doesNothing(NOTHING);
/** Where nobody is known to go on with what is returned. */
const SILENT_ALONE = doesNothing(String.raw`${NOTHING}|true|false|-?[\d.]+|''|""|\[\]|\{\}`);

/** Matches statements that do nothing but log, or return one of these. */
function doesNothing(values: string): RegExp {
  const leaves = String.raw`(?:return(?:[ \t]+(?:${values}))?|break|continue)(?=\s*[;\n}])`;
  const logs = String.raw`console\.\w+\([^\n]*\)(?=\s*[;\n}])`;
  return new RegExp(String.raw`^(?:\s+|;|//[^\n]*|/\*[^]*?\*/|${logs}|${leaves})*`);
}

/** Characters of a text that are no blanks, and where they stand. */
interface Squeezed {
  readonly whole: string;
  readonly text: string;
  readonly places: readonly number[];
}

/** In the edited text, in the throw's place. */
export interface Silence {
  /** code unit */
  readonly offset: number;
  /** there is a statement that does nothing of use; otherwise nothing stands there */
  readonly isStatement: boolean;
}

/** Undefined: it is thrown still, or more was edited there. `isCalled`: by the program, which goes on with what is returned. */
export function silencedThrow(
  { file: { code, table }, offset }: ThrowFrame,
  { was, is, isCalled }: { readonly was: string; readonly is: string; readonly isCalled: boolean },
): Silence | undefined {
  const own = statementAt(code, offset);
  if (own < 0 || !/^throw\b/.test(was.slice(offset, offset + 6))) return undefined;
  const owner = code.owner[own] ?? 0;
  const { start, end } = table.functions[owner]!;
  const now = squeezed(is);
  const around: (readonly [start: number, end: number])[] = [];
  for (let op = 0; op < code.count; op++) {
    if (code.kind[op] !== K.statement || code.owner[op] !== owner || code.start[op]! >= offset) continue;
    if (code.end[op]! >= code.end[own]!) around.push([code.start[op]!, code.end[op]!]);
  }
  around.sort(([a], [b]) => b - a);
  // what it stands in says which it is; the condition goes with it where nothing else stands in it
  const [inner, outer = [start, end] as const] = around;
  const cuts = [[offset, code.end[own]!, inner ?? [start, end]] as const];
  if (inner && isAlone(was.slice(inner[0], offset), was.slice(code.end[own], inner[1]))) cuts.push([...inner, outer]);
  for (const [from, to, [first, last]] of cuts) {
    const silence = silenceBetween(now, isCalled ? SILENT : SILENT_ALONE, was.slice(first, from), was.slice(to, last));
    if (silence) return silence;
  }
  return undefined;
}

/** Where the text has both of these and between them nothing that is done. */
function silenceBetween(now: Squeezed, form: RegExp, before: string, behind: string): Silence | undefined {
  const [head, tail] = [squeezed(before).text, squeezed(behind).text];
  for (let at = now.text.indexOf(head); head !== '' && at >= 0; at = now.text.indexOf(head, at + 1)) {
    const place = now.places[at + head.length - 1]! + 1;
    const [silent = ''] = form.exec(now.whole.slice(place)) ?? [];
    if (tail === '' && silent.trim() === '') continue;
    if (!squeezed(now.whole.slice(place + silent.length)).text.startsWith(tail)) continue;
    const statement = /\b(?:return|break|continue|console)\b/.exec(silent)?.index;
    return { offset: place + (statement ?? 0), isStatement: statement !== undefined };
  }
  return undefined;
}

/** Of an `if` without an `else`. */
function isAlone(head: string, tail: string): boolean {
  return /^if\b/.test(head) && !head.includes(';') && /^[\s;}]*$/.test(tail);
}

function squeezed(text: string): Squeezed {
  const places: number[] = [];
  for (let at = 0; at < text.length; at++) if (!/\s/.test(text[at]!)) places.push(at);
  return { whole: text, text: places.map((at) => text[at]).join(''), places };
}
