/** Failures as people and programs read them. */
import { failureTitle, ownFrame } from '../../trace-runtime/src/analysis/shown.ts';
import { EXIT_CODE, NOT_OK } from '../../trace-runtime/src/query/failures.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import type { Places, SourcePlace } from '../../trace-runtime/src/query/source-places.ts';
import { displayPlace } from './display-place.ts';
import type { FoundFailure } from './session.ts';
import { isModuleBody, shownFunction } from '../../trace-runtime/src/query/shown-function.ts';

export interface FailureView {
  readonly kind: string;
  readonly type: string;
  readonly message: string;
  readonly stream: number;
  readonly moment: number;
  /** where it was thrown, in the user's code where there is any of it on the stack */
  readonly place: SourcePlace | undefined;
  readonly functionName: string;
  /** the same for people, who see what has no name */
  readonly shownFunction: string;
  /** recorded frames at the throw, innermost first */
  readonly stack: readonly { readonly functionName: string; readonly isModule: boolean; readonly place: SourcePlace }[];
  readonly case: { readonly id: number; readonly name: string } | undefined;
  readonly identity: string;
}

export function failureView({ failure, stream, moment, replay }: FoundFailure, places: Places): FailureView {
  const reader = new StateReader(replay);
  const frame = ownFrame(failure);
  return {
    kind: failure.kind,
    type: failure.type,
    message: failure.message,
    stream,
    moment,
    place: frame && places.of(reader, frame.file, frame.offset),
    functionName: frame?.functionName ?? '',
    shownFunction: shownFunction(frame?.functionName ?? '', isModuleBody(frame?.file, frame?.offset ?? -1)),
    stack: failure.frames.map(({ functionName, file, offset }) => ({
      functionName,
      isModule: isModuleBody(file, offset),
      place: places.of(reader, file, offset),
    })),
    case: failure.case && { id: failure.case.id, name: failure.case.name },
    identity: failure.identity,
  };
}

export function failureJson(view: FailureView) {
  const { place, stack, case: inCase, shownFunction: _, ...rest } = view;
  const frames = stack.map((frame) => ({ ...frame, place: placeJson(frame.place) }));
  return { ...rest, place: place ? placeJson(place) : null, stack: frames, case: inCase ?? null };
}

export function placeJson({ path, line, column }: SourcePlace) {
  return { path, line: line ?? null, column: column ?? null };
}

const WHAT: Readonly<Record<string, string>> = {
  rejection: ' (unhandled rejection)',
};
const CAUGHT = ' (caught; the program ended with an exit code for it)';

export function failureLines(view: FailureView): readonly string[] {
  const isCaught = view.kind === 'exit' && view.type !== EXIT_CODE && view.type !== NOT_OK;
  const what = isCaught ? CAUGHT : (WHAT[view.kind] ?? '');
  const where = view.place
    ? `at ${view.shownFunction} (${displayPlace(view.place)})`
    : 'at a place that was not recorded';
  return [
    `${failureTitle(view)}${what}`,
    `    ${where}, moment ${view.stream}:${view.moment}`,
    ...(view.case ? [`    in case ${view.case.id}: ${view.case.name}`] : []),
  ];
}
