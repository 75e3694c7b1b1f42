/**
 * A process that runs code which the recording holds or a person typed. It can neither read files, connect nor start
 * anything, and is ended at its limit. Who asks waits: moves and conditions are decided at a moment, one after the other.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import {
  TRIAL_RUNS,
  READY,
  type Ask,
  type EvaluateRequest,
  type Outcome,
  type TrialAnswer,
  type TrialRequest,
} from './messages.ts';

export interface BridgeData {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly flag: SharedArrayBuffer;
}

export type FromBridge = { readonly pid: number } | { readonly line: string } | { readonly ended: true };

export interface SandboxOptions {
  /** folder with the sandbox's programs */
  readonly folder: string;
  /** that of the recorded program; this process's where it is not known */
  readonly timeZone?: string | undefined;
  /** how long one evaluation may take, in milliseconds */
  readonly limit?: number;
}

const LIMIT = 2000;
/** How long the process may take to start, in milliseconds. */
const START = 10_000;
/** How often somebody looks whether it has started, in milliseconds. */
const LOOK = 5;
const MEMORY = 512;

interface Running {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly flag: Int32Array;
  pid: number;
}

export class Sandbox {
  /** names that its console's realm keeps */
  readonly kept = new Set<string>();
  private running: Running | undefined;
  private isWarm = false;

  constructor(private readonly options: SandboxOptions) {}

  /** Starts the process, so that whoever evaluates then waits for the evaluation alone; never rejects. */
  async warm(): Promise<void> {
    const running = (this.running ??= this.start());
    const deadline = performance.now() + START;
    while (this.running === running && !this.isWarm && performance.now() < deadline) {
      const received = receiveMessageOnPort(running.port) as { message: FromBridge } | undefined;
      if (received) this.heard(running, received.message);
      else await delay(LOOK);
    }
  }

  /** Evaluates; `answer` tells what the sandbox asks for. */
  evaluate(request: EvaluateRequest, answer: (question: Ask) => unknown): Outcome {
    const { realm, ...rest } = request;
    // what the sandbox decides by comes first
    return this.exchange<Outcome>(JSON.stringify({ realm, ...rest }), answer);
  }

  /** Evaluates with each of several changes of the program. */
  attempt(request: TrialRequest, answer: (question: Ask) => unknown): TrialAnswer {
    const { milliseconds, again, ...rest } = request;
    const limit = (this.options.limit ?? LIMIT) + request.trials.length * TRIAL_RUNS * milliseconds;
    const answered = this.exchange<TrialAnswer>(JSON.stringify({ milliseconds, again, ...rest }), answer, limit);
    if ('outcomes' in answered) return answered;
    return { milliseconds: limit, outcomes: request.trials.map(() => answered) };
  }

  private exchange<T>(
    request: string,
    answer: (question: Ask) => unknown,
    limit = this.options.limit ?? LIMIT,
  ): T | { readonly refused: string } {
    const running = (this.running ??= this.start());
    running.port.postMessage(request);
    let deadline = performance.now() + (this.isWarm ? limit : limit + START);
    for (;;) {
      const message = this.next(running, deadline);
      if (message === undefined) {
        this.end();
        return { refused: `The evaluation was stopped after ${limit / 1000} s.` };
      }
      const wasWarm = this.isWarm;
      const line = this.heard(running, message);
      if (!this.running) return { refused: 'The process that evaluates ended: it may have run out of memory.' };
      if (this.isWarm && !wasWarm) deadline = performance.now() + limit;
      const question = line?.startsWith('Q') ? line.indexOf(' ') : -1;
      if (line !== undefined && question > 0)
        running.port.postMessage(
          `A${line.slice(1, question)} ${JSON.stringify(answer(JSON.parse(line.slice(question + 1)) as Ask))}`,
        );
      else if (line !== undefined) return JSON.parse(line.slice(1)) as T;
    }
  }

  /** A question or an answer, where the message is one. */
  private heard(running: Running, message: FromBridge): string | undefined {
    if ('pid' in message) running.pid = message.pid;
    else if ('ended' in message) this.end();
    else if (message.line === READY) this.isWarm = true;
    else return message.line;
    return undefined;
  }

  /** Ends the process; the next evaluation starts another. */
  end(): void {
    const { running } = this;
    this.running = undefined;
    this.isWarm = false;
    this.kept.clear();
    if (!running) return;
    if (running.pid > 0) kill(running.pid);
    running.port.close();
    void running.worker.terminate();
  }

  private start(): Running {
    const { folder, timeZone } = this.options;
    const main = path.join(folder, 'sandbox.cjs');
    const isNew = process.allowedNodeEnvironmentFlags.has('--permission');
    const args = [
      isNew ? '--permission' : '--experimental-permission',
      `--allow-fs-read=${main}`,
      `--allow-fs-read=${path.join(folder, 'sandbox-realm.js')}`,
      `--allow-fs-read=${path.join(folder, 'sandbox-assertions.js')}`,
      '--no-warnings',
      `--max-old-space-size=${MEMORY}`,
      main,
    ];
    const { port1, port2 } = new MessageChannel();
    const shared = new SharedArrayBuffer(4);
    const worker = new Worker(path.join(folder, 'sandbox-bridge.cjs'), {
      workerData: {
        command: process.execPath,
        args,
        env: timeZone ? { TZ: timeZone } : {},
        flag: shared,
        port: port2,
      } satisfies BridgeData & {
        port: MessagePort;
      },
      transferList: [port2],
      stderr: true,
      stdout: true,
    });
    worker.unref();
    port1.unref();
    return { worker, port: port1, flag: new Int32Array(shared), pid: 0 };
  }

  private next({ port, flag }: Running, deadline: number): FromBridge | undefined {
    for (;;) {
      const seen = Atomics.load(flag, 0);
      const received = receiveMessageOnPort(port) as { message: FromBridge } | undefined;
      if (received) return received.message;
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      Atomics.wait(flag, 0, seen, left);
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
