/** `hindcast what-if`: reruns the recorded input with a change of the program, and compares with the recorded run. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { parseAs } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import type { Ranged } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import { syntaxOf, type Traced } from '../../trace-runtime/src/analysis/traced.ts';
import type { Syntax } from '../../trace-runtime/src/analysis/syntax.ts';
import type { ChangedSource } from '../../trace-runtime/src/model/recorded-world.ts';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import { K } from '../../trace-runtime/src/query/code.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import {
  changedSource,
  constantOf,
  doBefore,
  expressionsOf,
  giveInstead,
  isOfRounds,
  type TextEdit,
} from '../../trace-runtime/src/rerun/what-if.ts';
import { displayPath } from './display-place.ts';
import { statementsIn } from '../../debug-adapter/src/breakpoints.ts';
import { flag, parse, text } from './options.ts';
import { printJson, printLines } from './output.ts';
import { checkMayRun, latestRecorded, proveSession, RERUN_OPTIONS, untilEnded, VERDICT_CODES } from './prove.ts';
import { openSession, type Place, type Session } from './session.ts';
import { trace } from './trace.ts';
import { toJson, toLines } from './validate-view.ts';
import { isFile } from './why-view.ts';

const OPTIONS = { line: 'text', at: 'text', 'instead-of': 'text', json: 'flag', ...RERUN_OPTIONS } as const;
const EXAMPLE = 'hindcast what-if --line cart.js:12 "rate = 0.1"';

export async function whatIf(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 2);
  const code = parsed.positionals.at(-1);
  if (code === undefined) throw usage(`Give the JavaScript that is to be tried: ${EXAMPLE}.`);
  const given = parseAs(`(${code}\n)`, true) ?? parseAs(`(${code}\n)`, false);
  if (!given) throw usage(`${code} is no JavaScript expression.`);
  const name = parsed.positionals.length > 1 ? parsed.positionals[0] : undefined;
  const session = await openSession(latestRecorded(name));
  checkMayRun(session, parsed);
  const spot = spotOf(session, text(parsed, 'line'), text(parsed, 'at'));
  const change = changeOf(session, spot, code, text(parsed, 'instead-of'));
  return untilEnded(async (signal) => {
    const proved = await proveSession(session, parsed, { signal, changes: [change] });
    const at = { path: spot.path, line: spot.line, run: spot.run ?? null };
    if (flag(parsed, 'json')) printJson({ ...toJson(proved), change: { ...at, code } });
    else printLines([tried(spot, code, text(parsed, 'instead-of')), ...toLines(proved)]);
    return VERDICT_CODES[proved.validation.verdict];
  });
}

function tried({ shown, run }: Spot, code: string, insteadOf: string | undefined): string {
  const what = insteadOf === undefined ? `with \`${code}\` before` : `with \`${code}\` instead of \`${insteadOf}\` at`;
  return `Rerun ${what} ${shown}${run === undefined ? '' : `, in its run ${run} alone`}.`;
}

interface Spot {
  readonly stream: number;
  readonly file: LoadedFile;
  readonly syntax: Syntax;
  /** of the statement */
  readonly op: number;
  /** in the source that the developer wrote */
  readonly path: string;
  readonly line: number;
  readonly shown: string;
  /** the only run of the statement that is changed, counted from 1 in its thread */
  readonly run: number | undefined;
  readonly moment: number | undefined;
}

/** The statement that begins a line, or that was under way at a moment. */
function spotOf(session: Session, line: string | undefined, at: string | undefined): Spot {
  if (line === undefined && at === undefined)
    throw usage(`Say where it is to be tried: --line FILE:LINE or --at MOMENT: ${EXAMPLE}.`);
  const places = new Places(session.recording);
  const place = at === undefined ? undefined : session.place(at);
  for (let stream = place?.stream ?? 1; stream <= (place?.stream ?? session.recording.streams.length); stream++) {
    const traced = trace(session, stream);
    const { reader } = traced;
    const found = line === undefined ? place && statementAt(session, place) : onLine(places, traced, line);
    if (!found) continue;
    const { file, op } = found;
    const syntax = syntaxOf(traced, file);
    const shown = places.of(reader, file, file.code.start[op]!);
    if (!syntax || shown.line === undefined)
      throw usage(`${file.path} is no plain JavaScript in the recording, so nothing can be changed in it.`);
    return {
      stream,
      file,
      syntax,
      op,
      path: shown.path,
      line: shown.line,
      shown: `${displayPath(shown.path)}:${shown.line}`,
      run: place ? runsUntil(session, stream, file, op, place.moment) : undefined,
      moment: place?.moment,
    };
  }
  throw usage(
    line === undefined
      ? `No recorded code runs at ${at}.`
      : `The recording has no statement on ${line}: \`hindcast info\` names its files.`,
  );
}

