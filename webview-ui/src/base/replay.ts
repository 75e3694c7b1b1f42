/** The replay that a panel shows: its recording at a glance, and where the debugger stands. */
import { batch, computed, signal } from '@preact/signals';
import type { ObjectRootAnswer } from '../../../trace-runtime/src/model/object-answers.ts';
import type { OverviewAnswer, ThreadAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { HostMessage, Place, Proof, Question, SessionState } from '../messages.ts';
import { Host } from './host.ts';
import { widthOf, within, type Range } from './range.ts';
import { Traveller } from './traveller.ts';

/** Times that a case must fit into the run to be shown alone at first. */
const FEW = 4;
/** Share of its width that is shown beside it. */
const MARGIN = 0.25;

export interface Session {
  readonly state: SessionState;
  readonly id: string;
  readonly name: string;
}

export class Replay {
  readonly host: Host;
  readonly traveller: Traveller;
  readonly session = signal<Session>({ state: 'none', id: '', name: '' });
  readonly overview = signal<OverviewAnswer | undefined>(undefined);
  /** where the debugger stands; undefined until it stands somewhere */
  readonly place = signal<Place | undefined>(undefined);
  /** changes when breakpoints do */
  readonly breakpoints = signal(0);
  /** whether anybody can see the panel */
  readonly isVisible = signal(true);
  /** STREAM:NUMBER of what was marked wrong last while one watched, once the overview has it */
  readonly marked = signal<string | undefined>(undefined);
  /** what was asked in the editor */
  readonly question = signal<Question | undefined>(undefined);
  /** the object whose graph was asked for in the editor */
  readonly root = signal<ObjectRootAnswer | undefined>(undefined);
  /** what a rerun of what failed showed */
  readonly proof = signal<Proof | undefined>(undefined);
  /** why nothing can be shown */
  readonly fault = signal<string | undefined>(undefined);
  /** the thread that is looked at: where the debugger stands, unless one has chosen another */
  readonly chosenThread = signal<number | undefined>(undefined);

  readonly thread = computed((): ThreadAnswer | undefined => {
    const threads = this.overview.value?.threads ?? [];
    const wanted = this.chosenThread.value ?? this.place.value?.threadId;
    return threads.find(({ id }) => id === wanted) ?? threads[0];
  });

  /** All moments of the thread that is looked at. */
  readonly whole = computed((): Range => ({ from: 0, to: Math.max(1, (this.thread.value?.end ?? 0) + 1) }));

  /** What is shown first: the case that the debugger stands in, where that is a small part; else all moments. */
  opening(): Range {
    const whole = this.whole.peek();
    const place = this.place.peek();
    const thread = this.thread.peek();
    if (place === undefined || place.threadId !== thread?.id) return whole;
    const cases = (this.overview.peek()?.cases ?? [])
      .filter(
        ({ threadId, first, last }) =>
          threadId === thread.id && first <= place.moment && place.moment <= (last ?? thread.end),
      )
      .map(({ first, last }) => ({ from: first, to: (last ?? thread.end) + 1 }))
      .sort((a, b) => widthOf(a) - widthOf(b));
    const [own] = cases;
    if (own === undefined || widthOf(own) * FEW > widthOf(whole)) return whole;
    const margin = widthOf(own) * MARGIN;
    return within({ from: own.from - margin, to: own.to + margin }, whole);
  }

  constructor() {
    this.host = new Host((message) => this.hear(message));
    this.traveller = new Traveller((threadId, moment) => this.host.goTo(threadId, moment));
  }

  /** To be called once everybody who shows the replay follows it. */
  begin(): void {
    this.host.ready();
  }

  private hear(message: Exclude<HostMessage, { kind: 'response' }>): void {
    if (message.kind === 'breakpoints') this.breakpoints.value = this.breakpoints.peek() + 1;
    else if (message.kind === 'visible') this.isVisible.value = message.isVisible;
    else if (message.kind === 'object') this.root.value = message.root ?? undefined;
    else if (message.kind === 'proof') this.proof.value = message.proof ?? undefined;
    else if (message.kind === 'question') this.question.value = message.question ?? undefined;
    else if (message.kind === 'marked') void this.mark(message.moment);
    else if (message.kind === 'stopped') {
      batch(() => {
        if (message.threadId !== this.place.value?.threadId) this.chosenThread.value = undefined;
        this.place.value = message;
        this.traveller.arrived();
      });
    } else {
      const { state, id, name } = message;
      const isOther = id !== this.session.value.id;
      batch(() => {
        this.session.value = { state, id, name };
        if (isOther || state !== 'ready') {
          this.overview.value = undefined;
          this.place.value = undefined;
          this.chosenThread.value = undefined;
          this.marked.value = undefined;
          this.fault.value = undefined;
        }
      });
      if (state === 'ready' && this.overview.value === undefined) void this.look(id);
    }
  }

  private async mark(moment: string): Promise<void> {
    const { id } = this.session.peek();
    await this.look(id);
    if (this.session.peek().id === id) this.marked.value = moment;
  }

  private async look(id: string): Promise<void> {
    try {
      const overview = await this.host.ask('overview', {});
      if (this.session.value.id === id) this.overview.value = overview;
    } catch (error) {
      if (this.session.value.id === id) this.fault.value = error instanceof Error ? error.message : String(error);
    }
  }
}
