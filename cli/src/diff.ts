/** `hindcast diff`: where two runs first differ. Exits with 0 where they are alike, 1 where they differ, as diff(1) does. */
import path from 'node:path';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import {
  diffRecordings,
  type DiffTarget,
  type Edit,
  type EditPlace,
  type RecordingDiff,
  type StreamDiff,
} from '../../trace-runtime/src/analysis/diff.ts';
import type {
  Beside,
  ControlView,
  SideView,
  ValueView,
} from '../../trace-runtime/src/analysis/diff/difference-view.ts';
import type { InputDifference } from '../../trace-runtime/src/analysis/diff/input-log.ts';
import { displayPlace } from './display-place.ts';
import { placeJson } from './failure-view.ts';
import { flag, parse } from './options.ts';
import { formatCount, plural, printJson, printLines, table } from './output.ts';
import { openSession, type Session } from './session.ts';
import { ToldWork } from './told-progress.ts';

const INPUTS = 10;
const STACK = 10;

interface Named {
  readonly session: Session;
  readonly target: DiffTarget;
  /** moment at which what is compared begins */
  readonly first: number;
}

export async function diff(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { json: 'flag' }, 2);
  const [nameA, nameB] = parsed.positionals;
  if (nameA === undefined || nameB === undefined) throw usage('diff takes two recordings.');
  const [a, b] = [await named(nameA), await named(nameB)];
  const found = finish(diffRecordings(a.target, b.target));
  const sentence = sentenceOf(found, a, b);
  if (flag(parsed, 'json')) printJson(toJson(found, sentence, a, b));
  else printLines([sentence, ...detailsOf(found)]);
  return found.isAlike ? 0 : 1;
}

async function named(argument: string): Promise<Named> {
  const session = await openSession(argument);
  const { recording } = session;
  if (session.caseName === undefined) return { session, target: { recording }, first: 0 };
  const { stream, facts } = session.case();
  return { session, target: { recording, case: { stream, id: facts.id, last: facts.last } }, first: facts.first };
}

function finish(work: Generator<number, RecordingDiff>): RecordingDiff {
  const told = new ToldWork('Comparing…');
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      told.dispose();
      return step.value;
    }
    told.at({ done: step.value, of: 1 });
  }
}

/** The difference that comes first, of the first streams that differ. */
function firstOf({
  streams,
}: RecordingDiff): { readonly stream: StreamDiff; readonly view: ControlView | ValueView | undefined } | undefined {
  for (const stream of streams) {
    const { control, value, edits, exitCodes, calls } = stream;
    const view = value !== undefined && !(control !== undefined && control.events < value.events) ? value : control;
    const isOther = edits.length > 0 || exitCodes[0] !== exitCodes[1] || calls.onlyA > 0 || calls.onlyB > 0;
    if (view !== undefined || isOther) return { stream, view };
  }
  return undefined;
}

function sentenceOf(found: RecordingDiff, a: Named, b: Named): string {
  if (found.isUnrelated) {
    const program = ({ target: { recording } }: Named) =>
      path.basename(recording.streams[0]?.hello?.argv[1] ?? recording.folder);
    return `The recordings have no source file in common: A ran ${program(a)}, B ran ${program(b)}.`;
  }
  const { onlyA, onlyB } = found;
  const first = firstOf(found);
  if (first === undefined) {
    const calls = found.streams.reduce((sum, stream) => sum + stream.calls.alike + stream.calls.differ, 0);
    if (onlyA.length === 0 && onlyB.length === 0) {
      const isExact = found.streams.every(({ explained, inputs }) => explained === 0 && inputs.length === 0);
      return `Both runs are alike in ${plural(calls, 'call')}${isExact ? '' : '; only inputs differ'}.`;
    }
    const more = [
      ...onlyA.map((stream) => `A has stream ${stream}`),
      ...onlyB.map((stream) => `B has stream ${stream}`),
    ];
    return `Both runs are alike in ${plural(calls, 'call')}, but ${more.join(', ')}, which the other does not have.`;
  }
  const { stream, view } = first;
  const events = view === undefined ? undefined : Math.max(0, view.events - a.first);
  const alike = events === undefined || events === 0 ? '' : `Both runs are alike for ${plural(events, 'event')}; then `;
  const [edit] = stream.edits;
  if (view === undefined) {
    const edited = edit?.a ?? edit?.b;
    if (edited) return `The runs differ in ${displayPlace(edited.place)}, which was edited; nothing else differs.`;
    const [codeA, codeB] = stream.exitCodes;
    if (codeA !== codeB)
      return `A ended with exit code ${codeA ?? 'unknown'}, B with ${codeB ?? 'unknown'}; nothing else differs.`;
    return 'The runs made different calls.';
  }
  if (view.kind === 'value') return capital(`${alike}${valueText(view)}.`);
  return capital(`${alike}${controlText(view)}.`);
}

