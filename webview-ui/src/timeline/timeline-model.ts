/** What the timeline shows of its replay, and what one can do with it. */
import { batch, computed, effect, signal } from '@preact/signals';
import type {
  CaseAnswer,
  FailureAnswer,
  ItemKind,
  NextItemArguments,
  ThreadAnswer,
  TimelineAnswer,
} from '../../../trace-runtime/src/model/panel-answers.ts';
import { RangeData } from '../base/range-data.ts';
import { panned, revealing, within, zoomed, widthOf, type Range } from '../base/range.ts';
import type { Replay } from '../base/replay.ts';
import { theme } from '../base/theme.ts';
import { layLanes, placeCases, type Lanes } from './lanes.ts';
import type { Scene } from './scene.ts';

const ZOOM = 1.6;
/** Share of the view that the arrow keys move it by. */
const STEP = 0.15;
/** Milliseconds after which hits of breakpoints are asked for again that were not all counted. */
const AGAIN = 400;

export class TimelineModel {
  readonly view = signal<Range>({ from: 0, to: 1 });
  /** under the pointer */
  readonly pointed = signal<number | undefined>(undefined);
  readonly selecting = signal<Range | undefined>(undefined);
  private readonly data = new Map<number, RangeData<TimelineAnswer>>();
  /** changes when anything is known anew */
  readonly news = signal(0);

  readonly cases = computed((): readonly CaseAnswer[] => this.ofThread(this.replay.overview.value?.cases));
  readonly failures = computed((): readonly FailureAnswer[] => this.ofThread(this.replay.overview.value?.failures));
  private readonly placed = computed(() => placeCases(this.cases.value));
  private readonly others = computed((): readonly ThreadAnswer[] => {
    const own = this.replay.thread.value?.id;
    return (this.replay.overview.value?.threads ?? []).filter(({ id }) => id !== own);
  });

  constructor(readonly replay: Replay) {
    let shown = '';
    effect(() => {
      const { id } = replay.session.value;
      const thread = replay.thread.value;
      const key = thread === undefined ? '' : `${id} ${thread.id} ${replay.place.value === undefined}`;
      if (key === shown) return;
      shown = key;
      batch(() => {
        if (thread === undefined) this.data.clear();
        this.view.value = replay.opening();
        this.selecting.value = undefined;
        this.pointed.value = undefined;
      });
    });
    effect(() => {
      const place = replay.place.value;
      if (place === undefined || place.threadId !== replay.thread.value?.id) return;
      if (replay.traveller.target.peek() !== undefined) return;
      this.view.value = revealing(this.view.peek(), place.moment, replay.whole.peek());
    });
    effect(() => {
      if (replay.breakpoints.value === 0) return;
      for (const data of this.data.values()) data.outdate();
    });
  }

  /** Where the debugger stands on the thread that is looked at, or is on its way to. */
  readonly place = computed((): number | undefined => {
    const own = this.replay.thread.value?.id;
    const target = this.replay.traveller.target.value;
    if (target !== undefined) return target.threadId === own ? target.moment : undefined;
    const place = this.replay.place.value;
    return place?.threadId === own ? place?.moment : undefined;
  });

  lanes(width: number, height: number): Lanes {
    const { whole } = this.replay;
    const known = this.partsOf(this.replay.thread.value?.id ?? 0, whole.value, width);
    const has = (column: (answer: TimelineAnswer) => readonly number[] | null): boolean =>
      known.some(({ answer }) => column(answer)?.some((value) => value > 0) === true);
    return layLanes({
      width,
      height,
      caseRows: this.placed.value.rows,
      hasThrows: this.failures.value.length > 0 || has(({ bins }) => bins.throws),
      hasOutputs: has(({ bins }) => bins.outputs),
      hasHits: known.some(({ answer }) => answer.bins.hits !== null),
      hasTicks: known.some(({ answer }) => answer.bins.ticks.reduce((sum, value) => sum + value, 0) > 1),
      others: this.others.value,
    });
  }

  /** What is drawn now; asks for what would be better. */
  scene(width: number, height: number): Scene {
    const { replay } = this;
    const thread = replay.thread.value;
    const whole = replay.whole.value;
    const view = this.view.value;
    const lanes = this.lanes(width, height);
    if (thread !== undefined)
      this.dataOf(thread.id).want(
        thread.id,
        [
          { range: whole, pixels: lanes.plot },
          { range: view, pixels: lanes.plot },
        ],
        whole,
      );
    for (const { id, end } of this.others.value) {
      const all = { from: 0, to: end + 1 };
      this.dataOf(id).want(id, [{ range: all, pixels: lanes.plot }], all);
    }
    return {
      lanes,
      view,
      whole,
      parts: this.partsOf(thread?.id ?? 0, view, lanes.plot),
      overall: this.partsOf(thread?.id ?? 0, whole, lanes.plot),
      others: new Map(
        this.others.value.map(({ id, end }) => [id, this.partsOf(id, { from: 0, to: end + 1 }, lanes.plot)]),
      ),
      cases: this.placed.value.placed,
      failures: this.failures.value,
      deepest: thread?.deepest ?? 1,
      ...this.overlay(),
      theme: theme.value,
    };
  }

