/** `hindcast suspects`: the lines that are likely to have made a run fail, and what speaks for each. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import {
  casesAround,
  passingCases,
  unfinishedCase,
  suspects as findSuspects,
  type Suspect,
  type Suspects,
  type TriedChange,
} from '../../trace-runtime/src/analysis/suspects.ts';
import type { Broken } from '../../trace-runtime/src/analysis/invariants.ts';
import { unreadableSentence } from '../../trace-runtime/src/analysis/unreadable.ts';
import { ranIn, type Ran } from '../../trace-runtime/src/analysis/spectra.ts';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { Evaluator } from '../../trace-runtime/src/evaluate/evaluator.ts';
import { readyTarget } from '../../trace-runtime/src/rerun/validate.ts';
import { changedSource, type TextEdit } from '../../trace-runtime/src/rerun/what-if.ts';
import { timeZoneOf } from '../../trace-runtime/src/store/time-zone.ts';
import { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import { Places, type SourcePlace } from '../../trace-runtime/src/query/source-places.ts';
import { displayPlace } from './display-place.ts';
import { failureJson, failureLines, failureView, placeJson, type FailureView } from './failure-view.ts';
import { findInstallation } from './installation.ts';
import { flag, parse, text, texts } from './options.ts';
import { printJson, printLines } from './output.ts';
import {
  checkMayRun,
  confirmationLines,
  confirmationOf,
  latestRecorded,
  proveSession,
  RERUN_OPTIONS,
  rerunOptions,
  untilEnded,
  type Confirmation,
} from './prove.ts';
import { openSession, type FoundFailure, type Session } from './session.ts';
import { finished, trace } from './trace.ts';
import { isFile } from './why-view.ts';

const SHOWN = 5;
const UNCONFIRMED = 'These are suspects: no rerun of the program has confirmed one (--confirm N tries).';
const UNCHANGED = 'No change that mends the case was found to rerun: try one with `hindcast what-if`.';
const OPTIONS = {
  json: 'flag',
  'allow-evaluate': 'flag',
  against: 'texts',
  count: 'text',
  confirm: 'text',
  ...RERUN_OPTIONS,
} as const;

export async function suspects(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const count = Number(text(parsed, 'count') ?? SHOWN);
  if (!Number.isInteger(count) || count < 1) throw usage('--count takes a number from 1.');
  const confirm = text(parsed, 'confirm');
  const [name] = parsed.positionals;
  const session = await openSession(confirm === undefined ? name : latestRecorded(name));
  if (confirm !== undefined) checkMayRun(session, parsed);
  const found = session.failures()[0] ?? unfinished(session);
  if (!found) throw session.nothingFailed();
  const against: ReadonlyMap<string, Ran>[] = [];
  for (const name of texts(parsed, 'against')) against.push(...ranOf(await openSession(name)));

  const { recording } = session;
  const traced = trace(session, found.stream);
  const isAllowed = flag(parsed, 'allow-evaluate') || recording.manifest.imported !== true;
  const sandbox = isAllowed
    ? new Sandbox({ folder: findInstallation().runtime, timeZone: timeZoneOf(recording) })
    : undefined;
  const startedAt = recording.streams[found.stream - 1]?.hello?.startedAt;
  const evaluator = new Evaluator(traced.timeline.replay, traced.reader, recording.source, startedAt);
  const answer = finished(
    findSuspects(traced, {
      ...casesAround(traced, found.failure),
      against,
      running: sandbox && { evaluator, sandbox },
    }),
  );
  sandbox?.end();

  const places = new Places(recording);
  const failure = failureView(found, places);
  const shown = [
    ...unreadable(answer, recording.manifest.cwd),
    ...answer.list.map((suspect) => ({ suspect, place: places.of(traced.reader, suspect.file, suspect.offset) })),
  ].slice(0, count);
  const tell = (confirmations: ReadonlyMap<Shown, Confirmation>): number => {
    if (flag(parsed, 'json')) printJson(toJson(session, found.stream, failure, answer, shown, confirmations));
    else printLines(toLines(failure, answer, shown, isAllowed, confirmations, confirm));
    return 0;
  };
  if (confirm === undefined) return tell(new Map());
  const wanted = chosen(shown, confirm);
  return untilEnded(async (signal) => {
    const confirmations = new Map<Shown, Confirmation>();
    const ready = readyTarget(recording, rerunOptions(session, parsed, signal));
    try {
      for (const each of wanted) {
        const rerun = (edits: readonly TextEdit[]): Promise<Confirmation> | undefined => {
          const { file } = each.suspect;
          const before = file && recording.source(file.hash);
          if (!file || before === undefined) return undefined;
          const changes = [changedSource(file, before, edits)];
          const options = { signal, failures: [found.failure], changes, compares: false, ready };
          return proveSession(session, parsed, options).then(confirmationOf);
        };
        const confirmation = await confirmed(each.suspect, answer.trials.failing, rerun);
        if (confirmation) confirmations.set(each, confirmation);
      }
    } finally {
      ready.dispose();
    }
    return tell(confirmations);
  });
}

/** With the change that mended the recorded case; where none could be tried on it, with one after the other until one does. */
async function confirmed(
  { change, untried = [] }: Shown['suspect'],
  failing: number,
  rerun: (edits: readonly TextEdit[]) => Promise<Confirmation> | undefined,
): Promise<Confirmation | undefined> {
  if (change && change.fixed >= failing) return rerun(change.places.map((place) => ({ ...place, text: change.is })));
  let last: Confirmation | undefined;
  for (const { from, to, text: is, was, also = [] } of untried) {
    const outcome = await rerun([{ from, to }, ...also].map((place) => ({ ...place, text: is })));
    if (outcome?.confirmed) return { ...outcome, change: { was, is } };
    // nobody asks what a try that failed did
    if (outcome?.rerun) rmSync(outcome.rerun, { recursive: true, force: true });
    last = outcome && { ...outcome, rerun: null };
  }
  return last && { ...last, reasons: [`none of ${untried.length} changes of it mends the case`] };
}

