/**
 * What a user is told when input is bad or the machine says no: one sentence that names the thing, one remedy, and an
 * exit code of its own. Each kind has one factory, below.
 */
export type ErrorCode =
  | 'usage'
  | 'no-such-recording'
  | 'not-a-recording'
  | 'torn-recording'
  | 'newer-recording'
  | 'moment-out-of-range'
  | 'no-failure'
  | 'disk-full'
  | 'command-not-found'
  | 'input-output'
  | 'node-too-old'
  | 'not-executed'
  | 'interrupted';

/** Exit codes below 4 belong to verdicts; 126 and 127 are what shells use for a command that cannot run. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  usage: 4,
  'input-output': 4,
  'no-such-recording': 5,
  'not-a-recording': 6,
  'torn-recording': 7,
  'newer-recording': 8,
  'moment-out-of-range': 9,
  'no-failure': 10,
  'disk-full': 11,
  'node-too-old': 12,
  'not-executed': 13,
  interrupted: 130,
  'command-not-found': 127,
};

export class HindcastError extends Error {
  override readonly name = 'HindcastError';

  constructor(
    readonly code: ErrorCode,
    /** what is wrong, with the thing's name, as one sentence */
    readonly sentence: string,
    /** what to do about it, as one sentence */
    readonly remedy: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${sentence} ${remedy}`, options);
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}

export function usage(sentence: string): HindcastError {
  return new HindcastError('usage', sentence, 'Run `hindcast help` for the commands and their options.');
}

export function noSuchRecording(name: string): HindcastError {
  return new HindcastError(
    'no-such-recording',
    `There is no recording ${name}.`,
    'Run `hindcast list` to see the recordings of this folder.',
  );
}

export function notARecording(path: string, reason: string): HindcastError {
  return new HindcastError(
    'not-a-recording',
    `${path} is not a recording: ${reason}.`,
    'Give the folder that `hindcast record` named in its last line.',
  );
}

/** A file that should be a portable recording. */
export function notPortable(file: string, reason: string): HindcastError {
  return new HindcastError(
    'not-a-recording',
    `${file} is no portable recording: ${reason}.`,
    'Copy it again, or make one with `hindcast export`.',
  );
}

export function tornRecording(path: string, reason: string): HindcastError {
  return new HindcastError(
    'torn-recording',
    `${path} is damaged: ${reason}.`,
    'Nothing in it could be read; record the command again.',
  );
}

export function newerRecording(path: string, found: number, known: number): HindcastError {
  return new HindcastError(
    'newer-recording',
    `${path} has format ${found}, and this Hindcast reads up to ${known}.`,
    'Update Hindcast to read it.',
  );
}

export function momentOutOfRange(moment: string, last: string): HindcastError {
  return new HindcastError(
    'moment-out-of-range',
    `The recording has no moment ${moment}.`,
    `Give a moment up to ${last}, or \`failure\` or \`end\`.`,
  );
}

/** `folder`: in which the recorded program ran. */
export function noProgramFolder(folder: string): HindcastError {
  return new HindcastError(
    'input-output',
    `The folder in which the program ran, ${folder}, is not there or may not be entered.`,
    'Make it again, empty if need be, or allow this user to enter it.',
  );
}

/** Where a server could not take its address. */
export function cannotListen(host: string, port: number, cause: Error): HindcastError {
  const { code } = cause as NodeJS.ErrnoException;
  const isTaken = code === 'EADDRINUSE';
  return new HindcastError(
    'input-output',
    isTaken
      ? `Another process listens on ${host}:${port} already.`
      : `It cannot listen on ${host}:${port}: ${cause.message}.`,
    isTaken ? 'End it, or give another port, or 0 for any free one.' : 'Give another host or port.',
    { cause },
  );
}

export function noFailure(recording: string): HindcastError {
  return new HindcastError(
    'no-failure',
    `Nothing failed in recording ${recording}.`,
    'Use `--at end`, or a moment that `hindcast events` lists.',
  );
}

/** The program failed, but not as far as it was executed again. `reasons`: why it was not executed to its end. */
export function failureNotShown(recording: string, reasons: readonly string[]): HindcastError {
  return new HindcastError(
    'not-executed',
    `What failed in recording ${recording} is not shown: ${reasons.join('; ')}.`,
    'Record it with `--level full`.',
  );
}

export function diskFull(path: string): HindcastError {
  return new HindcastError(
    'disk-full',
    `There is no space left to write ${path}.`,
    'Free some space, or give another folder with `--out`.',
  );
}

export function commandNotFound(command: string): HindcastError {
  return new HindcastError(
    'command-not-found',
    `The command ${command} was not found.`,
    'Check its name and your PATH.',
  );
}

/** Any other failure of the file system; `error` is what Node threw. */
export function inputOutput(action: string, error: unknown): HindcastError {
  const reason = error instanceof Error ? error.message : String(error);
  return new HindcastError('input-output', `Could not ${action}: ${reason}.`, 'Check the path and its permissions.', {
    cause: error,
  });
}

export function nodeTooOld(needed: string, what: string): HindcastError {
  return new HindcastError(
    'node-too-old',
    `Node ${process.versions.node} cannot ${what}.`,
    `Use Node ${needed} or newer.`,
  );
}

/** A light recording has no values, and could not be executed again for them. */
export function notExecuted(folder: string, reason: string, remedy: string): HindcastError {
  return new HindcastError('not-executed', `The values of ${folder} are not known: ${reason}.`, remedy);
}

/** Somebody ended it before it was done. Nothing is changed. */
export function interrupted(folder: string): HindcastError {
  return new HindcastError('interrupted', `${folder} was not executed to its end.`, 'Ask again to begin anew.');
}
