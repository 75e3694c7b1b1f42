/** Which replay the panels show, and where it stands. */
import * as vscode from 'vscode';
import type { ObjectRootAnswer, ObjectRootArguments } from '../../../trace-runtime/src/model/object-answers.ts';
import type { PanelRequests } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { HostMessage, Place, Proof, Question, SessionState } from '../../../webview-ui/src/messages.ts';
import { DEBUG_TYPE } from '../replay/replayer.ts';
import type { ShownStops } from '../replay/shown-stops.ts';

/** What of the debug adapter's messages is looked at. */
interface AdapterMessage {
  readonly type?: string;
  readonly event?: string;
  readonly command?: string;
  readonly success?: boolean;
  readonly body?: { readonly moment?: string };
}

/** Responses after which breakpoints are others. */
const SETS_BREAKPOINTS: ReadonlySet<string> = new Set(['setBreakpoints', 'setFunctionBreakpoints']);

export class ReplayFollower implements vscode.Disposable {
  private readonly said = new vscode.EventEmitter<HostMessage>();
  /** what panels are told */
  readonly onDidSay = this.said.event;
  /** replays that run, the one that was looked at last behind the others */
  private readonly sessions = new Map<string, { readonly session: vscode.DebugSession; isReady: boolean }>();
  private place: Place | undefined;
  private question: Question | undefined;
  private root: ObjectRootAnswer | undefined;
  private proof: Proof | undefined;
  private readonly switched = new vscode.EventEmitter<void>();
  /** another replay is shown, or none */
  readonly onDidSwitch = this.switched.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(stops: ShownStops) {
    this.subscriptions = vscode.Disposable.from(
      this.said,
      this.switched,
      vscode.debug.onDidStartDebugSession((session) => this.lookAt(session)),
      vscode.debug.onDidChangeActiveDebugSession((session) => this.lookAt(session)),
      stops.onDidShow(() => void this.follow()),
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.forget(id)),
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: (session) => ({
          onWillStartSession: () => this.lookAt(session),
          // where it could not begin, nobody says that it has ended
          onWillStopSession: () => this.forget(session.id),
          onExit: () => this.forget(session.id),
          onDidSendMessage: (message: AdapterMessage) => this.heard(session, message),
        }),
      }),
    );
    this.lookAt(vscode.debug.activeDebugSession);
  }

  /** What a panel is told first. */
  *introduction(): Generator<HostMessage, void> {
    yield this.session();
    if (this.place) yield { kind: 'stopped', ...this.place };
    if (this.question) yield { kind: 'question', question: this.question };
    if (this.root) yield { kind: 'object', root: this.root };
    if (this.proof) yield { kind: 'proof', proof: this.proof };
  }

  /** The name of the recording that is shown, as its configuration has it; undefined where none is. */
  get recording(): string | undefined {
    const recording = this.current?.session.configuration.recording as unknown;
    return typeof recording === 'string' ? recording : undefined;
  }

  setProof(proof: Proof | undefined): void {
    if (!proof && !this.proof) return;
    this.proof = proof;
    this.said.fire({ kind: 'proof', proof: proof ?? null });
  }

  /** Rejects with a sentence for the user. */
  async ask<Name extends keyof PanelRequests>(
    command: Name,
    args: PanelRequests[Name]['args'],
  ): Promise<PanelRequests[Name]['answer']> {
    const { session } = this.current ?? {};
    if (!session) throw new Error('Nothing is replayed.');
    return (await session.customRequest(command, args)) as PanelRequests[Name]['answer'];
  }

  /** Shows in the panel what is asked, and then its answer. */
  async askWhy<Name extends 'whyValue' | 'whyLine'>(
    question: Pick<Question, 'text' | 'busy'>,
    command: Name,
    args: PanelRequests[Name]['args'],
  ): Promise<void> {
    this.setQuestion(question);
    let answered: Question;
    try {
      answered = { ...question, answer: await this.ask(command, args) };
    } catch (error) {
      answered = { ...question, error: error instanceof Error ? error.message : String(error) };
    }
    // somebody may have asked for something else
    if (this.question === question) this.setQuestion(answered);
  }

  /** Shows in its panel the graph of an object. Rejects with a sentence for the user. */
  async showObject(args: ObjectRootArguments): Promise<void> {
    this.setRoot(await this.ask('objectRoot', args));
  }

  private setRoot(root: ObjectRootAnswer | undefined): void {
    this.root = root;
    this.said.fire({ kind: 'object', root: root ?? null });
  }

  private setQuestion(question: Question | undefined): void {
    this.question = question;
    this.said.fire({ kind: 'question', question: question ?? null });
  }

  async goTo(moment: string): Promise<void> {
    await this.current?.session.customRequest('goToMoment', { moment });
  }

  private get current(): { readonly session: vscode.DebugSession; readonly isReady: boolean } | undefined {
    return [...this.sessions.values()].at(-1);
  }

  private session(): HostMessage {
    const { current } = this;
    const state: SessionState = current === undefined ? 'none' : current.isReady ? 'ready' : 'opening';
    return { kind: 'session', state, id: current?.session.id ?? '', name: current?.session.name ?? '' };
  }

  private lookAt(session: vscode.DebugSession | undefined): void {
    if (session?.type !== DEBUG_TYPE || this.current?.session.id === session.id) return;
    const isReady = this.sessions.get(session.id)?.isReady ?? false;
    this.sessions.delete(session.id);
    this.sessions.set(session.id, { session, isReady });
    this.place = undefined;
    if (this.question) this.setQuestion(undefined);
    if (this.root) this.setRoot(undefined);
    this.said.fire(this.session());
    this.switched.fire();
    void this.follow();
  }

  private forget(id: string): void {
    const wasShown = this.current?.session.id === id;
    this.sessions.delete(id);
    if (!wasShown) return;
    this.place = undefined;
    if (this.question) this.setQuestion(undefined);
    if (this.root) this.setRoot(undefined);
    this.said.fire(this.session());
    this.switched.fire();
    void this.follow();
  }

  private heard({ id }: vscode.DebugSession, { type, event, command = '', success, body }: AdapterMessage): void {
    const known = this.sessions.get(id);
    if (type === 'response' && SETS_BREAKPOINTS.has(command) && this.current?.session.id === id)
      this.said.fire({ kind: 'breakpoints' });
    if (command === 'markWrong' && success === true && body?.moment !== undefined && this.current?.session.id === id)
      this.said.fire({ kind: 'marked', moment: body.moment });
    if (event !== 'stopped' || !known) return;
    const isNews = !known.isReady;
    known.isReady = true;
    if (this.current?.session.id !== id) return;
    if (isNews) this.said.fire(this.session());
  }

  /** Tells where the replay stands, and which of its frames is selected. */
  private async follow(): Promise<void> {
    const { current } = this;
    if (!current?.isReady) return;
    const item = vscode.debug.activeStackItem;
    const isFrame = item instanceof vscode.DebugStackFrame && item.session.id === current.session.id;
    try {
      const place = await this.ask('where', isFrame ? { frameId: item.frameId } : {});
      if (this.current?.session.id !== current.session.id || isSame(this.place, place)) return;
      this.place = place;
      this.said.fire({ kind: 'stopped', ...place });
    } catch {
      // the session ends: there is nowhere to stand
    }
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.sessions.clear();
  }
}

function isSame(a: Place | undefined, b: Place): boolean {
  return (
    a?.threadId === b.threadId &&
    a.moment === b.moment &&
    a.selected === b.selected &&
    a.stack.length === b.stack.length &&
    a.stack.every((call, i) => call === b.stack[i])
  );
}
