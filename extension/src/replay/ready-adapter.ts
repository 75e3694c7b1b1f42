/** A debug adapter that starts before a session asks for one, so that a failure shows sooner. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';

interface Started {
  readonly cwd: string | undefined;
  /** where it listens; undefined: it could not start */
  readonly listens: Promise<string | undefined>;
  dispose(): void;
}

export class ReadyAdapter implements vscode.Disposable {
  #started: Started | undefined;

  constructor(private readonly installation: Installation) {}

  /** A session in that folder is likely to begin soon. */
  prepare(cwd: string | undefined): void {
    this.dispose();
    const started = start(this.installation, cwd, () => {
      if (this.#started === started) this.#started = undefined;
    });
    this.#started = started;
  }

  /** That one, if there is one for this folder: each serves one session. */
  async take(cwd: string | undefined): Promise<vscode.DebugAdapterDescriptor | undefined> {
    const started = this.#started;
    if (!started || started.cwd !== cwd) return undefined;
    this.#started = undefined;
    const at = await started.listens;
    return at === undefined ? undefined : new vscode.DebugAdapterNamedPipeServer(at);
  }

  dispose(): void {
    this.#started?.dispose();
    this.#started = undefined;
  }
}

/** `ended`: it is not there any more. */
function start(installation: Installation, cwd: string | undefined, ended: () => void): Started {
  // nobody else may enter the folder
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-'));
  const at = process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 'adapter');
  const { command, args, env } = installation.reader('dap', '--listen', at);
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const gone = new Promise<undefined>((resolve) => {
    const end = (): void => {
      rmSync(folder, { recursive: true, force: true });
      ended();
      resolve(undefined);
    };
    child.once('error', end);
    child.once('exit', end);
  });
  const listens = Promise.race([once(child.stdout, 'data').then(() => at), gone]);
  return { cwd, listens, dispose: () => void child.kill() };
}
