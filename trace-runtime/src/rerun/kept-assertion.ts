/**
 * Whether the edit left a failed assertion and the calls that led to it as they were: in a script that checks by itself, and in
 * the functions of their own by which scripts and tests check. The texts of tests are compared elsewhere.
 */
import { EXIT_CODE, isPrinted, type Failure } from '../query/failures.ts';
import type { ThrowFrame } from '../query/throw-origins.ts';
import { CALL, calls, ownChecks } from './own-check.ts';
import { calledName, rebound } from './replaced-assertion.ts';
import { isAssertion, ownFrames, type Correspondence, type Spot } from './sameness.ts';
import { topLevelCheck } from './top-level-check.ts';

/** The first of its statements that was edited or is gone; undefined where none was, or it is no such failure. */
export function editedAssertion(failure: Failure, correspondence: Correspondence): Spot | undefined {
  const frames = ownFrames(failure);
  const checks = ownChecks(frames, (frame) => correspondence.sourceThen(frame));
  const check = frames.slice(0, checks).find((frame) => !correspondence.isKeptFunction(frame));
  if (check) return correspondence.spot(check);
  const [innermost] = frames;
  const condition = innermost && topLevelCheck(innermost, correspondence.sourceThen(innermost));
  if (innermost && condition !== undefined && !correspondence.isKeptText(innermost.file.path, condition))
    return correspondence.spot(innermost);
  // of a test, the text from which it is called is compared
  if (failure.case !== undefined || (checks === 0 && !isAssertion(failure))) return undefined;
  for (const [index, frame] of frames.slice(checks).entries()) {
    // what computes a value is the program's: a fix may be in it
    if (!CALL.test(correspondence.textThen(frame))) return undefined;
    const callee = frames[checks + index - 1];
    // and what hands a value to the callback that checks it
    if (callee && !calls(frame, callee, correspondence.sourceThen(frame))) continue;
    const spot = correspondence.spot(frame);
    const isKept = correspondence.isKept(spot.path, spot.failed);
    if (isKept ? isEdited(frame, spot, correspondence) : index === 0 && checks > 0) return spot;
  }
  return undefined;
}

/** Of a test whose runner is not known: where it stands, if its text is no longer there. */
export function editedTest(failure: Failure, correspondence: Correspondence): Spot | undefined {
  const frame = isPrinted(failure) ? ownFrames(failure).at(-1) : undefined;
  if (!frame) return undefined;
  const { file, offset } = frame;
  const around = file.table.ops.flatMap((op) =>
    op.k === 'statement' && op.start <= offset && offset < op.end ? [op] : [],
  );
  const [start, end] = [Math.min(...around.map((op) => op.start)), Math.max(...around.map((op) => op.end))];
  const text = around.length > 0 ? correspondence.sourceThen(frame).slice(start, end) : '';
  return correspondence.isKeptText(file.path, text) ? undefined : correspondence.spot(frame);
}

/** Where something else was put in the place of what the failed assertion, or the exit that had failed, calls. */
export function replacedAssertion(
  failure: Failure,
  correspondence: Correspondence,
): { readonly path: string; readonly line: number } | undefined {
  const [frame] = ownFrames(failure);
  const statement = frame ? correspondence.textThen(frame) : '';
  const ends = failure.type === EXIT_CODE ? /^process\.exit(?=\()/.exec(statement)?.[0] : undefined;
  const name = isAssertion(failure) ? calledName(statement) : ends;
  if (!frame || name === undefined || correspondence.isGenerated(frame)) return undefined;
  for (const path of correspondence.edited) {
    const sources = correspondence.sources(path);
    const line = sources && rebound(name, sources.was, sources.is, path === frame.file.path);
    if (line !== undefined) return { path, line: Math.max(line, 1) };
  }
  return undefined;
}

function isEdited(frame: ThrowFrame, spot: Spot, correspondence: Correspondence): boolean {
  for (let line = spot.failed; line <= spot.endLine; line++)
    if (!correspondence.isSameLine(frame.file.path, line)) return true;
  return false;
}
