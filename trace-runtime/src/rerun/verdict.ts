/**
 * What a rerun showed. `fixed` needs all of: the case ran to its end with its tests unchanged; it came by where it had
 * failed; no such error was met, caught or not; nothing fails that did not fail before; a clean exit. Whatever leaves a
 * doubt makes it `inconclusive`, and says why.
 */
import { firstLine } from '../base/first-line.ts';
import type { UnmatchedCall } from '../model/recorded-world.ts';
import { EXIT_CODE, messageShape, type Failure } from '../query/failures.ts';
import { UNFINISHED } from '../analysis/suspects.ts';
import { Outcome } from '../wire/words.ts';
import type { MetError, Observed } from './observe.ts';
import { isBehindCut, ranEdited } from './cut-off.ts';
import { causeMetAgain, isOne, thrownAgainApart } from './causes.ts';
import { editedAssertion, editedTest, replacedAssertion } from './kept-assertion.ts';
import { failingStatement, silencedError } from './silenced-error.ts';
import { isHookCase, isTestOfHook } from './hook-cases.ts';
import { markedAgain } from './marked.ts';
import { isAssertion, isSameFailure, ownFrames, type Correspondence, type Spot } from './sameness.ts';
import type { VerdictName } from './verdict-name.ts';

export { VERDICTS, type VerdictName } from './verdict-name.ts';

export interface RerunPlace {
  readonly path: string;
  readonly line: number;
  /** of the loaded text, from 1: many lines as written may be one there */
  readonly column?: number;
}

export interface Reason {
  readonly code:
    | 'same-failure'
    | 'other-failure'
    | 'new-failure'
    | 'passes'
    | 'case-missing'
    | 'case-skipped'
    | 'case-unfinished'
    | 'test-edited'
    | 'not-reached'
    | 'error-removed'
    | 'met-again'
    | 'exit-code'
    | 'exits-early'
    | 'unmatched'
    | 'timeout'
    | 'secret'
    | 'not-changed'
    | 'nothing-edited'
    | 'cut-off'
    | 'no-recording';
  readonly text: string;
  /** in the sources of the rerun, but for what is not in them any more */
  readonly place?: RerunPlace;
}

export interface Verdict {
  readonly verdict: VerdictName;
  readonly reasons: readonly Reason[];
}