/** Suspects that a rerun is to confirm: a number from 1, FILE:LINE, or all. */
function chosen(shown: readonly Shown[], confirm: string): readonly Shown[] {
  if (confirm === 'all') return shown;
  const [, file, line] = /^(.+):(\d+)$/.exec(confirm) ?? [];
  const one = /^\d+$/.test(confirm)
    ? shown[Number(confirm) - 1]
    : shown.find(({ place }) => file !== undefined && place.line === Number(line) && isFile(place.path, file));
  if (!one)
    throw usage(`--confirm takes the number of a suspect that is shown, its FILE:LINE, or all; not ${confirm}.`);
  return [one];
}

function unfinished(session: Session): FoundFailure | undefined {
  for (let stream = 1; stream <= session.recording.streams.length; stream++) {
    const { timeline } = trace(session, stream);
    const found = unfinishedCase(timeline.replay);
    const moment = timeline.end?.moment ?? found?.moment ?? 0;
    if (found) return { stream, moment, failure: { ...found, moment }, replay: timeline.replay };
  }
  return undefined;
}

/** What ran in the other recording's passing cases; in all of it where it has none. */
function ranOf(session: Session): ReadonlyMap<string, Ran>[] {
  return session.recording.streams.flatMap((_, index) => {
    const traced = trace(session, index + 1);
    const whole = { first: 0, last: traced.timeline.end?.moment ?? 0 };
    const passing = passingCases(traced);
    return (passing.length > 0 ? passing : [whole]).map((each) => finished(ranIn(traced, each)));
  });
}

interface Shown {
  readonly suspect: Pick<Suspect, 'text' | 'score' | 'sentence' | 'moment' | 'spectrum' | 'change'> &
    Partial<Pick<Suspect, 'file' | 'untried' | 'broken'>>;
  readonly place: SourcePlace;
}

/** A file that could not be loaded is likelier than all that ran. */
function unreadable({ unreadable: file, failing }: Suspects, cwd: string): Shown[] {
  if (!file) return [];
  const spectrum = { failing, passing: 0, ochiai: 1, tarantula: 1 };
  const suspect = { text: '', score: 2, moment: undefined, spectrum, change: undefined };
  const sentence = `${unreadableSentence(file)}.`;
  const place = { path: path.resolve(cwd, file.path), line: file.line, column: 1, text: undefined };
  return [{ suspect: { ...suspect, sentence }, place }];
}

function toJson(
  session: Session,
  stream: number,
  failure: FailureView,
  answer: Suspects,
  shown: readonly Shown[],
  confirmations: ReadonlyMap<Shown, Confirmation>,
) {
  return {
    recording: session.recording.folder,
    failure: failureJson(failure),
    cases: { failing: answer.failing, passing: answer.passing },
    trials: { ...answer.trials, fault: answer.trials.fault ?? null },
    suspects: shown.map((each) => toSuspectJson(stream, each, confirmations.get(each))),
  };
}

function toSuspectJson(stream: number, { suspect, place }: Shown, confirmation: Confirmation | undefined) {
  return {
    place: placeJson(place),
    text: suspect.text,
    score: Number(suspect.score.toFixed(4)),
    sentence: suspect.sentence,
    moment: suspect.moment === undefined ? null : { stream, number: suspect.moment },
    spectrum: suspect.spectrum,
    broken: suspect.broken ? brokenJson(stream, suspect.broken) : null,
    change: suspect.change ? changeJson(suspect.change) : null,
    confirmation: confirmation ?? null,
  };
}

function brokenJson(stream: number, { what, confidence, moment }: Broken) {
  return { what, confidence: Number(confidence.toFixed(4)), moment: { stream, number: moment } };
}

function changeJson({ was, is, fixed, broken, others }: TriedChange) {
  return { was, is, fixed, broken, others };
}

function toLines(
  failure: FailureView,
  answer: Suspects,
  shown: readonly Shown[],
  isAllowed: boolean,
  confirmations: ReadonlyMap<Shown, Confirmation>,
  confirm: string | undefined,
): readonly string[] {
  const why = isAllowed
    ? answer.trials.fault
    : 'the recording was imported, and its code runs only with --allow-evaluate.';
  const which = answer.trials.failing > 0 ? 'In some failing cases changes' : 'Changes';
  const untried = why === undefined ? [] : [`${which} of the program could not be tried: ${why}`, ''];
  if (shown.length === 0) return [...failureLines(failure), '', 'No statement of the program ran before it.'];
  return [
    ...failureLines(failure),
    '',
    ...untried,
    ...shown.flatMap((each, index) => [
      `${index + 1}. ${displayPlace(each.place)}`,
      `     ${each.place.text?.trim() ?? each.suspect.text}`,
      `     ${each.suspect.sentence}`,
      ...(each.suspect.broken ? [`     ${each.suspect.broken.what}.`] : []),
      ...confirmationLines(confirmations.get(each), '     '),
    ]),
    ...(confirmations.size > 0 ? [] : ['', confirm === undefined ? UNCONFIRMED : UNCHANGED]),
  ];
}
