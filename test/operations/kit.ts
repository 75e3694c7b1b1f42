/** A daemon of one's own, with a service of one's own, and requests for it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { operationsFolder, readAddress } from '../../operational-loop/src/api/address.ts';
import { DaemonClient } from '../../operational-loop/src/api/client.ts';
import type { OperationsState } from '../../operational-loop/src/api/messages.ts';
import { processLives } from '../../trace-runtime/src/base/processes.ts';
import { collect, hindcast, NODE, run, type Run } from '../cli/kit.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

const fleet = path.resolve(import.meta.dirname, '../../examples/fleet');

/** The example's configuration, whose canaries may be this many times slower: other tests run beside it, and its latency is theirs. */
export function withLatencyMargin(margin: number): Readonly<Record<string, string>> {
  const name = 'hindcast-ops.yaml';
  const text = readFileSync(path.join(fleet, name), 'utf8');
  expect(text).toContain('latencyMargin: 1.5');
  return { [name]: text.replace('latencyMargin: 1.5', `latencyMargin: ${margin}`) };
}

export class Daemon {
  readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-operations-')));
  #child: ChildProcess | undefined;
  #ended: Promise<Run> | undefined;

  /** `files`: besides a copy of the example, whose configuration is put in their place. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    cpSync(fleet, this.folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(this.folder, name)), { recursive: true });
      writeFileSync(path.join(this.folder, name), text);
    }
  }

  async start(...args: readonly string[]): Promise<DaemonClient> {
    const child = spawn(NODE, [hindcast, 'ops', 'serve', ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#ended = collect(child);
    await until(() => {
      const address = readAddress(operationsFolder(this.folder));
      return child.exitCode !== null || (address && processLives(address.pid)) || undefined;
    });
    return this.client;
  }

  get client(): DaemonClient {
    return DaemonClient.find(operationsFolder(this.folder));
  }

  get address(): { readonly url: string; readonly pid: number; readonly token: string } {
    return readAddress(operationsFolder(this.folder))!;
  }

  run(...args: readonly string[]): Run {
    return run(this.folder, ...args);
  }

  state(): Promise<OperationsState> {
    return this.client.get<OperationsState>('/v1/state');
  }

  /** As soon as the state has it. */
  until<T>(find: (state: OperationsState) => T | undefined): Promise<T> {
    let seen: OperationsState | undefined;
    return until(
      async () => find((seen = await this.state())),
      () => JSON.stringify({ rollouts: seen?.rollouts, alerts: seen?.alerts, services: seen?.services }),
    );
  }

  /** As the daemon ends when it is told to. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Run | undefined> {
    if (this.#child?.exitCode === null) this.#child.kill(signal);
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = await this.stop();
    if (ended && ended.status !== 0 && ended.signal === null) console.error(`the daemon said:\n${ended.stderr}`);
    removeFolder(this.folder);
  }
}

const PATIENCE = 150_000;

export async function until<T>(
  find: () => T | undefined | Promise<T | undefined>,
  seen: () => string = () => '',
): Promise<T> {
  for (const end = Date.now() + PATIENCE; ;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > end) expect.fail(`waited ${PATIENCE / 1000} s for ${find} ${seen()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Requests `rate` products a second, until it is disposed. */
export function load(url: string, rate: number): Disposable & { readonly statuses: readonly number[] } {
  const statuses: number[] = [];
  const timer = setInterval(() => {
    const id = Math.floor(Math.random() * 400) + 1;
    fetch(`${url}/products/${id}`).then(
      async (response) => {
        await response.arrayBuffer();
        statuses.push(response.status);
      },
      () => statuses.push(0),
    );
  }, 1000 / rate);
  return { statuses, [Symbol.dispose]: () => clearInterval(timer) };
}
