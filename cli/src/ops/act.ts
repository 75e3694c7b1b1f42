/** `hindcast ops apply`, `pause`, `roll-back`, …: what a person decides. */
import { readImage } from './image-option.ts';
import { HindcastError, usage } from '../../../trace-runtime/src/base/errors.ts';
import { oneOf, parse, text, type Parsed } from '../options.ts';
import { printJson, printLines } from '../output.ts';
import { daemonOf, whoever } from './ops.ts';

type Act =
  | 'apply'
  | 'override'
  | 'dismiss'
  | 'set'
  | 'pin'
  | 'unpin'
  | 'pause'
  | 'resume'
  | 'roll-back'
  | 'roll-out'
  | 'describe'
  | 'acknowledge';

const OPTIONS = {
  data: 'text',
  strategy: 'text',
  reason: 'text',
  by: 'text',
  name: 'text',
  outcome: 'text',
  fix: 'text',
  build: 'text',
  folder: 'text',
  set: 'texts',
  json: 'flag',
} as const;

export async function act(command: Act, args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 2);
  const { path, body, said } = requestOf(command, parsed);
  const answer = await daemonOf(parsed).post<Readonly<Record<string, unknown>> | undefined>(path, body);
  // A rollout that has begun: its id is what it is paused or rolled back by.
  const begun = BEGINS.has(command) && typeof answer?.['id'] === 'string' ? `${answer['id']}: ` : '';
  if (parsed.values['json'] === true) printJson({ answer: answer ?? null });
  else printLines([begun + said]);
  return 0;
}

const BEGINS: ReadonlySet<Act> = new Set(['apply', 'override', 'roll-out']);

/** What each is done to, and what lists those that there are. */
const NEEDS: Readonly<Record<Act, readonly [needed: string, listedBy: string]>> = {
  apply: ['the id of a recommendation', 'recommendations'],
  override: ['the id of a recommendation, and the value that it shall have', 'recommendations'],
  dismiss: ['the id of a recommendation', 'recommendations'],
  set: ['a knob, and the value that it shall have', 'knobs'],
  pin: ['a knob', 'knobs'],
  unpin: ['a knob', 'knobs'],
  pause: ['the id of a rollout', 'rollouts'],
  resume: ['the id of a rollout', 'rollouts'],
  'roll-back': ['the id of a rollout', 'rollouts'],
  'roll-out': ['a service', 'status'],
  describe: ['the number of a signature', 'signatures'],
  acknowledge: ['the id of an alert', 'alerts'],
};

function missing(command: Act): HindcastError {
  const [needed, listedBy] = NEEDS[command];
  return new HindcastError('usage', `ops ${command} needs ${needed}.`, `\`hindcast ops ${listedBy}\` lists them.`);
}

interface Request {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly said: string;
}

function requestOf(command: Act, parsed: Parsed): Request {
  const [id, value] = parsed.positionals;
  if (id === undefined) throw missing(command);
  const by = text(parsed, 'by') ?? whoever();
  const reason = text(parsed, 'reason');
  const at = (kind: string, action: string): string => `/v1/${kind}/${encodeURIComponent(id)}/${action}`;
  switch (command) {
    case 'apply': {
      const strategy = oneOf(parsed, 'strategy', ['canary', 'blue-green']) ?? 'canary';
      return {
        path: at('proposals', 'apply'),
        body: { by, strategy },
        said: `${id} is being rolled out (${strategy}).`,
      };
    }
    case 'override':
      if (value === undefined) throw missing(command);
      return {
        path: at('proposals', 'override'),
        body: { by, value },
        said: `${id} is being rolled out with ${value}.`,
      };
    case 'set':
      if (value === undefined) throw missing(command);
      return { path: at('knobs', 'set'), body: { by, value }, said: `${id} is ${value}.` };
    case 'dismiss':
      return { path: at('proposals', 'reject'), body: { by }, said: `${id} is dismissed.` };
    case 'pin':
      return {
        path: at('knobs', 'pin'),
        body: { by },
        said: `${id} is pinned: it stays as it is until somebody unpins it.`,
      };
    case 'unpin':
      return { path: at('knobs', 'unpin'), body: { by }, said: `${id} is no longer pinned.` };
    case 'pause':
      return { path: at('rollouts', 'pause'), body: { by, reason }, said: `${id} is paused.` };
    case 'resume':
      return { path: at('rollouts', 'resume'), body: { by }, said: `${id} goes on.` };
    case 'roll-back':
      return {
        path: at('rollouts', 'roll-back'),
        body: { by, reason: reason ?? `${by} asked for it` },
        said: `${id} is rolled back.`,
      };
    case 'roll-out': {
      const strategy = oneOf(parsed, 'strategy', ['canary', 'blue-green']) ?? 'canary';
      const body = { by, strategy, ...readImage(parsed), reason: reason ?? `${by} asked for it` };
      return {
        path: at('services', 'roll-out'),
        body,
        said: `The release of ${id} is being rolled out (${strategy}).`,
      };
    }
    case 'acknowledge':
      return { path: at('alerts', 'acknowledge'), body: { by }, said: `${by} looks after ${id}.` };
    case 'describe': {
      const described = { name: text(parsed, 'name'), outcome: text(parsed, 'outcome'), fix: text(parsed, 'fix') };
      if (Object.values(described).every((each) => each === undefined)) {
        throw usage('ops describe needs --name, --outcome or --fix.');
      }
      return {
        path: `/v1/signatures/${encodeURIComponent(id)}`,
        body: described,
        said: `Signature ${id} is described.`,
      };
    }
  }
}
