/**
 * A value that a person marked wrong, looked at again in a rerun: where the same statement begins for the same time, in the
 * same case or thread.
 */
import { parseExpressionAt, type Expression, type SpreadElement } from 'acorn';
import { Evaluator } from '../evaluate/evaluator.ts';
import type { Activation, LoadedFile } from '../query/activation.ts';
import { K } from '../query/code.ts';
import { printLine } from '../query/print-value.ts';
import { openStream, type StreamReplay } from '../query/replay.ts';
import { StateReader } from '../query/state.ts';
import type { CaseFacts } from '../query/stream-state.ts';
import type { Mark } from '../store/marks.ts';
import type { Recording } from '../store/recording.ts';
import { openWords } from '../store/stream.ts';
import type { ObservedCase } from './observe.ts';
import type { Correspondence } from './sameness.ts';
import { SourceLines } from './source-lines.ts';
import type { Reason } from './verdict.ts';

interface MarkedRuns {
  readonly before: { readonly recording: Recording; readonly case: ObservedCase | undefined };
  readonly after: { readonly recording: Recording; readonly case: ObservedCase | undefined };
  readonly correspondence: Correspondence;
}

/** A statement as it begins, state being as just before it. */
interface Standing {
  readonly replay: StreamReplay;
  readonly activation: Activation;
  readonly op: number;
  /** the how manieth time, from 1 */
  readonly count: number;
}

/** Levels of objects that are compared. */
const DEEP = 6;
const SHORT = 80;

/** Its code says what became of it: `same-failure`, `other-failure`, `passes`, or else what leaves it in doubt. */
export function markedAgain(mark: Mark, { before, after, correspondence }: MarkedRuns): Reason {
  const stream = before.recording.streams.findIndex(({ id }) => id === mark.stream) + 1;
  if (stream === 0) return nowhere('the recording does not hold its thread');
  const then = standAtMark(before.recording, stream, mark, before.case?.facts);
  const was = then && valueAt(then, before.recording, mark.expression, mark.depth);
  if (!then || was === undefined) return nowhere(`${mark.expression} has no value where it was marked`);
  const { path } = then.activation.file;
  const spot = spotOf(then, before.recording);
  const find = finder(spot, after.recording, correspondence);
  const now = standAgain(after.recording, after.case?.stream ?? stream, { find, path, count: then.count }, after.case);
  if (now === undefined) return nowhere('the code where it was marked is not there any more');
  if (typeof now === 'number')
    return nowhere(
      `line ${spot.line} was marked when it ran for the ${ordinal(then.count)} time, and ran ${times(now)}`,
    );
  const value = valueAt(now, after.recording, mark.expression, mark.depth);
  if (value === undefined) return nowhere(`${mark.expression} has no value there any more`);
  const { code, hash } = now.activation.file;
  const place = { path, line: new SourceLines(after.recording.source).line(hash, code.start[now.op]!) };
  const { expression, expected } = mark;
  const wanted = valueAt(now, after.recording, expected, mark.depth) ?? literal(expected);
  if (bare(value) === bare(wanted ?? expected)) {
    const text = `${expression} is ${short(value)}, as it should be`;
    if (correspondence.edited.length > 0) return { code: 'passes', text, place };
    return { code: 'nothing-edited', text: `${text}, but no source was edited: it is not the same each time`, place };
  }
  if (value === was) return { code: 'same-failure', text: `${expression} is ${short(value)}, as it was`, place };
  const isNow = `${expression} is ${short(value)} now`;
  return wanted === undefined
    ? { code: 'not-reached', text: `${isNow}; whether that is ${expected}, only you can say`, place }
    : { code: 'other-failure', text: `${isNow}, should be ${expected}`, place };
}

function nowhere(text: string): Reason {
  return { code: 'not-reached', text };
}