export interface RerunFacts {
  readonly failure: Failure;
  /** the failing run, in the failing case where there is one */
  readonly before: Observed;
  readonly after: Observed;
  readonly correspondence: Correspondence;
  readonly unmatched: readonly UnmatchedCall[];
  readonly missingSecrets: readonly string[];
  /** milliseconds after which it was stopped */
  readonly stoppedAfter: number | undefined;
  /** a server, told to end after all recorded requests were answered */
  readonly isToldToEnd: boolean;
  /** none of the texts that were to be changed was loaded */
  readonly isUnchanged: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export function judge(facts: RerunFacts): Verdict {
  const { failure, after, correspondence, unmatched } = facts;
  const doubts = doubtsOf(facts);
  if (facts.missingSecrets.length > 0 || facts.isUnchanged) return { verdict: 'inconclusive', reasons: doubts };
  const marked = failure.mark && markedAgain(failure.mark, facts);
  if (marked?.code === 'same-failure') return { verdict: 'still-failing', reasons: [marked] };
  const same = after.failures.find((each) => isSameFailure(failure, each.failure, correspondence));
  if (same) {
    const place = placeOf(same.failure, correspondence);
    return { verdict: 'still-failing', reasons: [{ code: 'same-failure', text: 'it fails as it did', ...place }] };
  }
  const fresh = after.failures.filter(({ failure: found }) => !wasThere(facts, found));
  if (fresh.length > 0 && facts.stoppedAfter === undefined) {
    const reasons = fresh.map(({ failure: found }) => failureReason(failure, found, correspondence));
    const cut = fresh.every((each) => isBehindCut(each, facts)) ? [CUT_OFF] : [];
    return cut.length > 0 || doubts.some(({ code }) => code === 'unmatched')
      ? { verdict: 'inconclusive', reasons: [...cut, ...doubts, ...reasons] }
      : { verdict: 'different-failure', reasons };
  }
  if (marked?.code === 'other-failure') return { verdict: 'different-failure', reasons: [marked] };
  const unshown = (): Reason[] => (marked ? [marked].filter(({ code }) => code !== 'passes') : hidden(facts));
  const all = [...doubts, ...(facts.stoppedAfter === undefined ? unshown() : [])];
  if (all.length > 0) return { verdict: 'inconclusive', reasons: all };
  if (marked) return { verdict: 'fixed', reasons: [marked] };
  const what = failure.case ? `${failure.case.name} passes` : 'it runs to its end';
  const served = unmatched.length === 0 ? ' on the recorded input' : '';
  return { verdict: 'fixed', reasons: [{ code: 'passes', text: `${what}${served}` }] };
}

const CUT_OFF: Reason = {
  code: 'cut-off',
  text: 'the recording was cut off before that: whether it had done the same then is not known',
};

/** A process ended with an exit code that it gave itself, and nothing failed in it: what that means is up to who started it. */
export function isPlainExit({ kind, value, type }: Failure): boolean {
  return kind === 'exit' && value === undefined && type === EXIT_CODE;
}

/** The recorded run did not end by itself. */
export function isHang({ type, value, frames }: Failure): boolean {
  return type === UNFINISHED && value === undefined && frames.length === 0;
}

/** What makes any verdict but that it still fails doubtful. */
function doubtsOf({ unmatched, missingSecrets, stoppedAfter, isUnchanged, after }: RerunFacts): Reason[] {
  const reasons: Reason[] = [];
  if (isUnchanged)
    reasons.push({ code: 'not-changed', text: 'the code to change is another one now than was recorded' });
  // where a file cannot be instrumented, it runs as it is, and the ledger says why
  if (after.ends.every(({ files }) => files.length === 0))
    reasons.push({
      code: 'no-recording',
      text: 'none of the code was recorded this time (hindcast info RERUN says why)',
    });
  if (stoppedAfter !== undefined)
    reasons.push({
      code: 'timeout',
      text: `it did not end and was stopped after ${(stoppedAfter / 1000).toFixed(0)} s`,
    });
  for (const name of missingSecrets)
    reasons.push({ code: 'secret', text: `the secret ${name} is not in the environment` });
  for (const { kind, what, file, line, isOfPeer } of unmatched) {
    const place = file === undefined ? {} : { place: { path: file, line: line ?? 0 } };
    const remedy = isOfPeer ? 'record it again with the edit' : `--live ${kind} lets it`;
    reasons.push({ code: 'unmatched', text: `nothing recorded answers ${what} (${remedy})`, ...place });
  }
  return reasons;
}

/** A failure of another case that failed before, too: it has a verdict of its own. */
function wasThere({ failure: own, before, correspondence }: RerunFacts, found: Failure): boolean {
  const name = found.case?.name;
  if (
    name !== undefined &&
    name !== own.case?.name &&
    before.failures.some(({ failure }) => failure.case?.name === name)
  )
    return true;
  return before.failures.some(({ failure }) => isSameFailure(failure, found, correspondence));
}

function failureReason(recorded: Failure, found: Failure, correspondence: Correspondence): Reason {
  const title = [found.type, firstLine(found.message)].filter(Boolean).join(': ');
  const inCase = found.case ? ` in ${found.case.name}` : '';
  const isOwn = found.case?.name === recorded.case?.name;
  const place = placeOf(found, correspondence);
  return { code: isOwn ? 'other-failure' : 'new-failure', text: `fails with ${title}${isOwn ? '' : inCase}`, ...place };
}

function placeOf(failure: Failure, correspondence: Correspondence): { place?: RerunPlace } {
  const [frame] = ownFrames(failure);
  if (!frame) return {};
  const line = correspondence.spotNow(frame).failed;
  return { place: { path: frame.file.path, line, column: correspondence.columnNow(frame) } };
}

/** Why a run without the failure does not prove that it is mended. */
function hidden(facts: RerunFacts): Reason[] {
  const { correspondence, failure } = facts;
  if (correspondence.edited.length === 0)
    return [
      { code: 'nothing-edited', text: 'it passes, but no source was edited: the recording did not make it fail again' },
    ];
  if (isHang(failure) && !ranEdited(facts))
    return [{ code: 'cut-off', text: 'it ends, but by no code that was edited: the recording was cut off before' }];
  const edited = editedAssertion(failure, correspondence);
  if (edited) return [{ code: 'test-edited', text: 'the assertion that had failed was edited', place: at(edited) }];
  const replaced = replacedAssertion(failure, correspondence);
  if (replaced) return [{ code: 'test-edited', text: 'what the failed assertion calls was replaced', place: replaced }];
  const test = editedTest(failure, correspondence);
  if (test) return [{ code: 'test-edited', text: 'the test itself was edited', place: at(test) }];
  const silenced = silencedReasons(facts);
  if (silenced.length > 0) return silenced;
  const inCase = failure.case === undefined ? [] : caseReasons(facts);
  if (inCase.length > 0) return inCase;
  return [...reachReasons(facts), ...metReasons(facts), ...exitReasons(facts), ...earlyExits(facts)];
}

function caseReasons({ failure, after, before, correspondence }: RerunFacts): Reason[] {
  const name = failure.case!.name;
  // a hook that fails no more is no case
  const own = isHookCase(name)
    ? after.cases.find(({ facts: { kind, name: test } }) => kind === 'test' && isTestOfHook(name, test))
    : after.case;
  if (!own) return [{ code: 'case-missing', text: `there is no test ${name} any more` }];
  const { facts } = own;
  const place = { place: { path: facts.file, line: facts.line } };
  if (facts.outcome === undefined || facts.outcome === Outcome.unfinished)
    return [{ code: 'case-unfinished', text: `${name} did not come to its end`, ...place }];
  if (facts.outcome === Outcome.skipped) return [{ code: 'case-skipped', text: `${name} was skipped`, ...place }];
  const edited = [...before.testTexts].find(([text]) => !after.testTexts.has(text))?.[1];
  if (edited)
    return [
      { code: 'test-edited', text: 'the test itself was edited', place: { path: edited.path, line: edited.line } },
    ];
  const hook = [...after.testTexts].some(([text, { isHook }]) => isHook && !before.testTexts.has(text));
  if (hook) return [{ code: 'test-edited', text: 'what runs around the test was edited' }];
  const unknown = before.testTexts.size === 0 ? correspondence.edited.find((path) => TEST_FILE.test(path)) : undefined;
  if (unknown !== undefined)
    return [
      {
        code: 'test-edited',
        text: 'a test was edited, and what it was is not known',
        place: { path: unknown, line: 1 },
      },
    ];
  const { file } = before.case?.facts ?? facts;
  const [removed, added] = [
    topLevelEdit(before, after, file, correspondence),
    topLevelEdit(after, before, file, correspondence, DECLARATION),
  ];
  const text = 'what the test stands on was edited';
  if (removed !== undefined) return [{ code: 'test-edited', text, place: { path: file, line: removed } }];
  return added === undefined ? [] : [{ code: 'test-edited', text }];
}

/** A script that no test looks at says by its error alone that something is wrong. */
function silencedReasons({ failure, after, correspondence }: RerunFacts): Reason[] {
  if (failure.case !== undefined) return [];
  const [thrower, caller] = ownFrames(failure);
  const frame = correspondence.madeAt(failure) ?? thrower;
  const sources = frame && correspondence.sources(frame.file.path);
  const silence = frame && sources && silencedError(frame, { ...sources, isCalled: caller !== undefined });
  if (!frame || !silence) return [];
  const { path } = frame.file;
  const line = sources.is.slice(0, silence.offset).split('\n').length;
  if (silence.isStatement && !after.lines.get(path)?.has(line)) return [];
  const text = silence.isStatement
    ? 'the error is not made any more, but what led to it is still so'
    : 'the error was taken out, and nothing else was changed where it stood: whether anything is mended is not known';
  return [{ code: 'error-removed', text, place: { path, line } }];
}

const TEST_FILE =
  /(?:^|[\\/])(?:tests?|specs?|__tests__)[\\/]|[._-](?:test|spec)s?\.[cm]?[jt]sx?$|(?:^|[\\/])test\.[cm]?[jt]s$/;
/** Also as bundlers write the call of what was imported. */
const SUITE =
  /^(?:await )?(?:\(0, ?)?(?:[\w$]+\.)*(?:test|it|describe|suite|context)\b|^(?:import\b|const [^=]*= (?:await import|require)\b)/;

/** What a file may have more without another meaning of what was there: what is declared, imported or exported. */
const DECLARATION =
  /^(?:(?:import|export|const|let|var|function|async function|class|enum|type|interface|namespace)\b|['"`;]|(?:module\.)?exports\b|Object\.defineProperty\(\s*\w*exports\b)/;

/** Line of a statement of `a`'s test file, outside tests and functions, that `b`'s has not. `but`: not of these. */
function topLevelEdit(
  a: Observed,
  b: Observed,
  path: string,
  correspondence: Correspondence,
  but = /^$/,
): number | undefined {
  if (!TEST_FILE.test(path) || !correspondence.isEdited(path)) return undefined;
  const fileOf = ({ ends }: Observed) => ends.flatMap((end) => end.files).find((file) => file.path === path);
  const [fileA, fileB] = [fileOf(a), fileOf(b)];
  const [textA, textB] = [fileA && a.recording.source(fileA.hash), fileB && b.recording.source(fileB.hash)];
  if (!fileA || textA === undefined || textB === undefined) return undefined;
  const plainB = squeeze(textB);
  let end = 0;
  for (const op of fileA.table.ops) {
    if (op.k !== 'statement' || op.start < end || op.start < fileA.table.functions[0]!.start) continue;
    end = op.end;
    const text = squeeze(textA.slice(op.start, op.end));
    if (
      !SUITE.test(text) &&
      !but.test(text) &&
      !/^(?:console\.(?:log|debug|info))/.test(text) &&
      !plainB.includes(text)
    )
      return textA.slice(0, op.start).split('\n').length;
  }
  return undefined;
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The run has to come by where it had failed. */
function reachReasons(facts: RerunFacts): Reason[] {
  const { failure, after, correspondence } = facts;
  if (isHang(failure)) return [];
  const frames = ownFrames(failure);
  const spots = correspondence.spots(frames);
  const [site, ...callers] = spots;
  if (!site) return [];
  if (failure.type === EXIT_CODE && !correspondence.isKept(site.path, site.failed))
    return [{ code: 'not-reached', text: 'what gave the exit code is not there any more', place: at(site) }];
  const isStrict = failure.case === undefined || isAssertion(failure);
  const wanted = site.line === 0 ? callers : spots;
  const decides = wanted[0] ?? site;
  const standing = wanted.find((spot) => correspondence.isKept(spot.path, spot.line));
  if (!standing)
    return [{ code: 'not-reached', text: 'nothing of the code that failed is there any more', place: at(site) }];
  if (isStrict && standing === site && isPassedOver(facts, site)) return [notReached(site)];
  if (isReached(standing, after, correspondence)) {
    if (isStrict && standing !== decides && !goesOn(decides, after, correspondence)) return [notReached(decides)];
    return [];
  }
  if (
    !isStrict &&
    (isEntered(standing, after, correspondence) || isAnyReached(callers, after, correspondence) === 'edited')
  )
    return [];
  return [notReached(standing)];
}

/** The failing statement stands there as it did, and did not run: the edit put a condition before it, on its line perhaps. */
function isPassedOver({ failure, after, correspondence }: RerunFacts, { path, isItself }: Spot): boolean {
  const [frame] = ownFrames(failure);
  const text = frame && isItself ? correspondence.statementThen(frame) : '';
  if (!frame || text === '' || !correspondence.isEdited(path)) return false;
  return correspondence.hasStatement(path, text) && after.lineOf(path, text) === undefined;
}

function notReached(spot: Spot): Reason {
  return { code: 'not-reached', text: `it passes, but never came to the code that had failed`, place: at(spot) };
}

function at({ path, failed }: Spot): RerunPlace {
  return { path, line: failed };
}

function isReached({ path, line }: Spot, { lines }: Observed, correspondence: Correspondence): boolean {
  for (const each of lines.get(path)?.keys() ?? []) if (correspondence.recordedLine(path, each) === line) return true;
  return false;
}

function isEntered(spot: Spot, after: Observed, correspondence: Correspondence): boolean {
  const [first, last] = spot.functionLines;
  if (spot.functionName !== '' && after.entered.has(`${spot.path} ${spot.functionName}`)) return true;
  for (const each of after.lines.get(spot.path)?.keys() ?? []) {
    const line = correspondence.recordedLine(spot.path, each);
    if (first <= line && line <= last) return true;
  }
  return false;
}

/** 'edited': where the function of the failing statement is gone, its caller came by. */
function isAnyReached(callers: readonly Spot[], after: Observed, correspondence: Correspondence): 'edited' | undefined {
  const [caller] = callers;
  return caller &&
    correspondence.isEdited(caller.path) &&
    !correspondence.isKept(caller.path, caller.line) &&
    isEntered(caller, after, correspondence)
    ? 'edited'
    : undefined;
}

/** Where the failing statement was edited away, what stands behind it in its function has to run, if there is anything. */
function goesOn(site: Spot, after: Observed, correspondence: Correspondence): boolean {
  const [, last] = site.functionLines;
  const behind = new Set<number>();
  for (let line = site.endLine + 1; line <= last; line++) if (correspondence.isKept(site.path, line)) behind.add(line);
  if (behind.size === 0) return isEntered(site, after, correspondence);
  for (const each of after.lines.get(site.path)?.keys() ?? [])
    if (behind.has(correspondence.recordedLine(site.path, each))) return true;
  return false;
}

/** No error of that identity may be met, caught or not. */
function metReasons(facts: RerunFacts): Reason[] {
  const { failure, before, after, correspondence } = facts;
  const [frame] = ownFrames(failure);
  const site = frame && correspondence.spot(frame);
  if (isHang(failure)) return [];
  const met = after.errors.find((error) => isSuch(error, failure, site)) ?? thrownAgainApart(failure, before, after);
  if (met) {
    const what = [failure.type, firstLine(failure.message)].filter(Boolean).join(': ');
    const text = `${what} is still ${met.isThrown ? 'thrown, and caught' : 'met, and kept from failing it'}`;
    return [{ code: 'met-again', text, place: { path: met.path, line: met.line } }];
  }
  const cause = causeMetAgain(failure, before, after);
  if (cause) {
    const what = `${cause.type}, which led to the ${failure.type},`;
    const place = { path: cause.path, line: cause.line };
    return [{ code: 'met-again', text: `${what} is still met, and kept from failing it`, place }];
  }
  const unnamed = isUnnamed(failure) && after.errors.find((error) => isCaughtThere(error, facts));
  if (unnamed) {
    const text = `${unnamed.type} is met where it had failed, and kept from failing it`;
    return [{ code: 'met-again', text, place: { path: unnamed.path, line: unnamed.line } }];
  }
  const made = correspondence.madeAt(failure) ?? (failure.type === EXIT_CODE ? frame : undefined);
  const statement = made && !isAssertion(failure) && failingStatement(made, correspondence.sourceThen(made));
  const line = made && statement && after.lineOf(made.file.path, statement);
  if (line) {
    const what =
      failure.type === EXIT_CODE ? 'the exit code is still given' : 'the error that it failed with is still made';
    const place = { path: made.file.path, line };
    return [{ code: 'met-again', text: `${what}, and kept from failing it`, place }];
  }
  const left = after.left.find(
    ({ path, line }) => site?.path === path && correspondence.recordedLine(path, line) === site.failed,
  );
  if (left && !isAssertion(failure)) {
    const place = { path: left.path, line: left.line };
    return [{ code: 'met-again', text: 'the line that had failed still throws, and it is caught', place }];
  }
  const caught = after.errors.find((error) => isMistake(error) && isKeptIn(error, facts));
  if (!caught) return [];
  const text = `a ${caught.type} that left this code before is caught in it now`;
  return [{ code: 'met-again', text, place: { path: caught.path, line: caught.line } }];
}

/** Made by the engine for the program's own code, and not by what that called or threw. */
function isMistake({ type, stackText, isThrown }: MetError): boolean {
  if (isThrown || (type !== 'TypeError' && type !== 'ReferenceError')) return false;
  const [, inner] = stackText.split(/\n +at /);
  return inner === undefined || !/node:internal|<anonymous>\)?$/.test(inner);
}

/** One that no code caught before, in a function that was left by a throw: code that is not recorded saw to that. */
function isKeptIn(error: MetError, { before, correspondence }: RerunFacts): boolean {
  if (isKnown(error, before)) return false;
  const at = correspondence.recordedLine(error.path, error.line);
  return before.left.some(({ path, functionName, functionLines: [first, last] }) => {
    if (path !== error.path) return false;
    return at === 0 ? functionName === error.functionName : first <= at && at <= last;
  });
}

function isKnown(error: MetError, { errors }: Observed): boolean {
  return errors.some((each) => isOne(each, error));
}

/** A request that was answered with a status that says so: what error it was, its framework alone knew. */
function isUnnamed({ kind, value, case: facts }: Failure): boolean {
  return kind === 'case' && value === undefined && facts?.kind === 'request';
}

/** One that no code caught before, in a function through which the failing one had gone. */
function isCaughtThere(error: MetError, { failure, before, correspondence }: RerunFacts): boolean {
  if (error.isThrown || isKnown(error, before)) return false;
  const at = correspondence.recordedLine(error.path, error.line);
  return correspondence.spots(ownFrames(failure)).some(({ path, functionName, functionLines: [first, last] }) => {
    if (path !== error.path) return false;
    return at === 0 ? functionName === error.functionName : first <= at && at <= last;
  });
}

function isSuch(error: MetError, failure: Failure, site: Spot | undefined): boolean {
  if (error.type !== failure.type) return false;
  if (error.isMessageKnown && error.shape !== messageShape(failure.message)) return false;
  if (!site) return true;
  return error.path === site.path || error.stackText.includes(site.path) || error.stackText === '';
}

function exitReasons({ exitCode, signal, after, isToldToEnd }: RerunFacts): Reason[] {
  const hasFailed = after.failures.some(({ failure }) => !isPlainExit(failure));
  if (exitCode === 0 || hasFailed || (isToldToEnd && signal === 'SIGTERM')) return [];
  const how = signal === null ? `exit code ${exitCode}` : signal;
  return [{ code: 'exit-code', text: `it ended with ${how}` }];
}

/** What would still have come, and whether it fails, is not known. What failed by its exit code has to exit otherwise. */
function earlyExits({ failure, after, correspondence }: RerunFacts): Reason[] {
  if (failure.case !== undefined) return [];
  const [frame] = failure.type === EXIT_CODE ? ownFrames(failure) : [];
  if (failure.type === EXIT_CODE && !(frame && LITERAL_EXIT.test(correspondence.textThen(frame)))) return [];
  for (const { exitCode, stack } of after.ends) {
    const last = exitCode === undefined ? undefined : stack.at(-1);
    const place = last && correspondence.editedPlace(last);
    if (!place) continue;
    if (!frame) return [{ code: 'exits-early', text: 'it ends by an exit that was put there', place }];
    if (
      place.path === frame.file.path &&
      correspondence.recordedLine(place.path, place.line) === correspondence.spot(frame).failed
    )
      return [
        { code: 'exit-code', text: 'it ends where it had ended, by another exit code that was put there', place },
      ];
  }
  return [];
}

/** Whoever comes by has failed, whatever the code is. */
const LITERAL_EXIT = /^process\.exit\(\s*\d+\s*\)/;
