/** Follows the daemon of the workspace: finds it, hears what it says, and comes back to it after it was away. */
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import { operationsFolder, readAddress, type DaemonAddress } from '../../../operational-loop/src/api/address.ts';
import { DaemonClient } from '../../../operational-loop/src/api/client.ts';
import type { Alert, OperationsState } from '../../../operational-loop/src/api/messages.ts';
import type { RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import type { Connection } from '../../../webview-ui/src/operations/messages.ts';

export type DaemonEvent =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'state'; readonly state: OperationsState }
  /** one that begins now */
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'rolled-back'; readonly rollout: RolloutState };

export interface ConnectionTimes {
  /** between looks for a daemon, in milliseconds */
  readonly look: number;
  /** at most between two attempts at one that does not answer */
  readonly mostWait: number;
  /** a daemon that says nothing for this long is asked whether it lives */
  readonly silence: number;
  /** within which it has to answer */
  readonly answer: number;
}

/** A daemon says something every 2 s: one that was stopped or hangs is told of within a quarter of a minute. */
export const TIMES: ConnectionTimes = { look: 2000, mostWait: 10_000, silence: 7000, answer: 7000 };

interface Found {
  /** folder of work */
  readonly folder: string;
  readonly address: DaemonAddress;
}

/** The first of these folders in whose name a daemon runs. */
export function findDaemon(folders: readonly string[]): Found | undefined {
  for (const folder of folders) {
    const address = readAddress(operationsFolder(folder));
    if (address && processLives(address.pid)) return { folder, address };
  }
  return undefined;
}

export class DaemonConnection {
  #connection: Connection = { state: 'none' };
  #state: OperationsState | undefined;
  #client: DaemonClient | undefined;
  readonly #listeners = new Set<(event: DaemonEvent) => void>();
  readonly #end = new AbortController();
  #wake: (() => void) | undefined;

  /**
   * `folders`: those whose daemon it may be, asked for at each look; the first that has one is followed. `isTrusted`: whether
   * anything may be looked for.
   */
  constructor(
    private readonly folders: () => readonly string[],
    private readonly isTrusted: () => boolean = () => true,
    private readonly times: ConnectionTimes = TIMES,
  ) {}

  get connection(): Connection {
    return this.#connection;
  }

  /** What the daemon said last; undefined until it has, and once it has ended in good order. */
  get state(): OperationsState | undefined {
    return this.#state;
  }

  /** The daemon that is connected. */
  get client(): DaemonClient | undefined {
    return this.#client;
  }

  onEvent(listener: (event: DaemonEvent) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  begin(): void {
    void this.#run();
  }

  /** Looks now, and no later. */
  look(): void {
    this.#wake?.();
  }

  dispose(): void {
    this.#end.abort();
    this.#wake?.();
    this.#listeners.clear();
  }

  async #run(): Promise<void> {
    let attempts = 0;
    while (!this.#end.signal.aborted) {
      const found = this.isTrusted() ? findDaemon(this.folders()) : undefined;
      if (!found) {
        this.#missing();
        attempts = 0;
      } else if (await this.#follow(found)) attempts = 0;
      else attempts++;
      const wait = Math.min(this.times.mostWait, this.times.look * 2 ** attempts);
      if (!this.#end.signal.aborted) await this.#pause(wait);
    }
  }

  /** No daemon runs: it was stopped, where it took its address back; else it died. */
  #missing(): void {
    const before = this.#connection;
    if (!this.isTrusted()) return this.#become({ state: 'untrusted' });
    const folders = this.folders();
    if (folders.length === 0) return this.#become({ state: 'no-folder' });
    if (!('folder' in before)) return this.#become({ state: 'none' });
    if (readAddress(operationsFolder(before.folder)))
      this.#lose(before.folder, 'The daemon ended without saying so: it crashed or was killed.');
    else {
      this.#state = undefined;
      this.#become({ state: 'none' });
    }
  }

  /** Until the daemon ends or cannot be reached; whether it was. */
  async #follow({ folder, address }: Found): Promise<boolean> {
    const client = new DaemonClient(address);
    const stream = new AbortController();
    const signal = AbortSignal.any([this.#end.signal, stream.signal]);
    if (this.#connection.state !== 'lost') this.#become({ state: 'connecting', folder });
    let isReached = false;
    try {
      const state = await client.get<OperationsState>('/v1/state', within(signal, this.times.answer));
      isReached = true;
      this.#client = client;
      this.#become({ state: 'connected', folder });
      this.#hear('state', state);
      await this.#listen(client, stream, signal);
      this.#leave(folder, 'The daemon ended the connection.');
    } catch (error) {
      this.#leave(folder, sentenceOf(error));
    } finally {
      this.#client = undefined;
      stream.abort();
    }
    return isReached;
  }

  async #listen(client: DaemonClient, stream: AbortController, signal: AbortSignal): Promise<void> {
    const ask = async (): Promise<void> => {
      try {
        this.#hear('state', await client.get<OperationsState>('/v1/state', within(signal, this.times.answer)));
      } catch (error) {
        stream.abort(error);
      }
    };
    let silence = setTimeout(() => void ask(), this.times.silence);
    try {
      for await (const { event, data } of client.events('/v1/events', signal)) {
        clearTimeout(silence);
        silence = setTimeout(() => void ask(), this.times.silence);
        this.#hear(event, data);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #hear(event: string, data: unknown): void {
    if (event === 'state') this.#tell({ kind: 'state', state: (this.#state = data as OperationsState) });
    else if (event === 'alert') this.#tell({ kind: 'alert', alert: data as Alert });
    else if (event === 'rolled-back') this.#tell({ kind: 'rolled-back', rollout: data as RolloutState });
  }

  /** A daemon that was stopped has taken its address back by now. */
  #leave(folder: string, sentence: string): void {
    if (this.#end.signal.aborted) return;
    if (readAddress(operationsFolder(folder))) this.#lose(folder, sentence);
    else this.#missing();
  }

  #lose(folder: string, sentence: string): void {
    const before = this.#connection;
    const since = before.state === 'lost' ? before.since : Date.now();
    this.#become({ state: 'lost', folder, since, sentence });
  }

  #become(connection: Connection): void {
    if (JSON.stringify(connection) === JSON.stringify(this.#connection)) return;
    this.#connection = connection;
    this.#tell({ kind: 'connection', connection });
  }

  #tell(event: DaemonEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TimeoutError' ? 'The daemon gives no answer: it is stopped, or hangs.' : error.message;
}

function within(signal: AbortSignal, ms: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}
