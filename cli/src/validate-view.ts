/** Verdicts as people and programs read them. */
import { failureTitle } from '../../trace-runtime/src/analysis/shown.ts';
import type { Failure } from '../../trace-runtime/src/query/failures.ts';
import type { Judged, Validation } from '../../trace-runtime/src/rerun/validate.ts';
import type { Reason, RerunPlace, VerdictName } from '../../trace-runtime/src/rerun/verdict.ts';
import { displayPath } from './display-place.ts';
import { firstDifference } from './diff.ts';
import { placeJson } from './failure-view.ts';
import type { Proved } from './prove.ts';

const SENTENCES = {
  fixed: 'Fixed',
  'still-failing': 'Still failing',
  'different-failure': 'A different failure',
  inconclusive: 'Inconclusive',
} as const;
const REASONS_SHOWN = 12;

export function toLines({ validation }: Proved): readonly string[] {
  const { verdict, judged, rerun } = validation;
  const divergence = divergenceOf(validation);
  const edited = divergence?.isEdited ? ', in edited code' : '';
  const lines = judged.length === 1 ? oneFailure(judged[0]!) : severalFailures(verdict, judged);
  return [
    ...lines,
    ...(divergence ? [`  first difference (A: recorded, B: now): ${divergence.sentence}${edited}`] : []),
    ...(rerun ? [`  rerun: ${rerun.folder}`] : []),
  ];
}

function oneFailure({ failure, verdict, reasons }: Judged): readonly string[] {
  return [`${SENTENCES[verdict]}: ${nameOf(failure)}`, ...shownReasons(reasons, '  ')];
}

function severalFailures(worst: VerdictName, judged: readonly Judged[]): readonly string[] {
  const fixed = judged.filter(({ verdict }) => verdict === 'fixed').length;
  const count =
    fixed === judged.length ? `all ${judged.length} failures` : `${fixed} of ${judged.length} failures are fixed`;
  return [
    `${SENTENCES[worst]}: ${count}`,
    ...judged.flatMap(({ failure, verdict, reasons }) => [
      `  ${SENTENCES[verdict].toLowerCase()}: ${nameOf(failure)}`,
      ...(verdict === 'fixed' ? [] : shownReasons(reasons, '    ')),
    ]),
  ];
}

function nameOf(failure: Failure): string {
  return failure.case?.name ?? failureTitle(failure);
}

function shownReasons(reasons: readonly Reason[], indent: string): readonly string[] {
  const more = reasons.length - REASONS_SHOWN;
  const lines = reasons.slice(0, REASONS_SHOWN).map((reason) => indent + reasonLine(reason));
  return more > 0 ? [...lines, `${indent}… and ${more} more`] : lines;
}

function reasonLine({ text, place }: Reason): string {
  return `${text}${place ? `, ${placeText(place)}` : ''}`;
}

function placeText({ path, line }: RerunPlace): string {
  return line === 0 ? displayPath(path) : `${displayPath(path)}:${line}`;
}

/** Where the rerun first went another way, and whether that is where it was edited. */
function divergenceOf({ diff, isEditedAt }: Validation) {
  const first = diff && firstDifference(diff);
  if (first === undefined) return undefined;
  const { path, line } = first.place ?? {};
  return { ...first, isEdited: path !== undefined && line !== undefined && isEditedAt(path, line) };
}

export function toJson({ session, validation }: Proved): Readonly<Record<string, unknown>> {
  const { verdict, judged, rerun, unmatched, editedFiles, milliseconds } = validation;
  const divergence = divergenceOf(validation);
  const [first] = judged;
  const cases = judged.map((each) => ({
    case: each.failure.case ? { id: each.failure.case.id, name: each.failure.case.name } : null,
    failure: { type: each.failure.type, message: each.failure.message, identity: each.failure.identity },
    verdict: each.verdict,
    reasons: each.reasons.map(({ code, text, place }) => ({
      code,
      text,
      place: place ? { ...place, column: null } : null,
    })),
  }));
  return {
    recording: session.recording.folder,
    verdict,
    reasons: cases.find((each) => each.verdict === verdict)?.reasons ?? first?.reasons ?? [],
    cases,
    unmatched: unmatched.map(({ kind, what, file, line }) => ({ kind, what, path: file ?? null, line: line ?? null })),
    divergence: divergence
      ? {
          sentence: divergence.sentence,
          place: divergence.place ? placeJson(divergence.place) : null,
          edited: divergence.isEdited,
        }
      : null,
    editedFiles,
    rerun: rerun?.folder ?? null,
    milliseconds: Math.round(milliseconds),
  };
}
