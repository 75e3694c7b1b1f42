/** Desktop VS Code, by its command `code`, with settings and extensions of its own. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { desktopEnvironment, type Environment } from './environment.ts';
import { findOnPath } from './find-on-path.ts';
import { Profile } from './profile.ts';

export interface DesktopOptions {
  readonly code: string;
  readonly folder: string;
  readonly vsix: string;
  readonly env: Environment;
  /** ends it early */
  readonly ended: Promise<void>;
}

const END_MS = 5_000;

/** In a terminal of a VS Code that runs elsewhere, `code` only talks to that one. */
export function findDesktop(): string | undefined {
  return process.env['VSCODE_IPC_HOOK_CLI'] ? undefined : findOnPath('code');
}

/** Resolves when its window was closed or `ended`, and everything temporary has been removed. */
export async function openDesktop({ code, folder, vsix, env, ended }: DesktopOptions): Promise<void> {
  const profile = new Profile();
  const remove = (): void => profile.remove();
  process.once('exit', remove);
  const own = [`--user-data-dir=${profile.user}`, `--extensions-dir=${profile.extensions}`];
  try {
    const run = (...args: readonly string[]): Promise<number | null> => runCode(code, [...own, ...args], env);
    if ((await run('--install-extension', vsix, '--force')) !== 0) throw new Error(`${code} did not install ${vsix}.`);
    // The folder is this repository's own example.
    const closed = run('--new-window', '--wait', '--disable-workspace-trust', folder);
    await Promise.race([closed, ended]);
  } finally {
    await end(profile);
    process.off('exit', remove);
    remove();
  }
}

/** In a process group of its own: Ctrl-C is for this process to act upon. */
function runCode(code: string, args: readonly string[], env: Environment): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const run = spawn(code, args, { env: desktopEnvironment(env), stdio: 'inherit', detached: true });
    run.once('error', reject);
    run.once('exit', resolve);
  });
}

/** The command leaves VS Code itself running, which notes its process in a file beside its settings. */
async function end({ user }: Profile): Promise<void> {
  const lock = path.join(user, 'code.lock');
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (!Number.isInteger(pid) || pid <= 0) return;
  const deadline = Date.now() + END_MS;
  while (signal(pid, Date.now() < deadline ? 'SIGTERM' : 'SIGKILL') && Date.now() < deadline + 500) await delay(100);
}

/** Whether the process was still there. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
