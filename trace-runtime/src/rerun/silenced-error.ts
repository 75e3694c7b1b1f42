/**
 * A script has no other check than the errors it throws, or hands to a callback. Where an edit takes the error away, or the
 * condition with it, and nothing else of what stands around, what had failed is no longer said, which does not prove that it
 * is mended.
 */
import { K } from '../query/code.ts';
import type { ThrowFrame } from '../query/throw-origins.ts';

const NOTHING = 'undefined|null|void 0';
const CONSTANT = String.raw`${NOTHING}|true|false|-?[\d.]+|''|""|\[\]|\{\}`;

const THROWS = /^throw\b/;
/** Whoever comes by has failed. */
const FAILS = /^process\.exit(?:\(\s*|Code\s*=\s*)[1-9]/;
/** A call that is handed a new error. */
const HANDS =
  /^(?:return\s+)?(?:void\s+)?([\p{ID_Start}$_][\p{ID_Continue}$.]*)\([^()]*\bnew\s+[\w$.]*(?:Error|Exception)\s*\(/u;

/**
 * Matches a statement that does nothing but log, or leave, or what stands between statements. `values`: that may be returned.
 * `hands`: what was handed the error; it may be called without one.
 */
function doesNothing(values: string, hands: string | undefined): RegExp {
  const end = String.raw`(?=\s*[;\n}])`;
  const logs = String.raw`console\.\w+\([^\n]*\)${end}`;
  const leaves = String.raw`(?:return(?:[ \t]+(?:${values}))?|break|continue)${end}`;
  const exits = String.raw`process\.exit(?:\(\s*0?\s*\)|Code\s*=\s*(?:0|undefined))${end}`;
  const each = [exits, String.raw`\s+`, ';', String.raw`//[^\n]*`, String.raw`/\*[^]*?\*/`, logs, leaves];
  if (hands !== undefined) {
    const names = [hands, hands.replace(/reject$/, 'resolve')].map((name) => name.replaceAll(/[$.]/g, String.raw`\$&`));
    each.push(String.raw`(?:return\s+)?(?:${names.join('|')})\(\s*(?:${CONSTANT})?\s*\)${end}`);
  }
  return new RegExp(each.join('|'), 'y');
}

/** Of the recorded run: the statement that threw the error, handed it to what it calls, or gave the exit code. */
interface Made {
  readonly op: number;
  readonly start: number;
  readonly end: number;
  /** what was handed the error; undefined where it was thrown */
  readonly hands: string | undefined;
}

function madeAt({ file: { code }, offset }: ThrowFrame, source: string): Made | undefined {
  let op = -1;
  for (let at = 0; at < code.count; at++) {
    if (code.kind[at] !== K.statement || code.start[at]! > offset || code.end[at]! <= offset) continue;
    if (op < 0 || code.start[at]! > code.start[op]!) op = at;
  }
  if (op < 0) return undefined;
  const [start, end] = [code.start[op]!, code.end[op]!];
  const text = source.slice(start, end);
  const hands = HANDS.exec(text)?.[1];
  return hands === undefined && !THROWS.test(text) && !FAILS.test(text) ? undefined : { op, start, end, hands };
}

/**
 * Text of the statement that handed the failure's error to what it calls, or gave its exit code; undefined where it was thrown,
 * or came from elsewhere.
 */
export function failingStatement(frame: ThrowFrame, source: string): string | undefined {
  const made = madeAt(frame, source);
  const text = made && source.slice(made.start, made.end);
  return text === undefined || THROWS.test(text) ? undefined : text;
}

/** Characters of a text that are no blanks, and where they stand. */
interface Squeezed {
  readonly whole: string;
  readonly text: string;
  readonly places: readonly number[];
}

/** In the edited text, in the error's place. */
export interface Silence {
  /** code unit */
  readonly offset: number;
  /** there is a statement that does nothing of use; otherwise nothing stands there */
  readonly isStatement: boolean;
}

/** Undefined: the error is made still, or more was edited there. `isCalled`: by the program, which goes on with what is returned. */
export function silencedError(
  frame: ThrowFrame,
  { was, is, isCalled }: { readonly was: string; readonly is: string; readonly isCalled: boolean },
): Silence | undefined {
  const { code, table } = frame.file;
  const made = madeAt(frame, was);
  if (!made) return undefined;
  const owner = code.owner[made.op] ?? 0;
  const { start, end } = table.functions[owner]!;
  const [then, now] = [squeezed(was), squeezed(is)];
  const around: (readonly [start: number, end: number])[] = [];
  for (let op = 0; op < code.count; op++) {
    if (code.kind[op] !== K.statement || code.owner[op] !== owner || code.start[op]! >= made.start) continue;
    if (code.end[op]! >= made.end) around.push([code.start[op]!, code.end[op]!]);
  }
  around.sort(([a], [b]) => b - a);
  // what it stands in says which it is; the condition goes with it where nothing else stands in it
  const [inner, outer = [start, end] as const] = around;
  const cuts = [[made.start, made.end, inner ?? [start, end]] as const];
  if (inner && isAlone(was.slice(inner[0], made.start), was.slice(made.end, inner[1]))) cuts.push([...inner, outer]);
  const form = doesNothing(isCalled && made.hands === undefined ? NOTHING : CONSTANT, made.hands);
  for (const [from, to, [first, last]] of cuts) {
    const [before, behind] = [was.slice(first, from), was.slice(to, last)];
    const known = silencesBetween(then, form, before, behind);
    const found = silencesBetween(now, form, before, behind);
    // others like it stand where they stood
    if (found.length > known.length) return found[known.filter(({ offset }) => offset < from).length];
  }
  return undefined;
}

/** Where the text has both of these and between them nothing that is done. */
function silencesBetween(text: Squeezed, form: RegExp, before: string, behind: string): readonly Silence[] {
  const found: Silence[] = [];
  const [head, tail] = [squeezed(before).text, squeezed(behind).text];
  for (let at = text.text.indexOf(head); head !== '' && at >= 0; at = text.text.indexOf(head, at + 1)) {
    const silence = silenceFrom(text.whole, text.places[at + head.length - 1]! + 1, form, tail);
    if (silence) found.push(silence);
  }
  return found;
}

/** From there on as many statements as do nothing, if the tail comes behind them. */
function silenceFrom(text: string, start: number, form: RegExp, tail: string): Silence | undefined {
  let statement: number | undefined;
  for (let at = start; ;) {
    const isThere = tail !== '' || statement !== undefined || text[at - 1] === ';';
    if (isThere && squeezed(text.slice(at)).text.startsWith(tail))
      return { offset: statement ?? start, isStatement: statement !== undefined };
    form.lastIndex = at;
    const [each = ''] = form.exec(text) ?? [];
    if (each === '') return undefined;
    if (/^[\w$]/.test(each)) statement ??= at;
    at += each.length;
  }
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
