/** Where the extension's programs are, and which Node runs them. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** A program to start: a command, its first arguments, and variables beside the own ones. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As `hindcast dap` starts itself: what a reader keeps stays, so a small nursery costs no time, and garbage goes early. */
const READER_FLAGS = ['--max-semi-space-size=2', '--heap-growing-percent=40'];

export class Installation {
  private readonly cli: string;

  constructor(extensionPath: string) {
    this.cli = path.join(extensionPath, 'cli', 'dist', 'hindcast.cjs');
  }

  /** The `hindcast` command for what reads: on the editor's own Node, which reads every recording. */
  reader(...args: readonly string[]): Program {
    return {
      command: process.execPath,
      args: [...READER_FLAGS, this.cli, ...args],
      env: { ELECTRON_RUN_AS_NODE: '1' },
    };
  }

  /** The `hindcast` command for what records: on the Node that the user's programs run with. */
  recorder(...args: readonly string[]): Program {
    const node = findNode();
    return node === undefined
      ? { ...this.reader(), args: [this.cli, ...args] }
      : { command: node, args: [this.cli, ...args], env: {} };
  }

  /** Runs a command of `hindcast` to its end. Rejects only where it cannot be started. */
  run(args: readonly string[], cwd: string | undefined, token?: vscode.CancellationToken): Promise<Finished> {
    return runToEnd(this.reader(...args), cwd, token);
  }

  /** The object that a command prints with `--json`. Rejects with the command's own sentence. */
  async json(args: readonly string[], cwd: string | undefined, token?: vscode.CancellationToken): Promise<unknown> {
    return objectOf(args, await this.run(withJson(args), cwd, token));
  }

  /**
   * As `json` with one more argument, which is given later: the command waits for it on its standard input, for a while, so
   * that it need not start first.
   */
  jsonLater(
    args: readonly string[],
    cwd: string | undefined,
    token?: vscode.CancellationToken,
  ): { answer(last: string): Promise<unknown>; dispose(): void } {
    let give: (last: string) => void = () => undefined;
    const given = new Promise<string>((resolve) => (give = resolve));
    const finished = runToEnd(this.reader(...args, '-', '--json'), cwd, token, { input: given });
    finished.catch(() => undefined);
    let isThere = true;
    const dispose = (): void => {
      clearTimeout(timer);
      isThere = false;
      give('');
    };
    const timer = setTimeout(dispose, WAITING_MS);
    return {
      answer: async (last) => {
        if (!isThere) return this.json([...args, last], cwd, token);
        give(last);
        clearTimeout(timer);
        return objectOf(args, await finished);
      },
      dispose,
    };
  }

  /** As `json`, of a command that runs the user's programs: they end with it when it is cancelled. */
  async jsonOfRun(args: readonly string[], cwd: string, token: vscode.CancellationToken): Promise<unknown> {
    const { env, ...program } = this.recorder(...withJson(args));
    const finished = await runToEnd({ ...program, env: { ...env, NODE_OPTIONS: '' } }, cwd, token, { isGroup: true });
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    return objectOf(args, finished);
  }
}

/** What comes after `--` is no option. */
function withJson(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? [...args, '--json'] : [...args.slice(0, end), '--json', ...args.slice(end)];
}

/** How long a command waits for what it is given later: it takes memory meanwhile. */
const WAITING_MS = 60_000;
/** What was not stopped in this time is killed. */
const GRACE_MS = 5000;

interface RunOptions {
  /** what it started is stopped with it */
  readonly isGroup?: boolean;
  /** all of its standard input; it has none otherwise */
  readonly input?: Promise<string>;
}

function runToEnd(
  { command, args, env }: Program,
  cwd: string | undefined,
  token?: vscode.CancellationToken,
  { isGroup = false, input }: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const detached = isGroup && process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached,
      windowsHide: true,
    });
    const kill = (signal: NodeJS.Signals): void => {
      if (!detached || child.pid === undefined) return void child.kill(signal);
      try {
        process.kill(-child.pid, signal);
      } catch {
        // it has ended
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const stopped = token?.onCancellationRequested(() => {
      kill('SIGTERM');
      if (isGroup) timer = setTimeout(() => kill('SIGKILL'), GRACE_MS);
    });
    let stdout = '';
    let stderr = '';
    // it may have ended without it
    child.stdin?.on('error', () => undefined);
    void input?.then((text) => child.stdin?.end(text));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      stopped?.dispose();
      resolve({ code, stdout, stderr });
    });
  });
}

function objectOf([command]: readonly string[], { stdout, stderr }: Finished): unknown {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    throw new Error(stderr.trim().split('\n').at(-1) || `hindcast ${command} printed nothing.`);
  }
  const { error } = value as { readonly error?: { readonly sentence: string; readonly remedy?: string } };
  if (error) throw new Error([error.sentence, error.remedy].filter(Boolean).join(' '));
  return value;
}

/** The setting's Node, else the one on the PATH; undefined where there is none. */
function findNode(): string | undefined {
  const chosen = vscode.workspace.getConfiguration('hindcast').get<string>('node');
  if (chosen) return chosen;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}
