/** Requests at random: sensible ones, made of what the adapter has said before, and nonsense. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Random } from '../support/random.ts';
import type { Request } from './fuzz-client.ts';
import { junk, spoiled } from './spoil.ts';

const EXPRESSIONS = [
  'this',
  'i',
  'box.double',
  'list[0]',
  'order.items[0]["unit price"]',
  'a.b.c.d',
  '1 + 1',
  'box.add(2)',
  'throw new Error("x")',
  'await f()',
  '}{',
  '',
  '   ',
  '__proto__',
  'x => x',
  '`${box}`',
  'globalThis.process.exit()',
  '\u0000',
];
const CONDITIONS = [...EXPRESSIONS, 'i > 2', 'true', 'nope > 3'];
const HITS = ['1', '>2', '% 2', '%0', '== 3', '<= 99999999999999999999', '-1', 'often', ''];
const NAMES = ['Box', 'add', 'f', '', 'constructor', '(anonymous)'];

/** What the adapter has said, to be asked for. */
export class Known {
  readonly threads = [1];
  readonly frames: number[] = [];
  readonly variables: number[] = [];
  readonly locations: number[] = [];
  readonly targets: number[] = [];
  readonly memory: string[] = [];
  readonly dataIds: string[] = [];
  readonly names: string[] = ['i'];
  readonly sources: unknown[] = [];

  constructor(readonly recording: string) {}

  learn({ command, body }: DebugProtocol.Response): void {
    collect(body, (key, value) => {
      if (key === 'id')
        (command === 'stackTrace' ? this.frames : command === 'threads' ? this.threads : this.targets).push(
          Number(value),
        );
      if (key === 'variablesReference' && value !== 0) this.variables.push(Number(value));
      if (key === 'valueLocationReference') this.locations.push(Number(value));
      if (key === 'memoryReference') this.memory.push(String(value));
      if (key === 'dataId' && value !== null) this.dataIds.push(String(value));
      if (key === 'evaluateName') this.names.push(String(value));
      if (key === 'source') this.sources.push(value);
    });
  }
}

function collect(value: unknown, visit: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    visit(key, inner);
    collect(inner, visit);
  }
}

type Make = (random: Random, known: Known) => Record<string, unknown>;

/** One of those that are known, or of any kind; the latest ones are the likeliest to be good still. */
function id<T>(random: Random, list: readonly T[]): unknown {
  if (list.length === 0 || random.percent(10)) return random.pick<unknown>([0, 1, 2, -1, 999, 2 ** 31, 1.5]);
  return random.percent(70) ? random.pick(list.slice(-12)) : random.pick(list);
}

function source(random: Random, known: Known): unknown {
  if (known.sources.length > 0 && random.percent(85)) return random.pick(known.sources);
  return random.pick<unknown>([{ path: '/nowhere/x.js' }, { sourceReference: 1 }, { sourceReference: -5 }, {}]);
}

function sometimes(random: Random, share: number, fields: () => Record<string, unknown>): Record<string, unknown> {
  return random.percent(share) ? fields() : {};
}

const thread: Make = (random, known) => ({ threadId: id(random, known.threads) });
const frame: Make = (random, known) => ({ frameId: id(random, known.frames) });
const none: Make = () => ({});
const launch: Make = (random, { recording }) => ({
  recording: random.percent(90) ? recording : random.pick(['/nowhere', '', '#', `${recording}#3`]),
  allowEvaluate: false,
  ...sometimes(random, 5, () => ({ program: 'x.js', args: ['1'], env: { A: '1', B: null }, cwd: '/' })),
  ...sometimes(random, 60, () => ({
    startAt: random.pick(['failure', 'entry', 'end', '1:5', '7', '1:99999999', '', 'x']),
  })),
});
const range: Make = (random, known) => {
  const from = random.pick([0, random.between(0, 900), 1e9]);
  return { ...thread(random, known), from, to: from + random.pick([1, 20, 900, 0, -5, 1e9]) };
};
const breakpoint = (random: Random): Record<string, unknown> => ({
  line: random.between(0, 60),
  ...sometimes(random, 20, () => ({ column: random.below(40) })),
  ...sometimes(random, 20, () => ({ condition: random.pick(CONDITIONS) })),
  ...sometimes(random, 15, () => ({ hitCondition: random.pick(HITS) })),
  ...sometimes(random, 15, () => ({ logMessage: `at {${random.pick(CONDITIONS)}} {` })),
});
const list = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: random.below(most + 1) }, make);

