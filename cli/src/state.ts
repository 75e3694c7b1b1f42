/** `hindcast state`: the stack and the values of all scopes at a moment. */
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import type { StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { StateReader, type FrameState, type ScopeState } from '../../trace-runtime/src/query/state.ts';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { failureJson, failureLines, failureView, placeJson, type FailureView } from './failure-view.ts';
import { jsonValues } from '../../trace-runtime/src/query/json-value.ts';
import { flag, parse, text } from './options.ts';
import { printJson, printLines } from './output.ts';
import { Places, type SourcePlace } from '../../trace-runtime/src/query/source-places.ts';
import { displayPlace } from './display-place.ts';
import { shownFunction } from '../../trace-runtime/src/query/shown-function.ts';
import { valuePrinter, type ValuePrinter } from '../../trace-runtime/src/query/print-value.ts';
import { openSession, type Session } from './session.ts';

interface Frame {
  readonly state: FrameState;
  /** the body of a file, not a function */
  readonly isModule: boolean;
  readonly place: SourcePlace;
}

export async function state(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { json: 'flag', at: 'text', depth: 'text' }, 1);
  const session = await openSession(parsed.positionals[0]);
  const depth = Number(text(parsed, 'depth') ?? 3);
  if (!Number.isInteger(depth) || depth < 0) throw usage('--depth takes a number from 0.');

  const place = session.place(text(parsed, 'at') ?? defaultMoment(session));
  const places = new Places(session.recording);
  const failure = place.failure && failureView(place.failure, places);
  const replay = session.replayTo(place);
  const reader = new StateReader(replay, (hash) => session.recording.types(hash));
  const frames = framesOf(replay, reader, places);
  if (flag(parsed, 'json')) printJson(toJson(session, place.stream, replay, reader, frames, failure));
  else printLines(toLines(place.stream, replay, frames, failure, valuePrinter(reader, depth)));
  return 0;
}

function defaultMoment(session: Session): string {
  return session.failures().length > 0 ? 'failure' : 'end';
}

/** Innermost first. */
function framesOf(replay: StreamReplay, reader: StateReader, places: Places): readonly Frame[] {
  return replay.stack
    .map((activation: Activation) => {
      const frame = reader.frame(activation);
      const isModule = activation.site.kind === 'module';
      return { state: frame, isModule, place: places.of(reader, activation.file, frame.start) };
    })
    .reverse();
}

function toJson(
  { recording }: Session,
  stream: number,
  replay: StreamReplay,
  reader: StateReader,
  frames: readonly Frame[],
  failure: FailureView | undefined,
) {
  const values = jsonValues(reader);
  const scopeJson = ({ kind, variables }: ScopeState) => ({
    kind,
    variables: variables.map((variable) => ({ ...variable, value: values.value(variable.value) })),
  });
  return {
    recording: recording.folder,
    moment: { stream, number: replay.moment },
    failure: failure ? failureJson(failure) : null,
    stack: frames.map(({ state: frame, place }) => ({
      function: frame.functionName,
      call: frame.call,
      place: placeJson(place),
      this: values.value(frame.this),
      scopes: frame.scopes.map(scopeJson),
    })),
    modules: modulesOf(replay, frames, reader).map(({ path, scopes }) => ({ path, scopes: scopes.map(scopeJson) })),
    objects: values.objects(),
  };
}

interface ModuleState {
  readonly path: string;
  readonly scopes: readonly ScopeState[];
}

/** Files' own variables, where nothing runs that would show them. */
function modulesOf(replay: StreamReplay, frames: readonly Frame[], reader: StateReader): readonly ModuleState[] {
  if (frames.length > 0) return [];
  return replay.files
    .filter((file) => file.moduleScope !== undefined && file.table.level === 'steps')
    .map((file) => ({ path: file.path, scopes: reader.scopes(file.moduleScope) }));
}

function toLines(
  stream: number,
  replay: StreamReplay,
  frames: readonly Frame[],
  failure: FailureView | undefined,
  printer: ValuePrinter,
): readonly string[] {
  const head = failure ? [...failureLines(failure), ''] : [`moment ${stream}:${replay.moment}`, ''];
  const shownModules = new Map<string, number>();
  const body = frames.flatMap((frame, index) => [...frameLines(frame, index, shownModules, printer), '']);
  if (frames.length === 0) {
    body.push('No recorded code is running at this moment.', '');
    for (const { path, scopes } of modulesOf(replay, frames, new StateReader(replay))) {
      body.push(path, ...scopes.flatMap((scope) => scopeLines(scope, printer)), '');
    }
  }
  return [...head, ...body].slice(0, -1);
}

function frameLines(
  { state: frame, place, isModule }: Frame,
  index: number,
  shownModules: Map<string, number>,
  printer: ValuePrinter,
): readonly string[] {
  const name = shownFunction(frame.functionName, isModule);
  const lines = [`#${index} ${name}  ${displayPlace(place)}`, ...sourceLines(place)];
  if (frame.this !== undefined && !isModule) lines.push(`    this = ${printer.print(frame.this, 4)}`);
  for (const scope of frame.scopes) {
    const known = scope.kind === 'module' ? shownModules.get(frame.path) : undefined;
    if (known !== undefined) lines.push(`  file: as in #${known}`);
    else lines.push(...scopeLines(scope, printer));
    if (scope.kind === 'module' && known === undefined) shownModules.set(frame.path, index);
  }
  return lines;
}

function sourceLines({ line, column, text: source }: SourcePlace): readonly string[] {
  if (line === undefined || source === undefined || source.length > 300) return [];
  const prefix = `  ${line} | `;
  const before = source.slice(0, (column ?? 1) - 1).replaceAll(/[^\t]/g, ' ');
  return [`${prefix}${source}`, `${' '.repeat(prefix.length)}${before}^`];
}

function scopeLines(scope: ScopeState, printer: ValuePrinter): readonly string[] {
  if (scope.variables.length === 0) return [];
  const title = scope.kind === 'module' ? 'file' : scope.kind;
  return [
    `  ${title}:`,
    ...scope.variables.map(
      ({ name, type, value }) => `    ${name}${type === undefined ? '' : `: ${type}`} = ${printer.print(value, 4)}`,
    ),
  ];
}
