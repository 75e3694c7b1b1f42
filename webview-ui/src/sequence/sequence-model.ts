/** What the panel draws: a scope, a page of it, and what it is compared with; asked for anew when one of them changes. */
import { batch, computed, effect, signal } from '@preact/signals';
import type {
  SequenceAgainst,
  SequenceAnswer,
  SequenceRow,
  SequenceScope,
} from '../../../trace-runtime/src/model/sequence-answers.ts';
import type { Replay } from '../base/replay.ts';

export const PAGE = 60;

export type Loaded =
  | { readonly state: 'loading'; readonly last: SequenceAnswer | undefined }
  | { readonly state: 'loaded'; readonly answer: SequenceAnswer }
  | { readonly state: 'failed'; readonly error: string };

/** A call that one looks into. */
interface Inner {
  readonly name: string;
  readonly threadId: number;
  readonly call: number;
}

export interface Compared {
  readonly against: SequenceAgainst;
  readonly name: string;
}

export class SequenceModel {
  readonly page = signal<Loaded>({ state: 'loading', last: undefined });
  /** `whole`, or THREAD:CASE */
  readonly chosen = signal('whole');
  /** calls that one looks into, the outermost first */
  readonly inner = signal<readonly Inner[]>([]);
  readonly inside = signal(false);
  readonly start = signal(0);
  readonly compared = signal<Compared | undefined>(undefined);
  /** cases that one can choose */
  readonly cases = computed(() =>
    (this.replay.overview.value?.cases ?? []).map(({ threadId, id, name, outcome }) => ({
      id: `${threadId}:${id}`,
      name: outcome === 'failed' ? `✗ ${name}` : name,
    })),
  );
  /** STREAM:NUMBER where the debugger stands */
  readonly here = computed(() => {
    const { value } = this.replay.place;
    return value && `${value.threadId}:${value.moment}`;
  });
  private readonly scope = computed((): SequenceScope => {
    const call = this.inner.value.at(-1);
    if (call) return { kind: 'call', threadId: call.threadId, call: call.call };
    return scopeOf(this.chosen.value) ?? { kind: 'whole' };
  });
  private round = 0;
  private sessionId: string | undefined;

  constructor(readonly replay: Replay) {
    effect(() => {
      const { id, state } = replay.session.value;
      const overview = replay.overview.value;
      if (state !== 'ready' || !overview) return;
      if (id === this.sessionId) return;
      this.sessionId = id;
      batch(() => {
        const failed = overview.failures[0] && overview.cases.find((each) => each.name === overview.failures[0]!.case);
        this.chosen.value = failed ? `${failed.threadId}:${failed.id}` : 'whole';
        this.inner.value = [];
        this.start.value = 0;
        this.compared.value = undefined;
      });
    });
    effect(() => {
      const args = {
        scope: this.scope.value,
        inside: this.inside.value,
        start: this.start.value,
        count: PAGE,
        // a call is looked into in this run alone
        ...(this.compared.value && this.inner.value.length === 0 ? { against: this.compared.value.against } : {}),
      };
      if (replay.session.value.state === 'ready' && replay.overview.value && replay.isVisible.value)
        void this.load(args);
    });
  }

  choose(chosen: string): void {
    batch(() => {
      this.chosen.value = chosen;
      this.inner.value = [];
      this.start.value = 0;
      const { against } = this.compared.peek() ?? {};
      if (against?.kind === 'case') this.compared.value = undefined;
    });
  }

  /** `''`: with nothing; THREAD:CASE, or `other`: asks which recording. */
  async compare(wanted: string): Promise<void> {
    if (wanted !== 'other') {
      const against = scopeOf(wanted);
      const name = this.cases.peek().find(({ id }) => id === wanted)?.name ?? '';
      batch(() => {
        this.start.value = 0;
        this.compared.value = against ? { against, name } : undefined;
      });
      return;
    }
    const picked = await this.replay.host.pickRecording('Compare Calls With');
    if (!picked) return;
    batch(() => {
      this.start.value = 0;
      this.compared.value = { against: { kind: 'recording', recording: picked.recording }, name: picked.name };
    });
  }

  lookInto({ name, threadId, call }: SequenceRow): void {
    batch(() => {
      this.inner.value = [...this.inner.peek(), { name, threadId, call }];
      this.start.value = 0;
    });
  }

  /** To the call around it; `depth`: so many calls stay. */
  goOut(depth: number): void {
    batch(() => {
      this.inner.value = this.inner.peek().slice(0, depth);
      this.start.value = 0;
    });
  }

  goTo({ moment }: SequenceRow): void {
    const [threadId, number] = (moment ?? '').split(':').map(Number);
    if (threadId !== undefined && number !== undefined) this.replay.traveller.goTo(threadId, number);
  }

  private async load(args: Parameters<SequenceModel['replay']['host']['ask']>[1] & object): Promise<void> {
    const round = ++this.round;
    const known = this.page.peek();
    this.page.value = { state: 'loading', last: known.state === 'loaded' ? known.answer : undefined };
    try {
      const answer = await this.replay.host.ask('sequence', args as never);
      if (round === this.round) this.page.value = { state: 'loaded', answer };
    } catch (error) {
      if (round === this.round)
        this.page.value = { state: 'failed', error: error instanceof Error ? error.message : String(error) };
    }
  }
}

function scopeOf(text: string): Extract<SequenceScope, { kind: 'case' }> | undefined {
  const [threadId, id] = text.split(':').map(Number);
  return threadId === undefined || id === undefined ? undefined : { kind: 'case', threadId, id };
}
