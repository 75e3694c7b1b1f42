/** `hindcast why`: why a run failed, where a value came from, why a line did not run. */
import path from 'node:path';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import type { Decision } from '../../trace-runtime/src/analysis/control.ts';
import { decision } from '../../trace-runtime/src/analysis/control.ts';
import {
  explainFailure,
  folded,
  placeOf,
  rootOf,
  sentenceOf,
  type Explanation,
} from '../../trace-runtime/src/analysis/explain.ts';
import type { Hop } from '../../trace-runtime/src/analysis/hops.ts';
import { asked, origin, type Chain } from '../../trace-runtime/src/analysis/provenance.ts';
import { NOTHING_KNOWN } from '../../trace-runtime/src/analysis/shown.ts';
import { unreadableFile, unreadableSentence } from '../../trace-runtime/src/analysis/unreadable.ts';
import { whyNot, type WhyNot } from '../../trace-runtime/src/analysis/why-not.ts';
import { statementsIn } from '../../debug-adapter/src/breakpoints.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { findRecording } from '../../trace-runtime/src/store/recordings.ts';
import { confirmHop } from './confirm-hop.ts';
import { displayPlace } from './display-place.ts';
import { failureJson, failureLines, failureView, type FailureView } from './failure-view.ts';
import { flag, parse, text, type Parsed } from './options.ts';
import { printJson, printLines } from './output.ts';
import { checkMayRun, confirmationLines, latestRecorded, RERUN_OPTIONS, untilEnded } from './prove.ts';
import { openSession, type Session } from './session.ts';
import { finished, trace } from './trace.ts';
import {
  chainLines,
  decisionLines,
  hopsJson,
  rootJson,
  isFile,
  shownPlace,
  whyNotLines,
  type Shown,
} from './why-view.ts';

const KINDS = {
  json: 'flag',
  all: 'flag',
  at: 'text',
  frame: 'text',
  not: 'text',
  confirm: 'text',
  value: 'text',
  ...RERUN_OPTIONS,
} as const;

export async function why(args: readonly string[]): Promise<number> {
  const parsed = parse(args, KINDS, 2);
  const [recording, expression] = argumentsOf(parsed.positionals);
  const confirm = text(parsed, 'confirm');
  const session = await openSession(confirm === undefined ? recording : latestRecorded(recording));
  const not = text(parsed, 'not');
  if (confirm !== undefined && (not !== undefined || expression !== undefined))
    throw usage('--confirm goes with why a run failed, not with a line or an expression.');
  if (not !== undefined) return whyLineDidNotRun(session, parsed, not);
  return expression === undefined ? whyItFailed(session, parsed) : whyValue(session, parsed, expression);
}