/** The first difference as a sentence, with its place in the later run; undefined where there is none. */
export function firstDifference(
  found: RecordingDiff,
): { readonly sentence: string; readonly place: SideView['place'] } | undefined {
  const first = firstOf(found);
  if (first === undefined) return undefined;
  const { stream, view } = first;
  if (view === undefined) {
    const place = stream.edits[0]?.b?.place ?? stream.edits[0]?.a?.place;
    return place && { sentence: `${displayPlace(place)} was edited`, place };
  }
  const text = view.kind === 'value' ? valueText(view) : controlText(view);
  return { sentence: text, place: view.b.place ?? view.a.place };
}

function valueText(view: ValueView): string {
  const where = view.a.place ? ` at ${displayPlace(view.a.place)}` : '';
  if (view.isIdentity) return `${view.what}${where} is not the same object in A as in B`;
  return `${view.what}${where} is ${view.valueA} in A and ${view.valueB} in B`;
}

function controlText({ goesA, goesB, a, b }: ControlView): string {
  const at = ({ place }: SideView) => (place ? ` at ${displayPlace(place)}` : '');
  return `A ${goesA}${at(a)}, and B ${goesB}${at(b)}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function detailsOf({ streams, isUnrelated }: RecordingDiff): readonly string[] {
  const lines: string[] = [];
  for (const stream of streams) {
    const { a, b, control, value, edits, inputs, calls, exitCodes, explained } = stream;
    if (streams.length > 1) lines.push('', `stream ${a} of A, stream ${b} of B`);
    if (!isUnrelated) {
      const views = [control, value].filter((view) => view !== undefined).sort((x, y) => x.events - y.events);
      for (const view of views) lines.push('', ...viewLines(view));
      if (edits.length > 0) lines.push('', 'edited lines that ran:', ...edits.flatMap(editLines));
    }
    lines.push(...inputLines(inputs));
    const counts = [
      `${formatCount(calls.alike)} alike`,
      `${formatCount(calls.differ)} differ`,
      `${formatCount(calls.onlyA)} only in A`,
      `${formatCount(calls.onlyB)} only in B`,
    ];
    lines.push('', `calls: ${counts.join(', ')}`);
    if (explained > 0) lines.push(`values that follow from inputs that always differ: ${formatCount(explained)}`);
    if (exitCodes[0] !== exitCodes[1])
      lines.push(`exit codes: ${exitCodes[0] ?? 'none'} in A, ${exitCodes[1] ?? 'none'} in B`);
  }
  return lines;
}

function editLines({ a, b }: Edit): readonly string[] {
  const lines = (name: string, edit: EditPlace | undefined) =>
    edit
      ? [`  ${name}  ${displayPlace(edit.place)}, moment ${edit.stream}:${edit.moment}`, ...sourceLine(edit.place)]
      : [];
  return [...lines('A', a), ...lines('B', b)];
}

function viewLines(view: ControlView | ValueView): readonly string[] {
  const lines = [
    `${view.kind === 'value' ? 'first difference in value' : 'first difference in control'}: ${view.kind === 'value' ? valueText(view) : controlText(view)}`,
  ];
  if (view.kind === 'value' && view.inputs.length > 0)
    lines.push(`  an input differs there: ${view.inputs.join(', ')}`);
  if (view.kind === 'control' && view.decision) {
    const { text, place, tested } = view.decision;
    lines.push(`  decided by \`${text}\`${place ? ` at ${displayPlace(place)}` : ''}`, ...besideLines(tested));
  }
  lines.push(...sideLines('A', view.a), ...sideLines('B', view.b));
  if (view.variables.length > 0) lines.push('  variables that differ:', ...besideLines(view.variables));
  return lines;
}

