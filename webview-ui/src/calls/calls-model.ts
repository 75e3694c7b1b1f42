/** What the calls panel shows of its replay, and what one can do with it. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { CallAnswer, FlameAnswer, FunctionAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { RangeData } from '../base/range-data.ts';
import { panned, revealing, within, widthOf, zoomed, type Range } from '../base/range.ts';
import type { Replay } from '../base/replay.ts';
import { theme } from '../base/theme.ts';
import { CallSearch } from './call-search.ts';
import { Details } from './details.ts';
import { ROW, RULER, type FlameScene, type Pointed } from './flame-layout.ts';
import { Palette } from './palette.ts';
import { TreeModel } from './tree-model.ts';

export type Mode = 'flame' | 'tree';

const ZOOM = 1.6;
const STEP = 0.15;
/** Of what is asked for: calls that are narrower than a pixel and a half are merged. */
const FINENESS = 0.7;
/** Callers that are named below the flame chart. */
const SHOWN_CALLERS = 40;
/** Depths that are asked for at first, and how many times more when one scrolls there. */
const FIRST_DEPTHS = 256;
const MORE_DEPTHS = 4;
/** Milliseconds that the debugger stands still, before the names of its calls are asked for. */
const QUIET = 60;

interface Remembered {
  readonly mode?: Mode;
  readonly follows?: boolean;
}

export class CallsModel {
  readonly mode = signal<Mode>('flame');
  /** whether it goes where the debugger goes */
  readonly follows = signal(true);
  /** the moments that the flame chart shows, and the pixels scrolled out at its top */
  readonly view = signal<Range>({ from: 0, to: 1 });
  readonly scroll = signal(0);
  readonly pointed = signal<Pointed | undefined>(undefined);
  readonly selected = signal<CallAnswer | undefined>(undefined);
  /** callers of the innermost call where the debugger stands, and itself, outermost first */
  readonly path = signal<readonly CallAnswer[]>([]);
  readonly functions = new Map<number, FunctionAnswer>();
  private readonly palette = new Palette();
  readonly flame: RangeData<FlameAnswer>;
  readonly details: Details;
  readonly tree: TreeModel;
  readonly search: CallSearch;
  /** that are asked for */
  private depths = FIRST_DEPTHS;
  /** pixels that the flame chart has */
  private size = { width: 0, height: 0 };

  constructor(readonly replay: Replay) {
    const { host } = replay;
    const { mode, follows } = (host.remembered ?? {}) as Remembered;
    if (mode !== undefined) this.mode.value = mode;
    if (follows !== undefined) this.follows.value = follows;
    this.flame = new RangeData(async (threadId, { from, to }, pixels) => {
      const answer = await host.ask('flame', { threadId, from, to, pixels, deepest: this.depths });
      for (const each of answer.functions) this.functions.set(each.id, each);
      return answer;
    });
    this.details = new Details((calls) => host.ask('callDetails', { threadId: this.threadId, calls }));
    this.tree = new TreeModel(
      (parent, start, count) => host.ask('callTree', { threadId: this.threadId, parent, start, count }),
      (call) => host.ask('callPath', { threadId: this.threadId, call }),
    );
    this.search = new CallSearch(
      (text, from) => host.ask('findCalls', { threadId: this.threadId, text, count: 1, ...from }),
      (call) => this.select(call),
      () => this.selected.peek()?.call ?? this.stack.peek().at(-1) ?? 0,
    );
    this.beginEffects();
  }

  private beginEffects(): void {
    const { replay } = this;
    let shown = '';
    let reading: ReturnType<typeof setTimeout> | undefined;
    effect(() => {
      const thread = replay.thread.value;
      const key =
        thread === undefined ? '' : `${replay.session.value.id} ${thread.id} ${replay.place.value === undefined}`;
      if (key === shown) return;
      shown = key;
      batch(() => {
        this.flame.clear();
        this.functions.clear();
        this.palette.clear();
        this.details.clear();
        this.tree.clear();
        this.search.clear();
        this.selected.value = undefined;
        this.pointed.value = undefined;
        this.path.value = [];
        this.scroll.value = 0;
        this.view.value = replay.opening();
      });
    });
    effect(() => {
      const innermost = this.stack.value.at(-1);
      void replay.thread.value;
      clearTimeout(reading);
      if (innermost === undefined) this.path.value = [];
      else reading = setTimeout(() => void this.readPath(innermost), QUIET);
    });
    effect(() => {
      const place = this.place.value;
      const { length } = this.stack.value;
      if (place === undefined || !this.follows.value || replay.traveller.target.peek() !== undefined) return;
      batch(() => {
        this.view.value = revealing(this.view.peek(), place, replay.whole.peek());
        this.revealRow(length - 1);
      });
    });
    effect(() => {
      const innermost = this.stack.peek().at(-1);
      if (this.mode.value === 'tree' && this.follows.peek() && innermost !== undefined)
        void this.tree.reveal(innermost);
    });
    effect(() => replay.host.remember({ mode: this.mode.value, follows: this.follows.value } satisfies Remembered));
  }

  private get threadId(): number {
    return this.replay.thread.peek()?.id ?? 0;
  }

  /** Calls on the stack where the debugger stands on the thread that is looked at, outermost first. */
  readonly stack = computed((): readonly number[] => {
    const place = this.replay.place.value;
    return place?.threadId === this.replay.thread.value?.id ? (place?.stack ?? []) : [];
  });

  readonly place = computed((): number | undefined => {
    const own = this.replay.thread.value?.id;
    const target = this.replay.traveller.target.value;
    if (target !== undefined) return target.threadId === own ? target.moment : undefined;
    const place = this.replay.place.value;
    return place?.threadId === own ? place?.moment : undefined;
  });