/** Of every command of the protocol, and of ours: arguments as its specification has them. */
const COMMANDS: Readonly<Record<string, Make>> = {
  initialize: (random) => ({
    adapterID: 'hindcast',
    pathFormat: random.percent(90) ? 'path' : random.pick(['uri', 'x']),
    linesStartAt1: true,
    columnsStartAt1: true,
    supportsProgressReporting: random.percent(50),
  }),
  launch,
  attach: launch,
  configurationDone: none,
  threads: none,
  stackTrace: (random, known) => ({
    ...thread(random, known),
    ...sometimes(random, 30, () => ({ startFrame: random.between(-2, 9), levels: random.between(-2, 20) })),
  }),
  scopes: frame,
  variables: (random, known) => ({
    variablesReference: id(random, known.variables),
    ...sometimes(random, 30, () => ({ filter: random.pick(['indexed', 'named']) })),
    ...sometimes(random, 30, () => ({ start: random.between(-3, 200), count: random.pick([0, 1, 50, -1, 1e9]) })),
  }),
  evaluate: (random, known) => ({
    expression: random.percent(50) ? random.pick(EXPRESSIONS) : random.pick(known.names),
    ...sometimes(random, 60, () => frame(random, known)),
    ...sometimes(random, 60, () => ({
      context: random.pick(['watch', 'repl', 'hover', 'clipboard', 'variables', 'x']),
    })),
  }),
  completions: (random, known) => ({
    text: random.percent(50) ? `${random.pick(known.names)}.` : random.pick(EXPRESSIONS),
    column: random.between(-1, 30),
    ...sometimes(random, 60, () => frame(random, known)),
  }),
  setVariable: (random, known) => ({ variablesReference: id(random, known.variables), name: 'i', value: '1' }),
  setExpression: (random) => ({ expression: random.pick(EXPRESSIONS), value: '1' }),
  source: (random, known) => ({ source: source(random, known), sourceReference: random.between(-1, 4) }),
  loadedSources: none,
  modules: none,
  exceptionInfo: thread,
  setBreakpoints: (random, known) => ({
    source: source(random, known),
    breakpoints: list(random, 4, () => breakpoint(random)),
  }),
  breakpointLocations: (random, known) => ({
    source: source(random, known),
    line: random.between(0, 60),
    ...sometimes(random, 50, () => ({ endLine: random.between(0, 99) })),
  }),
  setFunctionBreakpoints: (random) => ({
    breakpoints: list(random, 3, () => ({ ...breakpoint(random), name: random.pick(NAMES) })),
  }),
  setExceptionBreakpoints: (random) => ({ filters: list(random, 3, () => random.pick(['all', 'uncaught', 'x'])) }),
  setInstructionBreakpoints: () => ({ breakpoints: [{ instructionReference: '1' }] }),
  dataBreakpointInfo: (random, known) => ({
    name: random.pick(known.names),
    ...sometimes(random, 80, () => ({ variablesReference: id(random, known.variables) })),
    ...sometimes(random, 30, () => frame(random, known)),
  }),
  setDataBreakpoints: (random, known) => ({
    breakpoints: list(random, 3, () => ({
      dataId:
        known.dataIds.length > 0 && random.percent(70)
          ? random.pick(known.dataIds)
          : random.pick([
              '',
              '1',
              'null',
              '{"kind":"property"}',
              '{"kind":"variable","of":"environment","variable":"x"}',
            ]),
    })),
  }),
  continue: thread,
  reverseContinue: thread,
  next: thread,
  stepIn: (random, known) => ({
    ...thread(random, known),
    ...sometimes(random, 30, () => ({ targetId: id(random, known.targets) })),
  }),
  stepOut: thread,
  stepBack: thread,
  stepInTargets: frame,
  reverseInto: thread,
  reverseOut: thread,
  goToMoment: (random) => ({ moment: random.pick(['1:5', '1:end', '2:3', '-1', '1:99999999', '', '0:0', 'end', 12]) }),
  overview: none,
  where: (random, known) => sometimes(random, 50, () => frame(random, known)),
  timeline: (random, known) => ({ ...range(random, known), bins: random.pick([1, 30, 1400, 0, 1e9]) }),
  nextItem: (random, known) => ({
    ...thread(random, known),
    item: random.pick(['throw', 'output', 'tick', 'x']),
    moment: random.between(-1, 900),
    direction: random.pick(['next', 'previous']),
  }),
  flame: (random, known) => ({
    ...range(random, known),
    pixels: random.pick([1, 30, 1400, 0, 1e9]),
    ...sometimes(random, 30, () => ({ deepest: random.between(0, 5) })),
  }),
  callTree: (random, known) => ({
    ...thread(random, known),
    ...sometimes(random, 80, () => ({ parent: random.between(-1, 60) })),
    start: random.pick([0, 1, 50, 1e9]),
    count: random.pick([0, 1, 100, 1e9]),
  }),
  callPath: (random, known) => ({ ...thread(random, known), call: random.between(-1, 60) }),
  callDetails: (random, known) => ({
    ...thread(random, known),
    calls: list(random, 9, () => random.between(0, 60)),
  }),
  findCalls: (random, known) => ({
    ...thread(random, known),
    text: random.pick(['', 'a', 'add', 'js', 'X']),
    ...sometimes(random, 50, () => ({ after: random.between(0, 60) })),
    ...sometimes(random, 30, () => ({ before: random.between(0, 60) })),
    ...sometimes(random, 50, () => ({ count: random.pick([0, 1, 1e9]) })),
  }),
  goto: (random, known) => ({ ...thread(random, known), targetId: id(random, known.targets) }),
  gotoTargets: (random, known) => ({ source: source(random, known), line: random.between(0, 60) }),
  restartFrame: frame,
  pause: thread,
  cancel: (random) => ({ requestId: random.between(0, 30), progressId: random.pick(['work 1', 'x']) }),
  locations: (random, known) => ({ locationReference: id(random, known.locations) }),
  readMemory: (random, known) => ({
    memoryReference: known.memory.length > 0 && random.percent(80) ? random.pick(known.memory) : '1:2',
    offset: random.pick([0, 1, -1, 3, 1e9]),
    count: random.pick([0, 1, 100, -1, 1e9]),
  }),
  writeMemory: () => ({ memoryReference: '1:2', data: 'AA==' }),
  disassemble: () => ({ memoryReference: '1:2', instructionCount: 3 }),
  restart: none,
  terminateThreads: () => ({ threadIds: [1] }),
  terminate: none,
};

