/**
 * Failing and slow requests whose recordings show what happened. Recordings are read through the `hindcast` command alone:
 * `hindcast info RECORDING --json`.
 */
import { execFile } from 'node:child_process';
import type { Exemplar } from '../api/messages.ts';
import type { Clock, Milliseconds } from '../model/time.ts';

/** A recorded instance. */
export interface RecordedInstance {
  readonly service: string;
  readonly instance: string;
  /** folder of its recording */
  readonly recording: string;
}

export interface ExemplarSettings {
  /** the `hindcast` command, with its arguments so far */
  readonly command: readonly string[];
  readonly clock: Clock;
  /** requests that took this many times as long as the median are slow */
  readonly slowFactor?: number;
  /** kept of one recording */
  readonly most?: number;
}

interface InfoAnswer {
  readonly cases: readonly {
    readonly kind: string;
    readonly name: string;
    readonly outcome: string;
    readonly milliseconds: Milliseconds | null;
  }[];
  readonly failures: readonly {
    readonly type: string;
    readonly message: string;
    readonly case?: { readonly name: string } | null;
  }[];
}

const SLOW = 5;
const MOST = 20;
/** Below it nobody calls a request slow. */
const LEAST_SLOW = 50;
const MOST_OUTPUT = 256 * 1024 * 1024;

/** The latest first. An empty list where the recording cannot be read yet. */
export async function findExemplars(
  { service, instance, recording }: RecordedInstance,
  { command, clock, slowFactor = SLOW, most = MOST }: ExemplarSettings,
): Promise<readonly Exemplar[]> {
  const answer = await readInfo(command, recording);
  if (!answer) return [];
  const seenAt = clock.now();
  const common = { recording, service, instance, seenAt };
  const requests = answer.cases.filter(({ kind }) => kind === 'request');
  const durations = requests.flatMap(({ milliseconds }) => milliseconds ?? []).toSorted((a, b) => a - b);
  const median = durations[Math.floor(durations.length / 2)] ?? 0;
  const slowFrom = Math.max(LEAST_SLOW, median * slowFactor);
  const failed = answer.failures.map(({ type, message, case: of }): Exemplar => {
    const request = requests.find(({ name }) => name === of?.name);
    const symptom = 'failed' as const;
    return {
      ...common,
      case: of?.name ?? '',
      symptom,
      message: message ? `${type}: ${message}` : type,
      milliseconds: request?.milliseconds ?? undefined,
    };
  });
  const slow = requests
    .filter(({ outcome, milliseconds }) => outcome === 'passed' && (milliseconds ?? 0) >= slowFrom)
    .map(({ name, milliseconds }): Exemplar => {
      return { ...common, case: name, symptom: 'slow', message: '', milliseconds: milliseconds ?? undefined };
    });
  return [...failed.toReversed(), ...slow.toReversed()].slice(0, most);
}

function readInfo(command: readonly string[], recording: string): Promise<InfoAnswer | undefined> {
  const [file, ...args] = command;
  return new Promise((resolve) => {
    execFile(
      file!,
      [...args, 'info', recording, '--json'],
      { maxBuffer: MOST_OUTPUT, env: withoutOurs(process.env) },
      (_, stdout) => resolve(parsed(stdout)),
    );
  });
}

function parsed(text: string): InfoAnswer | undefined {
  try {
    return JSON.parse(text) as InfoAnswer;
  } catch {
    return undefined;
  }
}

function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = env;
  return rest;
}
