/**
 * The workspace service as the extension sees it: one process, started with the first question, again when it has died, and
 * ended with its owner. Knows no editor.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { FromService, RequestName, Requests, ToService } from './protocol.ts';

/** What a caller may stop waiting with; VS Code's tokens are such. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export class WorkspaceService {
  private child: ChildProcess | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private isDisposed = false;

  /** `script`: the bundle of service-main.ts */
  constructor(private readonly script: string) {}

  /** of the process, while there is one */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Rejects with the service's sentence, or Cancelled. */
  async ask<K extends RequestName>(
    name: K,
    ask: Requests[K]['ask'],
    token?: Cancellation,
  ): Promise<Requests[K]['answer']> {
    if (this.isDisposed || token?.isCancellationRequested) throw new Cancelled();
    const child = (this.child ??= this.start());
    const id = (this.count += 1);
    let stopped: { dispose(): void } | undefined;
    try {
      return (await new Promise<unknown>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        stopped = token?.onCancellationRequested(() => {
          this.send(child, { cancel: id });
          reject(new Cancelled());
        });
        this.send(child, { id, name, ask } as ToService);
      })) as Requests[K]['answer'];
    } finally {
      stopped?.dispose();
      this.waiting.delete(id);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.child?.kill();
    this.fail('The workspace service was ended.');
  }

  private start(): ChildProcess {
    const { NODE_OPTIONS: _options, ...env } = process.env;
    const child = fork(this.script, [], {
      execPath: process.execPath,
      execArgv: [],
      env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (message) => this.take(message as FromService));
    const gone = (why: string): void => {
      if (this.child !== child) return;
      this.child = undefined;
      this.fail(why);
    };
    child.on('error', (error) => gone(`The workspace service could not be started: ${error.message}.`));
    child.on('exit', (code, signal) => gone(`The workspace service ended (${signal ?? code}).`));
    return child;
  }

  private send(child: ChildProcess, message: ToService): void {
    // Where it died meanwhile, its exit says so.
    if (child.connected) child.send(message, () => undefined);
  }

  private take(message: FromService): void {
    const waiting = this.waiting.get(message.id);
    if ('error' in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.answer);
  }

  private fail(why: string): void {
    for (const { reject } of this.waiting.values()) reject(this.isDisposed ? new Cancelled() : new Error(why));
    this.waiting.clear();
  }
}
