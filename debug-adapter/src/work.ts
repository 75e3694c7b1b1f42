/** Long work on a recording: one piece at a time, in slices, so that requests have their turn between them. */
import type { Timeline } from '../../trace-runtime/src/query/timeline.ts';
import type { RecordedThread } from './recorded-thread.ts';

/** Work under way: gives how far it has come, from time to time. */
export type Progress<T> = Generator<number, T, void>;

export interface Task<T> {
  readonly title: string;
  readonly work: Progress<T>;
  /** what it gives at its end */
  readonly total: number;
}

/** Tells a person what goes on: it takes longer than they would wait without a word. */
export interface Notice {
  begin(id: string, title: string): void;
  update(id: string, share: number): void;
  end(id: string): void;
}

const SLICE = 40;
/** Milliseconds that the background waits after a move, for what the client asks about where it stopped. */
const GIVES_WAY = 120;
const UNNOTICED = 400;

interface Current {
  readonly id: string;
  readonly isMove: boolean;
  cancelled: boolean;
}

export class Work {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly current = new Set<Current>();
  private count = 0;
  private movedAt = -Infinity;

  constructor(private readonly notice: Notice) {}

  /** Does the work before anything that is asked for later; undefined where it was cancelled. */
  move<T>(task: Task<T>): Promise<T | undefined> {
    this.movedAt = performance.now();
    const done = this.queue
      .then(() => this.run(task, true, (slice) => slice()))
      .finally(() => (this.movedAt = performance.now()));
    this.queue = done.catch(() => undefined);
    return done;
  }

  /** Does the work while nothing else is to be done; each thread stands afterwards where it stood. */
  background<T>(task: Task<T>, threads: readonly RecordedThread[]): Promise<T | undefined> {
    let places = threads.map(({ timeline }) => timeline.position);
    return this.run(task, false, (slice) => {
      const turn = this.queue.then(() => {
        const own = threads.map(({ timeline }) => timeline.position);
        threads.forEach(({ timeline }, i) => timeline.seek(places[i]!));
        try {
          return slice();
        } finally {
          places = threads.map(({ timeline }) => timeline.position);
          threads.forEach(({ timeline }, i) => timeline.seek(own[i]!));
        }
      });
      this.queue = turn.catch(() => undefined);
      return turn;
    });
  }

  get isMoving(): boolean {
    return [...this.current].some(({ isMove }) => isMove);
  }

  /** Ends what moves, or the one of that name. */
  cancel(id?: string): void {
    for (const each of this.current) if (id === undefined ? each.isMove : each.id === id) each.cancelled = true;
  }

  cancelAll(): void {
    for (const each of this.current) each.cancelled = true;
  }

  /** Until no move was made for a while; whoever is cancelled waits no longer. */
  async calm(waiting?: { readonly cancelled: boolean }): Promise<void> {
    do {
      const left = Math.min(this.movedAt + GIVES_WAY - performance.now(), SLICE);
      await new Promise((resolve) => (left > 0 ? setTimeout(resolve, left) : setImmediate(resolve)));
    } while (!waiting?.cancelled && performance.now() - this.movedAt < GIVES_WAY);
  }

  private async run<T>(
    { title, work, total }: Task<T>,
    isMove: boolean,
    turn: (slice: () => IteratorResult<number, T>) => IteratorResult<number, T> | Promise<IteratorResult<number, T>>,
  ): Promise<T | undefined> {
    const own: Current = { id: `work ${++this.count}`, isMove, cancelled: false };
    this.current.add(own);
    const began = performance.now();
    let isNoticed = false;
    try {
      for (;;) {
        const step = await turn(() => slice(work));
        if (step.done === true) return step.value;
        if (performance.now() - began > UNNOTICED) {
          if (!isNoticed) this.notice.begin(own.id, title);
          isNoticed = true;
          this.notice.update(own.id, total > 0 ? Math.min(1, step.value / total) : 0);
        }
        await (isMove ? new Promise((resolve) => setImmediate(resolve)) : this.calm(own));
        if (own.cancelled) {
          work.return(undefined as T);
          return undefined;
        }
      }
    } finally {
      this.current.delete(own);
      if (isNoticed) this.notice.end(own.id);
    }
  }
}

/** Looks around; whatever comes of it, the timeline stands afterwards where it stood. */
export function* looking<T>(timeline: Timeline, look: () => Progress<T>): Progress<T> {
  const from = timeline.position;
  try {
    return yield* look();
  } finally {
    timeline.seek(from);
  }
}

function slice<T>(work: Progress<T>): IteratorResult<number, T> {
  const since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true || performance.now() - since > SLICE) return step;
  }
}