/** A lone argument that names no recording is an expression. */
function argumentsOf([first, second]: readonly string[]): readonly [string | undefined, string | undefined] {
  if (first === undefined || second !== undefined) return [first, second];
  const name = first.includes('#') && !/[[("'`]/.test(first) ? first.slice(0, first.indexOf('#')) : first;
  const isRecording = name === '' || findRecording(name, process.cwd()).ok || /[\\/]|\.hindcast$/.test(name);
  return isRecording ? [first, undefined] : [undefined, first];
}

interface Answer {
  readonly shown: Shown;
  readonly failure: FailureView | undefined;
  readonly sentence: string;
  readonly root: Hop | undefined;
  readonly culprit: Explanation['culprit'] | undefined;
  readonly chain: Chain;
  readonly decisions: readonly Decision[];
}

async function whyItFailed(session: Session, parsed: Parsed): Promise<number> {
  const place = session.place(text(parsed, 'at') ?? 'failure');
  const traced = trace(session, place.stream);
  const places = new Places(session.recording);
  const shown = { traced, places, stream: place.stream };
  const { failure } = place;
  if (!failure)
    throw usage('Give an expression, or leave --at out: without an expression the question is why it failed.');
  const { moment, message, value, mark } = failure.failure;
  const known = finished(explainFailure(traced, { moment, message, value, marked: mark?.expression })) ?? NOTHING_KNOWN;
  const file = unreadableFile(traced, failure.failure);
  const sentence = file
    ? `${displayPlace({ ...file, path: path.resolve(session.recording.manifest.cwd, file.path), column: 1, text: undefined })}: ${unreadableSentence(file)}`
    : known.sentence;
  const root = file ? undefined : known.root;
  const answer: Answer = { shown, failure: failureView(failure, places), ...known, sentence, root };
  const confirm = text(parsed, 'confirm');
  if (confirm === undefined) {
    print(session, parsed, answer);
    return 0;
  }
  checkMayRun(session, parsed);
  const { hops } = known.chain;
  const asked = { traced, stream: place.stream, failure: failure.failure, hops, decisions: known.decisions };
  return untilEnded(async (signal) => {
    const confirmation = await confirmHop(session, parsed, asked, confirm, signal);
    if (flag(parsed, 'json')) printJson({ recording: session.recording.folder, confirmation });
    else printLines([`With ${confirmation.tried}:`, ...confirmationLines(confirmation, '  ')]);
    return 0;
  });
}

function whyValue(session: Session, parsed: Parsed, expression: string): number {
  const moment = text(parsed, 'at') ?? (session.failures().length > 0 ? 'failure' : 'end');
  const place = session.place(moment);
  const traced = trace(session, place.stream);
  const frame = Number(text(parsed, 'frame') ?? 0);
  if (!Number.isInteger(frame) || frame < 0) throw usage('--frame takes a number from 0.');
  const { timeline } = traced;
  timeline.seekMoment(Math.min(place.moment, timeline.end!.moment));
  const call = timeline.replay.stack.at(-1 - frame);
  if (!call)
    throw usage(
      timeline.replay.stack.length === 0
        ? `No recorded code runs at ${moment}: give another moment with --at.`
        : `The stack has ${timeline.replay.stack.length} calls: --frame takes 0 to ${timeline.replay.stack.length - 1}.`,
    );
  const lead = asked(traced, call, expression);
  if (!lead) throw usage(`${expression} is no expression.`);
  const decisions = finished(decision(traced, call.serial));
  const chain = finished(origin(traced, lead));
  const root = rootOf(chain);
  const shown = { traced, places: new Places(session.recording), stream: place.stream };
  const sentence = sentenceOf(`${expression} is ${shownPlace.value(shown, chain.hops[0])}`, root);
  print(session, parsed, { shown, failure: undefined, sentence, root, culprit: undefined, chain, decisions });
  return 0;
}

function print(session: Session, parsed: Parsed, answer: Answer): void {
  const { shown, failure, sentence, root, culprit, chain, decisions } = answer;
  if (flag(parsed, 'json')) {
    printJson({
      recording: session.recording.folder,
      sentence: `${sentence}.`,
      failure: failure ? failureJson(failure) : null,
      root: root ? rootJson(shown, placeOf(chain, root)) : null,
      ...hopsJson(shown, chain, decisions, culprit),
    });
    return;
  }
  const hops = flag(parsed, 'all') ? chain.hops.map((hop) => ({ hop, folded: 0 })) : folded(chain);
  const where = root ? ` (${shownPlace.ofHop(shown, placeOf(chain, root))})` : '';
  printLines([
    ...(failure ? [...failureLines(failure), ''] : []),
    `${sentence}${where}.`,
    ...(hops.length > 0 ? ['', ...chainLines(shown, hops)] : []),
    ...(decisions.length > 0 ? ['', 'It came to that because', ...decisionLines(shown, decisions)] : []),
  ]);
}

function whyLineDidNotRun(session: Session, parsed: Parsed, wanted: string): number {
  const [, file, number] = /^(.+?):(\d+)(?::\d+)?$/.exec(wanted) ?? [];
  if (file === undefined) throw usage('--not takes FILE:LINE, such as --not cart.js:12.');
  const found = findLine(session, file, Number(number));
  if (!found)
    throw usage(
      `The recording has no statement at or below line ${number} of ${file}: \`hindcast info\` names its files.`,
    );
  const { shown, answer } = found;
  const sentence =
    answer.count > 0
      ? `${shownPlace.short(shown, answer)} ran after all: ${answer.count} ${answer.count === 1 ? 'time' : 'times'}.`
      : `${shownPlace.short(shown, answer)} did not run: ${answer.what}`;
  if (flag(parsed, 'json')) {
    const { file: _, decisions, callers, start: _start, end: _end, ...rest } = answer;
    printJson({
      recording: session.recording.folder,
      sentence,
      answer: { ...rest, place: shownPlace.json(shown, answer) },
      callers: callers.map((each) => ({ text: each.text, count: each.count, place: shownPlace.json(shown, each) })),
      ...hopsJson(shown, { hops: [] }, decisions, undefined),
    });
  } else printLines([sentence, ...whyNotLines(shown, answer)]);
  return 0;
}

/** In the stream where the line ran, else in the first that has it. */
function findLine(
  session: Session,
  file: string,
  line: number,
): { readonly shown: Shown; readonly answer: WhyNot } | undefined {
  const places = new Places(session.recording);
  let first: { readonly shown: Shown; readonly answer: WhyNot } | undefined;
  for (let stream = 1; stream <= session.recording.streams.length; stream++) {
    const traced = trace(session, stream);
    for (const each of traced.files) {
      const statements = statementsIn(places, traced.reader, each)
        .filter((at) => isFile(path.resolve(at.path), file) && at.line >= line)
        .sort((a, b) => a.line - b.line || a.column - b.column);
      const op = statements[0] && each.table.ops[statements[0].op];
      if (!op || !('start' in op)) continue;
      const answer = finished(whyNot(traced, each, op.start, op.end));
      if (!answer) continue;
      const found = { shown: { traced, places, stream }, answer };
      if (answer.count > 0) return found;
      if (!first || first.answer.decisions.length === 0) first = found;
    }
  }
  return first;
}