const ALL = Object.keys(COMMANDS).filter((command) => command !== 'terminate');
const LOOKING = ['stackTrace', 'stackTrace', 'scopes', 'variables', 'variables', 'evaluate', 'threads'];
const ODD = ['', 'x', 'constructor', '__proto__', 'toString', 'Launch', 'launch ', 'dispatchRequest', 'y'.repeat(500)];

/** A client's usual beginning, mostly. */
export function beginning(random: Random, known: Known): Request[] {
  const begin = ['initialize', 'launch', 'configurationDone'].map((command) => ({
    command,
    arguments: COMMANDS[command]!(random, known),
  }));
  return random.percent(85) ? begin : begin.filter(() => random.percent(60));
}

export function anyRequest(random: Random, known: Known): Request {
  if (random.percent(3)) return { command: random.pick(ODD), arguments: junk(random) };
  const command = random.percent(1) ? 'terminate' : random.pick(random.percent(40) ? LOOKING : ALL);
  const args = COMMANDS[command]!(random, known);
  const how = random.below(100);
  if (how < 65) return { command, arguments: args };
  if (how < 70) return { command };
  if (how < 75) return { command, arguments: junk(random) };
  let value: unknown = args;
  for (let count = random.between(1, 2); count > 0; count--) value = spoiled(random, value).value;
  return { command, arguments: value };
}
