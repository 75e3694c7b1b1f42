/**
 * What each request takes. A client's arguments are looked at here, before anything is done with them: requests rely on
 * the types of the protocol from there on. Fields that nobody reads are let through.
 */

/** Gives the value as it may be used; throws a sentence where it may not. `at`: its name in that sentence. */
type Parse = (value: unknown, at: string) => unknown;
type Fields = Readonly<Record<string, Parse>>;

const text = primitive('a text', (value) => typeof value === 'string');
const flag = primitive('true or false', (value) => typeof value === 'boolean');
const whole = primitive('a whole number', Number.isSafeInteger);
const count = primitive('a whole number from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0);

/** A field that a client may leave out, or say to be null, and what it is then: undefined where it stays left out. */
interface Optional {
  readonly fallback: unknown;
}
const optional = (parse: Parse, fallback?: unknown): Parse & Optional =>
  Object.assign((value: unknown, at: string) => parse(value, at), { fallback });
const list =
  (parse: Parse): Parse =>
  (value, at) =>
    Array.isArray(value) ? value.map((each, index) => parse(each, `${at}[${index}]`)) : wrong(at, 'a list');
const object =
  (fields: Fields): Parse =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(at, 'an object');
    const parsed: Record<string, unknown> = { ...value };
    for (const [name, parse] of Object.entries(fields)) {
      const given = Object.hasOwn(parsed, name) ? parsed[name] : undefined;
      const isMissing = given === undefined || given === null;
      if (!isMissing) parsed[name] = parse(given, nameOf(at, name));
      else if (!('fallback' in parse)) throw new Error(`\`${nameOf(at, name)}\` is missing.`);
      else if (parse.fallback === undefined) delete parsed[name];
      else parsed[name] = parse.fallback;
    }
    return parsed;
  };
const oneOf = (...choices: readonly string[]): Parse =>
  primitive(`one of ${choices.join(', ')}`, (value) => choices.includes(value as string));
/** An object whose `kind` says which other fields it has. */
const oneKind =
  (kinds: Readonly<Record<string, Fields>>): Parse =>
  (value, at) => {
    const { kind } = object({ kind: oneOf(...Object.keys(kinds)) })(value, at) as { readonly kind: string };
    return object(kinds[kind]!)(value, at);
  };
/** Moments are texts, but a number names one too. */
const moment: Parse = (value, at) => (Number.isSafeInteger(value) ? String(value) : text(value, at));
const variables: Parse = (value, at) => {
  object({})(value, at);
  for (const [name, each] of Object.entries(value as object)) if (each !== null) text(each, nameOf(at, name));
  return value;
};

const source = object({ path: optional(text), name: optional(text), sourceReference: optional(whole) });
const condition = { condition: optional(text), hitCondition: optional(text) };
const thread = { threadId: whole };
const frame = { frameId: whole };
const asked = {
  expression: optional(text),
  frameId: optional(whole),
  variablesReference: optional(whole),
  name: optional(text),
};
const launch = {
  recording: optional(text),
  case: optional(text),
  program: optional(text),
  args: optional(list(text)),
  runtimeArgs: optional(list(text)),
  runtimeExecutable: optional(text),
  command: optional(list(text)),
  cwd: optional(text),
  env: optional(variables),
  startAt: optional(moment),
  allowEvaluate: optional(flag),
  recordedSources: optional(flag),
};

