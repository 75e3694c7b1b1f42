/** Debian's services, started by tests on free ports with their files in a temporary folder. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';

/** The path of a service's program. Throws a sentence with the package to install. */
export function program(paths: readonly string[], debianPackage: string): string {
  const found = paths.find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(
      `${paths[0]} is not installed: this test needs it. Install it by \`apt-get install ${debianPackage}\`.`,
    );
  }
  return found;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Resolves when something listens. Throws after ten seconds, or when the process ends. */
export async function untilListens(port: number, child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 25) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    if (await connects(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${child.spawnfile} does not listen on ${port}`);
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const end = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

export interface ServiceOptions {
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly stopBy?: NodeJS.Signals;
}

/** A service's process. What it says goes to this process' standard error if `SERVICES_VERBOSE` is set. */
export class Service implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #stopBy: NodeJS.Signals;

  constructor(file: string, args: readonly string[], { user, stopBy = 'SIGTERM' }: ServiceOptions = {}) {
    const output = process.env['SERVICES_VERBOSE'] === undefined ? 'ignore' : 'inherit';
    this.child = spawn(file, args, { ...user, stdio: ['ignore', output, output], cwd: '/' });
    this.#stopBy = stopBy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(this.#stopBy);
    await ended;
  }
}
