/** Runs the user's command in this terminal, as if we were not there. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import os from 'node:os';
import { commandNotFound, HindcastError } from '../../trace-runtime/src/base/errors.ts';
import type { OutputTerminal } from './output-terminal.ts';
import { hasParentChannel, relayMessages } from './relay-messages.ts';

export interface Ending {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

/** What the terminal sends to the whole foreground group, the command included. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];

export interface RunOptions {
  /** process that it is run for; nobody else waits for it */
  readonly parent?: number | undefined;
  /** is disposed of when it has ended */
  readonly terminal?: OutputTerminal | undefined;
}

/** Throws where the command cannot be started. */
export function runCommand(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  { parent, terminal }: RunOptions = {},
): Promise<Ending> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const isRelayed = hasParentChannel();
    const standard = [0, 1, 2].map((fd) => (terminal?.fds.includes(fd) ? terminal.descriptor : fd));
    const stdio: StdioOptions = isRelayed ? [...standard, 'ipc'] : standard;
    const child = spawn(file, args, { stdio, env, shell: process.platform === 'win32' });
    terminal?.handedOver();
    if (isRelayed) relayMessages(child);
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    const ignore = (signal: NodeJS.Signals): void => {
      if (!process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FROM_TERMINAL) process.on(signal, ignore);
    for (const signal of FORWARDED) process.on(signal, forward);
    if (parent !== undefined) endWithParent(child, parent);
    child.on('error', (error) => reject(startError(file, error)));
    // The handlers stay: until the recording is complete nothing may end us.
    child.on('exit', (code, signal) => {
      terminal?.dispose();
      resolve({ code: code ?? 1, signal });
    });
  });
}

const LOOK_MS = 500;
const GRACE_MS = 3000;

/**
 * Of the leader of a group of processes: once our parent is gone, which it may be already, the command is asked to end, and
 * the group killed where it does not.
 */
function endWithParent(command: ChildProcess, parent: number): void {
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    command.kill('SIGTERM');
    const killer = setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS);
    command.once('exit', () => clearTimeout(killer));
  }, LOOK_MS);
  command.once('exit', () => clearInterval(look));
}

/** Dies of the signal, as the command did. */
export function dieOf(signal: NodeJS.Signals): Promise<never> {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Delivery may take a moment; a signal that does not kill us ends in the shell's code for it.
  return new Promise(() => setTimeout(() => process.exit(128 + (os.constants.signals[signal] ?? 0)), 200));
}

function startError(file: string, error: Error): Error {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return commandNotFound(file);
  return new HindcastError(
    'command-not-found',
    `The command ${file} cannot be run: ${error.message}.`,
    'Check its permissions.',
  );
}