function short(text: string): string {
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1)}…`;
}

/** As people write it, who leave out blanks and names of classes, and may leave out quotes. */
function bare(text: string): string {
  const plain = text.trim().replace(/^(["'`])(.*)\1$/, '$2');
  return /^[[{]|^\w+ \{/.test(plain) ? plain.replaceAll(/[\w$]+ (?=\{)|[\s"'`]/g, '') : plain;
}

/** The text, where it is an array or an object without anything to evaluate. */
function literal(text: string): string | undefined {
  try {
    const node = parseExpressionAt(text, 0, { ecmaVersion: 'latest' });
    return node.end === text.trimEnd().length && isLiteral(node) ? text : undefined;
  } catch {
    return undefined;
  }
}

function isLiteral(node: Expression | SpreadElement | null): boolean {
  switch (node?.type) {
    case 'Literal':
      return true;
    case 'UnaryExpression':
      return node.argument.type === 'Literal';
    case 'ArrayExpression':
      return node.elements.every(isLiteral);
    case 'ObjectExpression':
      return node.properties.every(
        (each) => each.type === 'Property' && !each.computed && each.kind === 'init' && isLiteral(each.value),
      );
    default:
      return false;
  }
}

function valueAt({ replay }: Standing, recording: Recording, expression: string, depth = 0): string | undefined {
  const call = replay.stack.at(-1 - depth);
  if (!call) return undefined;
  const reader = new StateReader(replay, recording.types);
  const evaluator = new Evaluator(replay, reader, recording.source, undefined);
  const looked = evaluator.evaluate(call, expression, { sandbox: undefined });
  return 'fault' in looked ? undefined : printLine(looked.reader, DEEP, looked.value);
}

function isIn(facts: CaseFacts | undefined, { moment }: StreamReplay): boolean {
  return facts === undefined || (facts.first <= moment && moment <= (facts.last ?? Infinity));
}

/** Undefined where no statement begins there. */
function standAtMark(
  recording: Recording,
  stream: number,
  { moment, statements }: Mark,
  facts: CaseFacts | undefined,
): Standing | undefined {
  const replay = open(recording, stream);
  const counts = new Map<string, number>();
  let last: Omit<Standing, 'replay'> | undefined;
  replay.onStatement((activation, op) => {
    if (isIn(facts, replay)) {
      const key = `${activation.file.hash} ${op}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      last = { activation, op, count };
    }
    return statements !== undefined && replay.statements >= statements;
  });
  replay.runTo(moment);
  return last && { replay, ...last };
}

interface Again {
  /** the op of the same statement in a file; -1: none */
  find(file: LoadedFile): number;
  readonly path: string;
  readonly count: number;
}

/** How often it began, where that was less often; undefined where no file has it. */
function standAgain(
  recording: Recording,
  stream: number,
  { find, path, count }: Again,
  within: ObservedCase | undefined,
): Standing | number | undefined {
  if (!recording.streams[stream - 1]) return undefined;
  const replay = open(recording, stream);
  const ops = new Map<LoadedFile, number>();
  let begun = 0;
  let there: Standing | undefined;
  replay.onStatement((activation, op) => {
    const { file } = activation;
    if (file.path !== path || !isIn(within?.facts, replay)) return false;
    if (!ops.has(file)) ops.set(file, find(file));
    if (ops.get(file) !== op || ++begun < count) return false;
    there = { replay, activation, op, count };
    return true;
  });
  while (there === undefined && replay.step());
  if (there !== undefined) return there;
  const has = replay.files.some((file) => file.path === path && find(file) >= 0);
  return has ? begun : undefined;
}

function open(recording: Recording, stream: number): StreamReplay {
  const { streams, table, source, placed } = recording;
  return openStream(openWords(streams[stream - 1]!.segments), table, source, placed);
}

interface MarkedSpot {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** among the statements of its line, and how many those are */
  readonly index: number;
  readonly of: number;
}

function spotOf({ activation: { file }, op }: Standing, recording: Recording): MarkedSpot {
  const lines = new SourceLines(recording.source);
  const line = lines.line(file.hash, file.code.start[op]!);
  const ops = statementsOf(file).filter((each) => lines.line(file.hash, file.code.start[each]!) === line);
  const text = textOf(file, op, recording);
  return { path: file.path, line, text, index: ops.indexOf(op), of: ops.length };
}

/** The statement of the same line; of several the one with the same text, or else in the same place among as many. */
function finder(spot: MarkedSpot, recording: Recording, correspondence: Correspondence): (file: LoadedFile) => number {
  const lines = new SourceLines(recording.source);
  return (file) => {
    const ops = statementsOf(file).filter(
      (op) => correspondence.recordedLine(spot.path, lines.line(file.hash, file.code.start[op]!)) === spot.line,
    );
    const same = ops.filter((op) => textOf(file, op, recording) === spot.text);
    if (same.length === 1) return same[0]!;
    return ops.length === spot.of ? (ops[spot.index] ?? -1) : -1;
  };
}

/** By where they begin. */
function statementsOf({ code }: LoadedFile): readonly number[] {
  const ops: number[] = [];
  for (let op = 0; op < code.count; op++) if (code.kind[op] === K.statement) ops.push(op);
  return ops.sort((a, b) => code.start[a]! - code.start[b]!);
}

function textOf({ code, hash }: LoadedFile, op: number, recording: Recording): string {
  return (recording.source(hash) ?? '').slice(code.start[op], code.end[op]).replaceAll(/\s/g, '');
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function ordinal(count: number): string {
  const rest = count % 100;
  const end = rest > 10 && rest < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${end}`;
}