function sideLines(name: string, { stream, moment, place, stack }: SideView): readonly string[] {
  const where = place ? displayPlace(place) : 'no recorded code runs';
  const frames = table(stack.slice(0, STACK).map((frame) => ['', frame.functionName, displayPlace(frame.place)]));
  const more = stack.length > STACK ? [`    … ${stack.length - STACK} more`] : [];
  return [
    `  ${name}  ${where}, moment ${stream}:${moment}`,
    ...(place ? sourceLine(place) : []),
    ...frames.map((frame) => `    ${frame}`),
    ...more,
  ];
}

function sourceLine({
  line,
  text,
}: {
  readonly line: number | undefined;
  readonly text: string | undefined;
}): readonly string[] {
  return line === undefined || text === undefined || text.length > 300 ? [] : [`     ${line} | ${text}`];
}

function besideLines(list: readonly Beside[]): readonly string[] {
  const none = '‹not there›';
  return table([['name', 'A', 'B'], ...list.map(({ name, a, b }) => [name, a ?? none, b ?? none])]).map(
    (line) => `    ${line}`,
  );
}

function inputLines(inputs: readonly InputDifference[]): readonly string[] {
  if (inputs.length === 0) return [];
  const shown = inputs.slice(0, INPUTS).map(({ kind, subject, a, b, count }) => {
    const name = [kind, subject.replaceAll('\u0001', '')].filter(Boolean).join(' ');
    return [`  ${name}${count > 1 ? ` (${formatCount(count)})` : ''}`, short(a), short(b)];
  });
  const more = inputs.length > INPUTS ? [`  … ${inputs.length - INPUTS} more`] : [];
  return ['', 'inputs that differ:', ...table([['  input', 'A', 'B'], ...shown]), ...more];
}

function short(text: string | undefined): string {
  if (text === undefined) return '‹none›';
  const line = text.replaceAll('\u0001', '').replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function toJson(found: RecordingDiff, sentence: string, a: Named, b: Named): Readonly<Record<string, unknown>> {
  const name = ({ session: { recording, caseName } }: Named) => ({
    recording: recording.folder,
    case: caseName ?? null,
  });
  return {
    alike: found.isAlike,
    sentence,
    a: name(a),
    b: name(b),
    streams: found.streams.map(({ control, value, edits, inputs, exitCodes, ...rest }) => ({
      ...rest,
      control: control ? { ...viewJson(control), decision: decisionJson(control.decision) } : null,
      value: value ? viewJson(value) : null,
      edits: edits.map((edit) => ({ a: editJson(edit.a), b: editJson(edit.b) })),
      inputs: inputs.map((input) => ({ ...input, a: input.a ?? null, b: input.b ?? null })),
      exitCodes: exitCodes.map((code) => code ?? null),
    })),
    onlyA: found.onlyA,
    onlyB: found.onlyB,
    editedFiles: found.editedFiles.map((file) => file.replaceAll(/\u0001[^\u0001]*\u0001[\\/]?/g, '')),
  };
}

function editJson(edit: EditPlace | undefined) {
  return edit ? { ...edit, place: placeJson(edit.place) } : null;
}

function viewJson({ a, b, variables, ...rest }: ControlView | ValueView) {
  return { ...rest, a: sideJson(a), b: sideJson(b), variables: variables.map(besideJson) };
}

function decisionJson(decision: ControlView['decision']) {
  if (!decision) return null;
  const { text, place, tested } = decision;
  return { text, place: place ? placeJson(place) : null, tested: tested.map(besideJson) };
}

function besideJson({ name, a, b }: Beside) {
  return { name, a: a ?? null, b: b ?? null };
}

function sideJson({ place, stack, ...rest }: SideView) {
  const frames = stack.map((frame) => ({ functionName: frame.functionName, place: placeJson(frame.place) }));
  return { ...rest, place: place ? placeJson(place) : null, stack: frames };
}
