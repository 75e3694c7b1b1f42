/**
 * The virtual time of a rerun's thread, in milliseconds: all that comes later has a time at which it is due, and comes in
 * the order of these times, however long the machine takes. Virtual now is when what was delivered last was due, and goes
 * on as the recorded code did. Between two deliveries it really waits, so that what has no due time can come meanwhile.
 */
import { later, now, startTimer, stopTimer } from './real-time.ts';

/** Something that comes when it is due. */
export interface Due {
  /** for Timeline alone */
  due: number;
  sequence: number;
  state: 'awaited' | 'here' | 'over';
  /** the program does not want it any more */
  readonly isGone: (() => boolean) | undefined;
  /** Makes it come; `Timeline.begins` has to be called when it does, in a turn of the event loop of its own. */
  come: () => void;
  /** real milliseconds that are waited for it when its time has come */
  readonly patience: number;
  /** the process must not end before it has come */
  readonly holds: boolean;
}

/** While it waits it looks at real things so often, and a machine that stands still costs it no more than one of these. */
const SLICES = 8;
const LONGEST_SLICE_MS = 50;
/** Turns of the event loop before what is due comes: what the system has already comes first. */
const ROUNDS = 2;

export class Timeline {
  /** in order: few programs have many at a time, and most are made in the order in which they are due */
  readonly #queue: Due[] = [];
  #sequence = 0;
  #now = 0;
  /** virtual now when the present turn began */
  #base = 0;
  /** virtual milliseconds since `#base` that have really been waited, up to `#since` */
  #waited = 0;
  #since = now();
  #slice = 0;
  #isInTurn = false;
  #turn = 0;
  #coming: Due | undefined;
  #isPumping = false;
  #wait: NodeJS.Timeout | undefined;
  /** it is waited for because it is late */
  #lateOne: Due | undefined;

  constructor() {
    this.#beginTurn();
  }

  /** Virtual now, for whoever asks. */
  now(): number {
    this.#enter();
    return this.#now;
  }

  /** The recorded code had run so long in this turn when it came to what it does now. */
  ran(milliseconds: number): void {
    this.#enter();
    this.#now = Math.max(this.#now, this.#base + milliseconds);
  }

  /** Virtual now when this turn began. */
  get begun(): number {
    this.#enter();
    return this.#base;
  }

  /** Number of the turn of the event loop, as far as it is told from others. */
  get turn(): number {
    this.#enter();
    return this.#turn;
  }

  /** It can come at once. `holds`: the process must not end before. */
  add(due: number, come: () => void, isGone: (() => boolean) | undefined, holds: boolean): Due {
    return this.#insert({ due, come, isGone, state: 'here', patience: 0, holds });
  }

  /** It comes really, some time or other: nothing that is due later comes before it, for `patience` real milliseconds. */
  expect(due: number, patience: number): Due {
    const come = (): void => undefined;
    return this.#insert({ due, come, isGone: undefined, state: 'awaited', patience, holds: true });
  }

  /** It is there. Delivered when it is due, in a turn of its own; at once, where it is not waited for any more. */
  here(expected: Due, deliver: () => void): void {
    const come = (): void => later(() => this.begins(expected, deliver));
    if (expected.state !== 'awaited') return void come();
    expected.state = 'here';
    expected.come = come;
    this.#pump();
  }

  forget(due: Due): void {
    if (due.state === 'over') return;
    due.state = 'over';
    const at = this.#queue.indexOf(due);
    if (at >= 0) this.#queue.splice(at, 1);
    this.#pump();
  }

  /** Again, or at another time: as if it was made now. */
  move(due: Due, to: number): void {
    const at = this.#queue.indexOf(due);
    if (at >= 0) this.#queue.splice(at, 1);
    due.due = to;
    due.sequence = this.#sequence++;
    if (due.state !== 'awaited') due.state = 'here';
    this.#place(due);
  }

  /** It comes now. */
  begins(due: Due, deliver: () => void): void {
    due.state = 'over';
    if (this.#coming === due) {
      this.#coming = undefined;
      this.#now = Math.max(this.#now, due.due);
      this.#goOnFrom(this.#now);
      this.#beginTurn();
    }
    deliver();
  }

