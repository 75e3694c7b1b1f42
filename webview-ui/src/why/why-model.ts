/** What the panel knows: why it failed and who is suspected, asked for one after the other once somebody can see it. */
import { batch, computed, effect, signal, type Signal } from '@preact/signals';
import type { SuspectsAnswer, WhyFailedAnswer, WhyGraphAnswer } from '../../../trace-runtime/src/model/why-answers.ts';
import type { Replay } from '../base/replay.ts';
import type { Question } from '../messages.ts';

/** What was asked for. */
export type Loaded<T> =
  | { readonly state: 'waiting' | 'loading' }
  | { readonly state: 'loaded'; readonly answer: T }
  | { readonly state: 'failed'; readonly error: string };

const WIDE = 560;
const WAITING = { state: 'waiting' } as const;

export class WhyModel {
  readonly failed = signal<Loaded<WhyFailedAnswer>>(WAITING);
  readonly suspects = signal<Loaded<SuspectsAnswer>>(WAITING);
  /** STREAM:NUMBER of the failure that one has chosen; undefined: the one that the replay opened at */
  readonly chosen = signal<string | undefined>(undefined);
  /** asked in the editor, and not closed since */
  readonly question = computed((): Question | undefined => {
    const { value } = this.replay.question;
    return value === this.closed.value ? undefined : value;
  });
  /** failures that one can choose from */
  readonly failures = computed(() =>
    (this.replay.overview.value?.failures ?? []).map(({ threadId, moment, type, message, isMarked, case: name }) => ({
      id: `${threadId}:${moment}`,
      name: (isMarked ? null : name) ?? `${type}: ${message.split('\n', 1)[0]}`,
    })),
  );
  /** STREAM:NUMBER where the debugger stands */
  readonly here = computed(() => {
    const { value } = this.replay.place;
    return value && `${value.threadId}:${value.moment}`;
  });
  /** whether the graph is drawn: at first where there is room */
  readonly showsGraph = signal(window.innerWidth >= WIDE);
  private readonly graphs = new Map<string, Signal<Loaded<WhyGraphAnswer>>>();
  private readonly closed = signal<Question | undefined>(undefined);
  /** which answers are the wanted ones: earlier ones come too late */
  private round = 0;
  private sessionId: string | undefined;

  constructor(readonly replay: Replay) {
    const { graph } = (replay.host.remembered ?? {}) as { readonly graph?: boolean };
    if (graph !== undefined) this.showsGraph.value = graph;
    effect(() => replay.host.remember({ graph: this.showsGraph.value }));
    effect(() => {
      const { id, state } = replay.session.value;
      const isShown = replay.place.value !== undefined && replay.overview.value !== undefined;
      if (id !== this.sessionId || state !== 'ready') this.forget(id);
      // the line where it stopped is there before anything is asked
      if (state === 'ready' && isShown && replay.isVisible.value && this.failed.peek().state === 'waiting')
        void this.load();
    });
    effect(() => {
      const { value } = replay.marked;
      if (value !== undefined) this.choose(value);
    });
  }

  choose(failure: string): void {
    this.chosen.value = failure;
    void this.load();
  }

  /** Asks again for what was cancelled or went wrong. */
  retry(): void {
    if (this.failed.peek().state === 'failed') void this.load();
    else void this.loadSuspects(this.round);
  }

  /** Asks for it when it is wanted first. `name`: of an answer of this session. */
  graph(name: string): Signal<Loaded<WhyGraphAnswer>> {
    let known = this.graphs.get(name);
    if (!known) {
      this.graphs.set(name, (known = signal<Loaded<WhyGraphAnswer>>(WAITING)));
      void this.follow(this.round, known, this.replay.host.ask('whyGraph', { graph: name }), () => true);
    }
    return known;
  }

  closeQuestion(): void {
    this.closed.value = this.replay.question.peek();
  }

  /** `moment`: STREAM:NUMBER */
  goTo(moment: string): void {
    const [threadId, number] = moment.split(':').map(Number);
    if (threadId !== undefined && number !== undefined) this.replay.traveller.goTo(threadId, number);
  }

  private forget(id: string): void {
    this.sessionId = id;
    this.round++;
    this.graphs.clear();
    batch(() => {
      this.failed.value = WAITING;
      this.suspects.value = WAITING;
      this.chosen.value = undefined;
    });
  }

  private async load(): Promise<void> {
    const round = ++this.round;
    this.suspects.value = WAITING;
    const failure = this.chosen.peek();
    const asked = this.replay.host.ask('whyFailed', failure === undefined ? {} : { failure });
    const loaded = await this.follow(round, this.failed, asked);
    if (loaded !== undefined && loaded.failure !== null) await this.loadSuspects(round);
  }

  private async loadSuspects(round: number): Promise<void> {
    const failed = this.failed.peek();
    if (failed.state !== 'loaded' || failed.answer.failure === null) return;
    await this.follow(round, this.suspects, this.replay.host.ask('suspects', { failure: failed.answer.failure }));
  }

  private async follow<T>(
    round: number,
    into: Signal<Loaded<T>>,
    asked: Promise<T>,
    isWanted = () => round === this.round,
  ): Promise<T | undefined> {
    into.value = { state: 'loading' };
    try {
      const answer = await asked;
      if (!isWanted()) return undefined;
      into.value = { state: 'loaded', answer };
      return answer;
    } catch (error) {
      if (isWanted()) into.value = { state: 'failed', error: error instanceof Error ? error.message : String(error) };
      return undefined;
    }
  }
}
