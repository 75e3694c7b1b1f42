/**
 * Goes to moments without asking for more than the debugger can follow: while it is on its way to one, only the moment
 * that was wanted last is kept.
 */
import { signal } from '@preact/signals';

interface Target {
  readonly threadId: number;
  readonly moment: number;
}

/** Milliseconds between two moves, at least; and after which one counts as done though nobody said so. */
const PAUSE = 70;
const PATIENCE = 1500;

export class Traveller {
  /** where it is going; undefined once it has arrived */
  readonly target = signal<Target | undefined>(undefined);
  private isOnTheWay = false;
  private wanted: Target | undefined;
  private sentAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly go: (threadId: number, moment: number) => void) {}

  goTo(threadId: number, moment: number): void {
    this.wanted = { threadId, moment: Math.max(0, Math.round(moment)) };
    this.target.value = this.wanted;
    this.send();
  }

  /** The debugger stands somewhere. */
  arrived(): void {
    this.isOnTheWay = false;
    clearTimeout(this.timer);
    if (this.wanted === undefined) this.target.value = undefined;
    else this.send();
  }

  private send(): void {
    if (this.isOnTheWay || this.wanted === undefined) return;
    clearTimeout(this.timer);
    const wait = this.sentAt + PAUSE - performance.now();
    if (wait > 0) {
      this.timer = setTimeout(() => this.send(), wait);
      return;
    }
    const { threadId, moment } = this.wanted;
    this.wanted = undefined;
    this.isOnTheWay = true;
    this.sentAt = performance.now();
    this.go(threadId, moment);
    this.timer = setTimeout(() => this.arrived(), PATIENCE);
  }
}
