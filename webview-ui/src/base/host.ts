/** The extension's host, as a panel talks to it. */
import type { PanelRequests } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { HostMessage, PanelAction, PanelCommand, PanelMessage, PickedRecording } from '../messages.ts';

/** What VS Code gives to a webview. */
interface VsCode {
  postMessage(message: PanelMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Host {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  /** `hear` is told everything but answers. */
  constructor(hear: (message: Exclude<HostMessage, { kind: 'response' }>) => void) {
    window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
      if (data.kind !== 'response') return hear(data);
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.body);
    });
  }

  /** Rejects with a sentence for the user. */
  ask<Name extends PanelCommand>(
    command: Name,
    args: PanelRequests[Name]['args'],
  ): Promise<PanelRequests[Name]['answer']> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (body) => resolve(body as PanelRequests[Name]['answer']), reject });
      this.say({ kind: 'request', id, command, args });
    });
  }

  /** Asks the user for a recording; null where they chose none. */
  pickRecording(title: string): Promise<PickedRecording | null> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (body) => resolve(body as PickedRecording | null), reject });
      this.say({ kind: 'pickRecording', id, title });
    });
  }

  ready(): void {
    this.say({ kind: 'ready' });
  }

  goTo(threadId: number, moment: number): void {
    this.say({ kind: 'goTo', moment: `${threadId}:${moment}` });
  }

  copy(text: string): void {
    this.say({ kind: 'copy', text });
  }

  /** Asks where to save it. */
  save(name: string, text: string): void {
    this.say({ kind: 'save', name, text });
  }

  /** `name`: of the failing case that it is about, null outside of any */
  run(command: PanelAction, name?: string | null): void {
    this.say(name === undefined ? { kind: 'run', command } : { kind: 'run', command, case: name });
  }

  /** `what`: of a ShownConfirmation. */
  confirm(what: string, name: string | null | undefined): void {
    this.say(name === undefined ? { kind: 'confirm', what } : { kind: 'confirm', what, case: name });
  }

  replay(recording: string): void {
    this.say({ kind: 'replay', recording });
  }

  open(path: string, line: number): void {
    this.say({ kind: 'open', path, line });
  }

  /** What the panel remembered; undefined where it did not. */
  get remembered(): unknown {
    return this.api.getState();
  }

  remember(state: unknown): void {
    this.api.setState(state);
  }

  private say(message: PanelMessage): void {
    this.api.postMessage(message);
  }
}