  /** It was to come now, and did not. */
  abandon(due: Due): void {
    if (this.#coming !== due) return;
    this.#coming = undefined;
    this.#pump();
  }

  #insert(made: Omit<Due, 'sequence'>): Due {
    const due: Due = { ...made, sequence: this.#sequence++ };
    this.#place(due);
    return due;
  }

  #place(due: Due): void {
    const queue = this.#queue;
    let at = queue.length;
    while (at > 0 && isBefore(due, queue[at - 1]!)) at--;
    queue.splice(at, 0, due);
    this.#pump();
  }

  /** Outside of what was delivered: real time has gone on, but not past what is due. */
  #enter(): void {
    if (this.#isInTurn) return;
    this.#goOnFrom(Math.min(this.#base + this.#progress(), Math.max(this.#base, this.#head()?.due ?? Infinity)));
    this.#now = Math.max(this.#now, this.#base);
    this.#beginTurn();
  }

  #goOnFrom(base: number): void {
    this.#base = base;
    this.#waited = 0;
    this.#since = now();
    this.#slice = Infinity;
  }

  /** A turn ends with what the program has queued for its end. */
  #beginTurn(): void {
    this.#isInTurn = true;
    const turn = ++this.#turn;
    later(() =>
      later(() => {
        if (turn !== this.#turn) return;
        this.#isInTurn = false;
        this.#pump();
      }),
    );
  }

  #progress(): number {
    return this.#waited + Math.min(now() - this.#since, this.#slice);
  }

  #head(): Due | undefined {
    const queue = this.#queue;
    while (queue[0]?.isGone?.()) queue.shift()!.state = 'over';
    return queue[0];
  }

  #pump(): void {
    if (this.#isPumping || this.#isInTurn || this.#coming) return;
    const head = this.#head();
    if (!head) return this.#stopWaiting();
    const left = head.due - this.#base - this.#progress();
    if (left >= 1) return this.#waitFor(left);
    if (head.state === 'awaited') return this.#waitFor(head.patience, head);
    this.#stopWaiting();
    this.#isPumping = true;
    this.#afterRounds(ROUNDS, () => {
      this.#isPumping = false;
      if (this.#isInTurn || this.#coming) return;
      if (this.#head() !== head || head.state !== 'here') return this.#pump();
      this.#queue.shift();
      this.#coming = head;
      head.come();
    });
  }

  #afterRounds(rounds: number, work: () => void): void {
    later(() => (rounds <= 1 ? work() : this.#afterRounds(rounds - 1, work)));
  }

  /** `late`: what is over when it has not come by then */
  #waitFor(milliseconds: number, late?: Due): void {
    if (!late || this.#lateOne !== late) {
      this.#stopWaiting();
      this.#lateOne = late;
      const slice = late ? milliseconds : Math.min(LONGEST_SLICE_MS, Math.max(1, milliseconds / SLICES));
      this.#countWaited(late ? Infinity : slice + 1);
      this.#wait = startTimer(() => this.#looks(late), slice);
    }
    // what the program really has keeps the process by itself
    if (this.#queue.some(({ holds, state }) => holds && state === 'here')) this.#wait?.ref();
    else this.#wait?.unref();
  }

  #looks(late: Due | undefined): void {
    this.#stopWaiting();
    if (late?.state === 'awaited' && this.#head() === late) {
      late.state = 'over';
      this.#queue.shift();
    }
    this.#pump();
  }

  /** `slice`: more is not counted of what comes from now on */
  #countWaited(slice: number): void {
    this.#waited = this.#progress();
    this.#since = now();
    this.#slice = slice;
  }

  #stopWaiting(): void {
    if (!this.#wait) return;
    stopTimer(this.#wait);
    this.#wait = undefined;
    this.#lateOne = undefined;
    this.#countWaited(Infinity);
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.due === b.due ? a.sequence < b.sequence : a.due < b.due;
}