function onLine(places: Places, { reader, files }: Traced, text: string) {
  const [, name, number] = /^(.+?):(\d+)$/.exec(text) ?? [];
  if (name === undefined) throw usage(`--line takes FILE:LINE, such as cart.js:12, not ${text}.`);
  for (const file of files) {
    const found = statementsIn(places, reader, file).filter(
      ({ path, line }) => line === Number(number) && isFile(path, name),
    );
    const [first] = found.sort((a, b) => a.column - b.column);
    if (first) return { file, op: first.op };
  }
  return undefined;
}

/** How often the statement had begun when the moment was over. */
export function runsUntil(session: Session, stream: number, file: LoadedFile, op: number, moment: number): number {
  const replay = session.open(stream);
  let runs = 0;
  replay.onStatement((call, begun) => {
    if (replay.moment > moment) return true;
    if (begun === op && call.file.base === file.base) runs++;
    return false;
  });
  replay.runTo(moment + 1);
  return Math.max(1, runs);
}

/** What begins at the moment where the replay stands, else what is under way. */
function statementAt(session: Session, { stream, moment }: Place) {
  const replay = session.open(stream);
  replay.runTo(moment);
  const call = replay.stack.at(-1);
  let found = call && { file: call.file, op: call.position };
  replay.onStatement((begun, op) => {
    if (replay.moment === moment) found = { file: begun.file, op };
    return true;
  });
  replay.runTo(moment + 1);
  return found;
}

function changeOf(session: Session, spot: Spot, code: string, insteadOf: string | undefined): ChangedSource {
  const { file, syntax, op } = spot;
  const before = session.recording.source(file.hash);
  const statement = syntax.within(file.code.start[op]!, file.code.end[op]!);
  if (before === undefined || !statement) throw usage(`The recording lacks the source of ${spot.shown}.`);
  return changedSource(file, before, editsOf(session, spot, statement, code, insteadOf));
}

function editsOf(
  session: Session,
  spot: Spot,
  statement: Ranged,
  code: string,
  insteadOf: string | undefined,
): readonly TextEdit[] {
  const { syntax, run } = spot;
  if (insteadOf !== undefined) {
    const all = expressionsOf(syntax, insteadOf, statement.start, statement.end);
    const [found, another] = all;
    if (!found) throw usage(`${insteadOf} is no expression at ${spot.shown} that gives a value.`);
    if (another && run !== undefined)
      throw usage(`${insteadOf} stands at ${spot.shown} more than once: without --at, all of them are changed.`);
    const once = run === undefined ? undefined : { statement, run };
    if (once && isOfRounds(found, statement))
      throw usage(`${insteadOf} decides about the rounds of a loop: without --at, it is changed in all of them.`);
    return all.flatMap((node) => giveInstead(syntax, node, code, once));
  }
  const constant = assignedConstant(session, spot, statement, code);
  return constant ?? doBefore(syntax, statement, code, run);
}

/** A constant cannot be assigned: what it is made of gives something else. */
function assignedConstant(
  session: Session,
  { stream, file, syntax, moment, shown }: Spot,
  statement: Ranged,
  code: string,
): readonly TextEdit[] | undefined {
  const [, name, value] = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=(?![=>])([^]*)$/u.exec(code) ?? [];
  const init = name === undefined ? undefined : constantOf(syntax, statement, name);
  if (init === undefined || value === undefined) return undefined;
  if (init === 'pattern')
    throw usage(`${name} is a constant at ${shown}: try another value of what it is taken from (--instead-of).`);
  const op = statementAround(file, init);
  const run = moment === undefined || op === undefined ? undefined : runsUntil(session, stream, file, op, moment);
  const made = run === undefined ? undefined : syntax.within(file.code.start[op!]!, file.code.end[op!]!);
  return giveInstead(syntax, init, value, made && { statement: made, run: run! });
}

/** The innermost statement that the expression stands in. */
export function statementAround({ code: { kind, start, end, count } }: LoadedFile, node: Ranged): number | undefined {
  let found: number | undefined;
  for (let op = 0; op < count; op++)
    if (kind[op] === K.statement && start[op]! <= node.start && end[op]! >= node.end)
      if (found === undefined || end[op]! - start[op]! <= end[found]! - start[found]!) found = op;
  return found;
}
