/** The extension's host, as the operations panel talks to it. */
import type { Exemplar } from '../../../operational-loop/src/api/messages.ts';
import type {
  ActionResult,
  OperationsAction,
  OperationsCommand,
  OperationsHostMessage,
  OperationsPanelMessage,
  OperationsQueries,
  OperationsQuery,
} from './messages.ts';

/** What VS Code gives to a webview. */
interface VsCode {
  postMessage(message: OperationsPanelMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Heard = Exclude<OperationsHostMessage, { kind: 'response' }>;

export class OperationsHost {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  /** `hear` is told everything but answers. */
  constructor(hear: (message: Heard) => void) {
    window.addEventListener('message', ({ data }: MessageEvent<OperationsHostMessage>) => {
      if (data.kind !== 'response') return hear(data);
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.body);
    });
  }

  ready(): void {
    this.say({ kind: 'ready' });
  }

  /** Rejects with a sentence for the user. */
  ask<Query extends OperationsQuery>(
    query: Query,
    args: OperationsQueries[Query]['args'],
  ): Promise<OperationsQueries[Query]['answer']> {
    return this.expect((id) => ({ kind: 'request', id, query, args }));
  }

  /** Rejects with a sentence for the user. */
  act(action: OperationsAction): Promise<ActionResult> {
    return this.expect((id) => ({ kind: 'act', id, action }));
  }

  run(command: OperationsCommand): void {
    this.say({ kind: 'run', command });
  }

  openExemplar(exemplar: Exemplar): void {
    this.say({ kind: 'openExemplar', exemplar });
  }

  openRecording(recording: string): void {
    this.say({ kind: 'openRecording', recording });
  }

  /** What the panel remembered; undefined where it did not. */
  get remembered(): unknown {
    return this.api.getState();
  }

  remember(state: unknown): void {
    this.api.setState(state);
  }

  private expect<T>(message: (id: number) => OperationsPanelMessage): Promise<T> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (body) => resolve(body as T), reject });
      this.say(message(id));
    });
  }

  private say(message: OperationsPanelMessage): void {
    this.api.postMessage(message);
  }
}
