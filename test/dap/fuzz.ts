/**
 * Whether the debug adapter can be made to crash, to hang, or to say what the protocol does not allow: by recordings
 * that are damaged, and by requests that no client would send.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { openSession } from '../../cli/src/session.ts';
import type { Host } from '../../debug-adapter/src/session.ts';
import type { Schema } from '../support/dap-schema.ts';
import { Random } from '../support/random.ts';
import type { Victim } from './damaged-recordings.ts';
import { FuzzClient } from './fuzz-client.ts';
import { anyRequest, beginning, Known } from './random-requests.ts';

export interface Outcome {
  /** what was done, for whoever looks into its faults */
  readonly what: string;
  readonly faults: readonly string[];
  /** messages that were checked */
  readonly messages: number;
  /** whether a recording could be opened */
  readonly opened: boolean;
}

export interface FuzzSetting {
  readonly schema: Schema;
  /** folder with the sandbox's programs */
  readonly sandbox: string;
  /** called with every message: it is alive */
  readonly beat: () => void;
}

/** Faults that come outside of any request: what would end the process, or goes to where nobody reads it. */
const stray: string[] = [];

/** To be called once in the thread that fuzzes. */
export function catchStrayFaults(): void {
  const note = (error: unknown): void =>
    void stray.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  console.error = (...words: readonly unknown[]) => note(words.join(' '));
}

/** Opens the recording damaged as the seed says, looks at it, moves in it, and leaves it whole. */
export async function fuzzRecording(victim: Victim, seed: number, setting: FuzzSetting): Promise<Outcome> {
  const random = new Random(seed);
  const damage = victim.damage(random);
  victim.apply(damage);
  try {
    return await session(setting, damage.what, (client) => lookAround(client, random, victim.folder));
  } finally {
    victim.restore(damage);
  }
}

/** Sends what the seed says about a recording that is whole. `code`: the program's code may run. */
export function fuzzSequence(recording: string, seed: number, code: boolean, setting: FuzzSetting): Promise<Outcome> {
  const random = new Random(seed);
  const sent: string[] = [];
  return session(setting, sent, async (client) => {
    const known = new Known(recording);
    const first = beginning(random, known);
    const length = first.length + random.between(5, 30);
    const under: Promise<unknown>[] = [];
    let opened = false;
    for (let i = 0; i < length && !client.isOver; i++) {
      const made = first[i] ?? anyRequest(random, known);
      const request = code && made.command === 'launch' ? { ...made, arguments: allowing(made.arguments) } : made;
      sent.push(`${request.command} ${(JSON.stringify(request.arguments) ?? '').slice(0, 200)}`);
      const response = client.request(request).then((got) => {
        if (got?.success === true) known.learn(got);
        if (got?.success === true && got.command === 'launch') opened = true;
      });
      under.push(response);
      // some come before the one before was answered
      if (random.percent(85)) await response;
      if (random.percent(60)) await client.settled();
    }
    await Promise.all(under);
    await client.settled();
    return opened;
  });
}

function allowing(args: unknown): unknown {
  return typeof args === 'object' && args !== null ? { ...args, allowEvaluate: true } : args;
}

async function session(
  { schema, sandbox, beat }: FuzzSetting,
  what: string | readonly string[],
  run: (client: FuzzClient) => Promise<boolean>,
): Promise<Outcome> {
  const host: Host = {
    open: async (name) => (await openSession(name)).recording,
    record: () => Promise.reject(new Error('Nothing is recorded here.')),
    sandbox,
  };
  const client = new FuzzClient(host, schema, beat);
  stray.length = 0;
  const opened = await run(client);
  const threads = await client.request({ command: 'threads' });
  if (opened && threads?.success !== true) client.faults.push('It does not tell its threads any more.');
  await client.request({ command: 'disconnect', arguments: {} });
  // what was left undone comes to light
  await new Promise((resolve) => setImmediate(resolve));
  client.end();
  const faults = [...client.faults, ...stray];
  const said = typeof what === 'string' ? what : what.join('\n');
  return { what: said, faults, messages: client.checked, opened };
}

/** What a person does with a recording: opens it, looks at the stack and at values, steps both ways. */
async function lookAround(client: FuzzClient, random: Random, recording: string): Promise<boolean> {
  const ask = async <T extends DebugProtocol.Response>(
    command: string,
    args: object = {},
  ): Promise<T['body'] | undefined> => {
    const response = await client.request({ command, arguments: args });
    await client.settled();
    return response?.success === true ? (response.body as T['body']) : undefined;
  };
  await ask('initialize', { adapterID: 'hindcast', pathFormat: 'path', supportsProgressReporting: true });
  const startAt = random.pick([undefined, undefined, 'entry', 'end', '1:30']);
  const launched = await client.request({ command: 'launch', arguments: { recording, startAt, allowEvaluate: false } });
  if (launched?.success !== true) return false;
  await ask('setExceptionBreakpoints', { filters: random.pick([[], ['all'], ['uncaught']]) });
  await ask('configurationDone');
  const threads = (await ask<DebugProtocol.ThreadsResponse>('threads'))?.threads ?? [];
  for (const { id: threadId } of threads.slice(0, 3)) {
    for (const move of ['', 'stepBack', 'next', 'reverseContinue', 'stepIn', 'continue', 'stepOut', 'reverseOut']) {
      if (move !== '') await ask(move, { threadId });
      if (move === '' || random.percent(40)) await lookAt(ask, random, threadId);
    }
  }
  await ask('loadedSources');
  return true;
}

type Ask = <T extends DebugProtocol.Response>(command: string, args?: object) => Promise<T['body'] | undefined>;

async function lookAt(ask: Ask, random: Random, threadId: number): Promise<void> {
  const frames = (await ask<DebugProtocol.StackTraceResponse>('stackTrace', { threadId }))?.stackFrames ?? [];
  await ask('exceptionInfo', { threadId });
  const frame = frames[0];
  if (!frame) return;
  const open: number[] = [];
  const names: string[] = [];
  for (const { id: frameId } of frames.slice(0, 3)) {
    const scopes = (await ask<DebugProtocol.ScopesResponse>('scopes', { frameId }))?.scopes ?? [];
    open.push(...scopes.map(({ variablesReference }) => variablesReference));
  }
  for (let count = 0; open.length > 0 && count < 12; count++) {
    const variablesReference = open.shift()!;
    const shown = (await ask<DebugProtocol.VariablesResponse>('variables', { variablesReference }))?.variables ?? [];
    open.push(...shown.map((each) => each.variablesReference).filter((each) => each > 0 && random.percent(50)));
    names.push(...shown.flatMap(({ evaluateName }) => evaluateName ?? []));
  }
  if (names.length > 0) await ask('evaluate', { expression: random.pick(names), frameId: frame.id });
  await ask('stepInTargets', { frameId: frame.id });
  if (!frame.source || random.percent(60)) return;
  await ask('source', { source: frame.source, sourceReference: frame.source.sourceReference ?? 0 });
  await ask('setBreakpoints', { source: frame.source, breakpoints: [{ line: frame.line }, { line: 1 }] });
}