  /** Reads all that the picture depends on. */
  depend(): void {
    void [this.view.value, this.news.value, this.replay.overview.value, this.replay.thread.value];
  }

  /** And what is drawn in front of it. */
  dependOverlay(): void {
    this.depend();
    void [this.pointed.value, this.selecting.value, this.place.value];
  }

  overlay(): Pick<Scene, 'pointed' | 'selecting' | 'place'> {
    return { pointed: this.pointed.value, selecting: this.selecting.value, place: this.place.value };
  }

  /** What is known of the view, at any scale. */
  partsInView() {
    return this.partsOf(this.replay.thread.value?.id ?? 0, this.view.value, Infinity);
  }

  private partsOf(threadId: number, range: Range, pixels: number) {
    return this.data.get(threadId)?.parts(threadId, range, pixels) ?? [];
  }

  private dataOf(threadId: number): RangeData<TimelineAnswer> {
    let data = this.data.get(threadId);
    if (data !== undefined) return data;
    data = new RangeData(async (id, { from, to }, pixels) => {
      const answer = await this.replay.host.ask('timeline', { threadId: id, from, to, bins: pixels });
      if (!answer.hitsAreExact) setTimeout(() => this.dataOf(id).outdate(), AGAIN);
      return answer;
    });
    this.data.set(threadId, data);
    const { version } = data;
    effect(() => {
      void version.value;
      this.news.value = this.news.peek() + 1;
    });
    return data;
  }

  private ofThread<T extends { readonly threadId: number }>(list: readonly T[] = []): readonly T[] {
    const own = this.replay.thread.value?.id;
    return list.filter(({ threadId }) => threadId === own);
  }

  goTo(moment: number): void {
    const { id, end } = this.replay.thread.value ?? {};
    if (id !== undefined) this.replay.traveller.goTo(id, Math.min(Math.max(0, moment), end ?? 0));
  }

  /** Goes there, and shows where that is. */
  jumpTo(moment: number): void {
    this.view.value = revealing(this.view.value, moment, this.replay.whole.value, 0.05);
    this.goTo(moment);
  }

  show(range: Range): void {
    this.view.value = within(range, this.replay.whole.value);
  }

  fit(): void {
    this.view.value = this.replay.whole.value;
  }

  /** `factor` below 1 zooms in; without a moment around where the debugger stands, if that is in view. */
  zoom(factor: number, at?: number): void {
    const view = this.view.value;
    const place = this.place.value;
    const middle = (view.from + view.to) / 2;
    const around = at ?? (place !== undefined && place >= view.from && place <= view.to ? place : middle);
    this.view.value = zoomed(view, around, factor, this.replay.whole.value);
  }

  zoomIn(): void {
    this.zoom(1 / ZOOM);
  }

  zoomOut(): void {
    this.zoom(ZOOM);
  }

  /** `by`: shares of the view. */
  pan(by: number): void {
    const view = this.view.value;
    this.view.value = panned(view, by * widthOf(view), this.replay.whole.value);
  }

  panLeft(): void {
    this.pan(-STEP);
  }

  panRight(): void {
    this.pan(STEP);
  }

  /** To the nearest exception, output or turn, in a direction. */
  async toItem(item: ItemKind, direction: NextItemArguments['direction']): Promise<void> {
    const threadId = this.replay.thread.value?.id;
    if (threadId === undefined) return;
    const moment = this.place.value ?? 0;
    try {
      const found = await this.replay.host.ask('nextItem', { threadId, item, moment, direction });
      const moments = found.moment === null ? [] : [found.moment];
      // what throws is not always recorded code
      if (item === 'throw') moments.push(...this.failures.value.map((failure) => failure.moment));
      const target =
        direction === 'next'
          ? Math.min(...moments.filter((each) => each > moment))
          : Math.max(...moments.filter((each) => each < moment));
      if (Number.isFinite(target)) this.jumpTo(target);
    } catch {
      // the session ends
    }
  }

  /** To the beginning of the nearest case in a direction. */
  toCase(direction: NextItemArguments['direction']): void {
    const here = this.place.value ?? 0;
    const firsts = this.cases.value.map(({ first }) => first).sort((a, b) => a - b);
    const found =
      direction === 'next' ? firsts.find((first) => first > here) : firsts.findLast((first) => first < here);
    if (found !== undefined) this.jumpTo(found);
  }
}
