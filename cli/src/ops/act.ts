/** `hindcast ops apply`, `pause`, `roll-back`, …: what a person decides. */
import { readImage } from './image-option.ts';
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import { oneOf, parse, text, type Parsed } from '../options.ts';
import { printJson, printLines } from '../output.ts';
import { daemonOf, whoever } from './ops.ts';

type Act =
  | 'apply'
  | 'override'
  | 'dismiss'
  | 'pin'
  | 'unpin'
  | 'pause'
  | 'resume'
  | 'roll-back'
  | 'roll-out'
  | 'describe';

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
  if (parsed.values['json'] === true) printJson({ answer: answer ?? null });
  else printLines([typeof answer?.['text'] === 'string' ? answer['text'] : said]);
  return 0;
}

interface Request {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly said: string;
}

function requestOf(command: Act, parsed: Parsed): Request {
  const [id, value] = parsed.positionals;
  if (id === undefined) throw usage(`ops ${command} needs to be told which.`);
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
      if (value === undefined) throw usage('ops override needs a recommendation and the value that it shall have.');
      return {
        path: at('proposals', 'override'),
        body: { by, value },
        said: `${id} is being rolled out with ${value}.`,
      };
    case 'dismiss':
      return { path: at('proposals', 'reject'), body: { by }, said: `${id} is dismissed.` };
    case 'pin':
      return { path: at('knobs', 'pin'), body: { by }, said: `${id} is pinned: nothing but a person changes it.` };
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
