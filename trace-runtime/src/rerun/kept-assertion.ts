/**
 * Of a failed assertion outside of any test, in a script that checks by itself: whether the edit left it and the calls that
 * led to it as they were. Where there are tests, their texts are compared.
 */
import type { Failure, ThrowFrame } from '../query/failures.ts';
import { isAssertion, ownFrames, type Correspondence, type Spot } from './sameness.ts';

/** The first of its statements that was edited; undefined where none was, or it is no such failure. */
export function editedAssertion(failure: Failure, correspondence: Correspondence): Spot | undefined {
  if (failure.case !== undefined || !isAssertion(failure)) return undefined;
  for (const frame of ownFrames(failure)) {
    // what computes a value is the program's: a fix may be in it
    if (!CALL.test(correspondence.textThen(frame))) return undefined;
    const spot = correspondence.spot(frame);
    if (correspondence.isKept(spot.path, spot.failed) && isEdited(frame, spot, correspondence)) return spot;
  }
  return undefined;
}

/** A statement that only calls. */
const CALL = /^(?:await\s+|void\s+)?[\p{ID_Start}$_][\p{ID_Continue}$.]*\s*(?:\?\.)?\(/u;

function isEdited(frame: ThrowFrame, spot: Spot, correspondence: Correspondence): boolean {
  for (let line = spot.failed; line <= spot.endLine; line++)
    if (!correspondence.isSameLine(frame.file.path, line)) return true;
  return false;
}
