/** Verdicts as people and programs read them. */
import { failureTitle } from '../../trace-runtime/src/analysis/shown.ts';
import type { Validation } from '../../trace-runtime/src/rerun/validate.ts';
import type { Reason, RerunPlace } from '../../trace-runtime/src/rerun/verdict.ts';
import { displayPlace } from './display-place.ts';
import { firstDifference } from './diff.ts';
import { placeJson } from './failure-view.ts';
import type { Proved } from './validate.ts';

const SENTENCES = {
  fixed: 'Fixed',
  'still-failing': 'Still failing',
  'different-failure': 'A different failure',
  inconclusive: 'Inconclusive',
} as const;
const REASONS_SHOWN = 12;

export function toLines({ failure, validation }: Proved): readonly string[] {
  const { verdict, reasons, rerun } = validation;
  const name = failure.case?.name ?? failureTitle(failure);
  const shown = reasons.slice(0, REASONS_SHOWN).map(reasonLine);
  const more = reasons.length > REASONS_SHOWN ? [`  … and ${reasons.length - REASONS_SHOWN} more`] : [];
  const divergence = verdict === 'fixed' ? undefined : divergenceOf(validation);
  return [
    `${SENTENCES[verdict]}: ${name}`,
    ...shown,
    ...more,
    ...(divergence
      ? [
          `  first difference (A: recorded, B: now): ${divergence.sentence}${divergence.isEdited ? ', in edited code' : ''}`,
        ]
      : []),
    ...(rerun ? [`  rerun: ${rerun.folder}`] : []),
  ];
}

function reasonLine({ text, place }: Reason): string {
  return `  ${text}${place ? `, ${placeText(place)}` : ''}`;
}

function placeText({ path, line }: RerunPlace): string {
  return displayPlace({ path, line: line === 0 ? undefined : line, column: undefined, text: undefined });
}

/** Where the rerun first went another way, and whether that is where it was edited. */
function divergenceOf({ diff, isEditedAt }: Validation) {
  const first = diff && firstDifference(diff);
  if (first === undefined) return undefined;
  const { path, line } = first.place ?? {};
  return { ...first, isEdited: path !== undefined && line !== undefined && isEditedAt(path, line) };
}

export function toJson({ session, failure, validation }: Proved): Readonly<Record<string, unknown>> {
  const { verdict, reasons, rerun, unmatched, editedFiles, milliseconds } = validation;
  const divergence = divergenceOf(validation);
  return {
    recording: session.recording.folder,
    case: failure.case ? { id: failure.case.id, name: failure.case.name } : null,
    failure: { type: failure.type, message: failure.message, identity: failure.identity },
    verdict,
    reasons: reasons.map(({ code, text, place }) => ({ code, text, place: place ? { ...place, column: null } : null })),
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