/** Of all requests that there are. */
const REQUESTS: Readonly<Record<string, Fields>> = {
  // the protocol's default, which the library does not know
  initialize: { pathFormat: optional(text, 'path') },
  launch,
  attach: launch,
  restart: { arguments: optional(object(launch)) },
  configurationDone: {},
  disconnect: {},
  terminate: {},
  cancel: { requestId: optional(whole), progressId: optional(text) },
  threads: {},
  stackTrace: { ...thread, startFrame: optional(count), levels: optional(count) },
  scopes: frame,
  variables: {
    variablesReference: whole,
    filter: optional(text),
    start: optional(count),
    count: optional(count),
  },
  evaluate: { expression: text, frameId: optional(whole), context: optional(text) },
  completions: { text, column: whole, frameId: optional(whole) },
  setVariable: {},
  source: { source: optional(source), sourceReference: optional(whole) },
  loadedSources: {},
  exceptionInfo: thread,
  setBreakpoints: {
    source,
    breakpoints: optional(
      list(object({ line: whole, column: optional(whole), logMessage: optional(text), ...condition })),
    ),
  },
  breakpointLocations: { source, line: whole, endLine: optional(whole) },
  setFunctionBreakpoints: { breakpoints: list(object({ name: text, ...condition })) },
  setExceptionBreakpoints: { filters: list(text) },
  dataBreakpointInfo: { name: text, variablesReference: optional(whole), frameId: optional(whole) },
  setDataBreakpoints: { breakpoints: list(object({ dataId: text, ...condition })) },
  continue: thread,
  reverseContinue: thread,
  next: thread,
  stepIn: { ...thread, targetId: optional(whole) },
  stepInTargets: frame,
  stepOut: thread,
  stepBack: thread,
  reverseInto: { threadId: optional(whole) },
  reverseOut: { threadId: optional(whole) },
  goToMoment: { moment },
  history: { ...asked, before: optional(count, 5), after: optional(count, 5) },
  goToChange: { ...asked, direction: oneOf('previous', 'next', 'origin') },
  markWrong: { ...asked, expected: text },
  inlineValues: { ...frame, lines: list(text) },
  lineCounts: { path: text },
  overview: {},
  where: { frameId: optional(whole) },
  timeline: { ...thread, from: count, to: count, bins: count },
  nextItem: {
    ...thread,
    item: oneOf('throw', 'output', 'tick'),
    moment: count,
    direction: oneOf('next', 'previous'),
  },
  flame: { ...thread, from: count, to: count, pixels: count, deepest: optional(count) },
  callTree: { ...thread, parent: optional(count, 0), start: count, count },
  callPath: { ...thread, call: count, last: optional(count) },
  callDetails: { ...thread, calls: list(count) },
  findCalls: { ...thread, text, after: optional(count), before: optional(count), count: optional(count) },
  whyFailed: { failure: optional(moment) },
  whyValue: { expression: text, frameId: optional(whole) },
  whyGraph: { graph: text },
  whyLine: { question: oneOf('ran', 'notRun'), path: text, line: count, column: optional(count) },
  objectRoot: asked,
  slice: { ...thread, leave: optional(flag) },
  objectGraph: { ...thread, object: count, opened: optional(list(count), []), closed: optional(list(count), []) },
  objectChanges: { ...thread, objects: list(count) },
  sequence: {
    scope: oneKind({ whole: {}, case: { ...thread, id: whole }, call: { ...thread, call: count } }),
    inside: optional(flag, false),
    start: optional(count, 0),
    count: optional(count, 60),
    against: optional(oneKind({ case: { ...thread, id: whole }, recording: { recording: text } })),
  },
  suspects: { failure: optional(moment), count: optional(count, 10) },
  goto: { targetId: whole },
  gotoTargets: { source, line: whole },
  restartFrame: frame,
  pause: thread,
  locations: { locationReference: whole },
  readMemory: { memoryReference: text, offset: optional(whole), count },
};

/** The arguments of a request as it may use them. Throws a sentence for the client where they are no such arguments. */
export function parseArguments(command: string, args: unknown): unknown {
  if (!Object.hasOwn(REQUESTS, command)) throw new Error('There is no such request.');
  return object(REQUESTS[command]!)(args ?? {}, '');
}

function primitive(called: string, is: (value: unknown) => boolean): Parse {
  return (value, at) => (is(value) ? value : wrong(at, called));
}

function wrong(at: string, called: string): never {
  throw new Error(at === '' ? `The arguments must be ${called}.` : `\`${at}\` must be ${called}.`);
}

function nameOf(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