  private readonly stackSet = computed(() => new Set(this.stack.value));

  private async readPath(innermost: number): Promise<void> {
    try {
      const { path } = await this.replay.host.ask('callPath', {
        threadId: this.threadId,
        call: innermost,
        last: SHOWN_CALLERS,
      });
      if (this.stack.peek().at(-1) !== innermost) return;
      this.path.value = path.map(({ call }) => call);
      if (this.follows.peek() && this.mode.peek() === 'tree') await this.tree.reveal(innermost);
    } catch {
      // the session ends
    }
  }

  /** Reads all that the flame chart depends on. */
  depend(): void {
    void [this.view.value, this.scroll.value, this.selected.value, this.flame.version.value];
    void [this.stack.value, this.search.text.value, this.replay.thread.value];
  }

  /** And what is drawn in front of it. */
  dependOverlay(): void {
    void [this.view.value, this.scroll.value, this.pointed.value, this.place.value, this.replay.thread.value];
  }

  overlay(): Pick<FlameScene, 'pointed' | 'place'> {
    return { pointed: this.pointed.value, place: this.place.value };
  }

  /** What is drawn now; asks for what would be better. */
  scene(width: number, height: number): FlameScene {
    const isFirst = this.size.height === 0;
    this.size = { width, height };
    if (isFirst && this.follows.peek()) queueMicrotask(() => this.revealRow(this.stack.peek().length - 1));
    if ((this.scroll.value + height) / ROW > this.depths) {
      this.depths *= MORE_DEPTHS;
      this.flame.outdate();
    }
    const { replay } = this;
    const whole = replay.whole.value;
    const view = this.view.value;
    const pixels = Math.ceil(width * FINENESS);
    this.flame.want(
      this.threadId,
      [
        { range: view, pixels },
        { range: whole, pixels },
      ],
      whole,
    );
    return {
      width,
      height,
      view,
      scroll: this.scroll.value,
      parts: this.flame.parts(this.threadId, view, pixels),
      functions: this.functions,
      palette: this.palette,
      stack: this.stackSet.value,
      innermost: this.stack.value.at(-1),
      place: this.place.value,
      selected: this.selected.value?.call,
      pointed: this.pointed.value,
      found: this.search.matching(this.functions),
      theme: theme.value,
    };
  }

  /** Goes to where a call begins. */
  goTo(call: Pick<CallAnswer, 'first'>): void {
    if (this.threadId !== 0) this.replay.traveller.goTo(this.threadId, call.first);
  }

  goToMoment(moment: number): void {
    if (this.threadId !== 0)
      this.replay.traveller.goTo(this.threadId, Math.min(moment, this.replay.whole.value.to - 1));
  }

  /** Shows a call, without going there. */
  select(call: CallAnswer): void {
    batch(() => {
      this.selected.value = call;
      const { from, to } = this.view.value;
      if (call.first < from || call.first >= to || (call.last - call.first) * 200 < to - from)
        this.show({ from: call.first - 1 - call.inside * 4 - 40, to: call.last + 1 + call.inside * 4 + 40 });
    });
    void this.tree.reveal(call.call).then((level) => {
      if (level !== undefined) this.revealRow(level - 1);
    });
  }

  /** Chooses a call near the chosen one: by default near the innermost where the debugger stands. */
  async selectBeside(which: 'caller' | 'called' | 'before' | 'behind'): Promise<void> {
    const from = this.selected.value?.call ?? this.stack.value.at(-1);
    if (from === undefined) return;
    const { host } = this.replay;
    const { threadId } = this;
    try {
      if (which === 'called') {
        const { calls } = await host.ask('callTree', { threadId, parent: from, start: 0, count: 1 });
        if (calls[0] !== undefined) this.select(calls[0]);
        return;
      }
      const { path } = await host.ask('callPath', { threadId, call: from, last: 2 });
      const above = path.at(-2)?.call;
      if (which === 'caller') {
        if (above !== undefined) this.select(above);
        return;
      }
      const start = (path.at(-1)?.index ?? 0) + (which === 'before' ? -1 : 1);
      if (start < 0) return;
      const { calls } = await host.ask('callTree', { threadId, parent: above?.call ?? 0, start, count: 1 });
      if (calls[0] !== undefined) this.select(calls[0]);
    } catch {
      // the session ends
    }
  }

  /** The call that a rectangle stands for: the longest in it. */
  async callOf({ answer, row }: Pointed): Promise<CallAnswer | undefined> {
    try {
      const { path } = await this.replay.host.ask('callPath', {
        threadId: answer.threadId,
        call: answer.call[row]!,
        last: 1,
      });
      return path.at(-1)?.call;
    } catch {
      return undefined;
    }
  }

  show(range: Range): void {
    this.view.value = within(range, this.replay.whole.value);
  }

  fit(): void {
    batch(() => {
      this.view.value = this.replay.whole.value;
      this.scroll.value = 0;
    });
  }

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

  scrollBy(pixels: number): void {
    const rows = this.replay.thread.value?.deepest ?? 0;
    const most = Math.max(0, rows * ROW - (this.size.height - RULER) + ROW / 2);
    this.scroll.value = Math.min(most, Math.max(0, this.scroll.value + pixels));
  }

  /** Scrolls the flame chart so that calls of the depth are in sight. */
  private revealRow(depth: number): void {
    const { height } = this.size;
    if (height === 0 || depth < 0) return;
    const top = depth * ROW;
    const room = height - RULER - ROW * 1.5;
    if (top < this.scroll.value) this.scroll.value = Math.max(0, top - ROW);
    else if (top > this.scroll.value + room) this.scroll.value = top - room;
  }
}
