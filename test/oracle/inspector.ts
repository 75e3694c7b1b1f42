import type { ChildProcess } from 'node:child_process';
import { endGroup, startGroup } from '../support/program-group.ts';
import { WebSocketClient } from './websocket.ts';

export interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly value?: unknown;
  readonly objectId?: string;
  readonly description?: string;
}

export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly functionLocation?: Location;
  readonly location: Location;
  readonly scopeChain: readonly {
    readonly type: string;
    readonly name?: string;
    readonly object: RemoteObject;
    readonly startLocation?: Location;
    readonly endLocation?: Location;
  }[];
  readonly this: RemoteObject;
}

export interface Paused {
  readonly reason: string;
  readonly callFrames: readonly CallFrame[];
  readonly hitBreakpoints?: readonly string[];
}

export interface Script {
  readonly scriptId: string;
  readonly url: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The reason of the last pause, when the program waits for the debugger to leave. */
export const PROGRAM_END = 'end of the program';

const NOISE = /^(Debugger (listening on|ending on|attached)|For help, see: |Waiting for the debugger to disconnect)/;

/** A Node program under V8's inspector, stopped before its first statement. */
export class InspectedProgram {
  readonly #child: ChildProcess;
  readonly #socket: WebSocketClient;
  readonly #pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  readonly #pauses: Paused[] = [];
  #wake: (() => void) | undefined;
  #sent = 0;
  #closed = false;
  #stdout = '';
  #stderr = '';
  readonly scripts: Script[] = [];
  readonly ended: Promise<Ended>;
  onScript: (script: Script) => void = () => undefined;
  onResolved: (breakpointId: string, location: Location) => void = () => undefined;
  /** what the program last sent through a binding of `Runtime.addBinding` */
  report = '';

  private constructor(child: ChildProcess, socket: WebSocketClient, stderr: string) {
    this.#child = child;
    this.#socket = socket;
    this.#stderr = stderr;
    child.stdout?.on('data', (data: Buffer) => (this.#stdout += data.toString()));
    child.stderr?.removeAllListeners('data').on('data', (data: Buffer) => (this.#stderr += data.toString()));
    // Whoever is left in the group would keep the pipes open.
    child.on('exit', () => endGroup(child));
    this.ended = new Promise((resolve) => {
      child.on('close', (exitCode, signal) => {
        this.#finish();
        const stderrText = this.#stderr
          .split('\n')
          .filter((line) => !NOISE.test(line))
          .join('\n');
        resolve({ exitCode, signal, stdout: this.#stdout, stderr: stderrText });
      });
    });
    socket.onMessage = (text) => this.#message(text);
    socket.onClose = () => this.#finish();
  }

  static async start(
    node: string,
    argv: readonly string[],
    cwd: string,
    env: NodeJS.ProcessEnv,
  ): Promise<InspectedProgram> {
    const args = ['--inspect-brk=127.0.0.1:0', ...argv];
    const child = startGroup(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', () => reject(new Error(`The program ended before its inspector listened:\n${stderr}`)));
      child.stderr?.on('data', (data: Buffer) => {
        stderr += data.toString();
        const found = /ws:\/\/\S+/.exec(stderr);
        if (found) resolve(found[0]);
      });
    });
    const program = new InspectedProgram(child, await WebSocketClient.connect(url), stderr);
    await program.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
    await program.send('NodeWorker.enable', { waitForDebuggerOnStart: false });
    await program.send('Runtime.enable');
    await program.send('Debugger.enable', { maxScriptsCacheSize: 10_000_000 });
    await program.send('Runtime.runIfWaitingForDebugger');
    return program;
  }

  send(method: string, params: object = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error(`The program ended before ${method}.`));
    const id = ++this.#sent;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  /** The next pause; undefined when the program has ended. */
  async paused(): Promise<Paused | undefined> {
    while (this.#pauses.length === 0 && !this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#pauses.shift();
  }

  /** Lets a program that is at its end go. */
  disconnect(): void {
    this.#socket.close();
  }

  kill(): void {
    endGroup(this.#child);
  }

  #message(text: string): void {
    const message = JSON.parse(text) as {
      readonly id?: number;
      readonly method?: string;
      readonly params?: unknown;
      readonly result?: unknown;
      readonly error?: { readonly message: string };
    };
    if (message.id !== undefined) {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error) waiting?.reject(new Error(message.error.message));
      else waiting?.resolve(message.result);
    } else if (message.method === 'Debugger.paused') {
      this.#pauses.push(message.params as Paused);
      this.#wake?.();
    } else if (message.method === 'Debugger.scriptParsed') {
      this.scripts.push(message.params as Script);
      this.onScript(message.params as Script);
    } else if (message.method === 'Debugger.breakpointResolved') {
      const { breakpointId, location } = message.params as {
        readonly breakpointId: string;
        readonly location: Location;
      };
      this.onResolved(breakpointId, location);
    } else if (message.method === 'Runtime.bindingCalled') {
      this.report = (message.params as { readonly payload: string }).payload;
    } else if (message.method === 'NodeWorker.attachedToWorker') {
      // Worker threads inherit --inspect-brk and would wait for a debugger of their own.
      const { sessionId } = message.params as { readonly sessionId: string };
      const run = JSON.stringify({ id: 1, method: 'Runtime.runIfWaitingForDebugger' });
      this.send('NodeWorker.sendMessageToWorker', { sessionId, message: run })
        .then(() => this.send('NodeWorker.detach', { sessionId }))
        .catch(() => undefined);
    } else if (message.method === 'NodeRuntime.waitingForDisconnect') {
      this.#pauses.push({ reason: PROGRAM_END, callFrames: [] });
      this.#wake?.();
    }
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiting of this.#pending.values()) waiting.reject(new Error('The program ended.'));
    this.#pending.clear();
    this.#wake?.();
  }
}
