/** The course of one rollout, whatever is rolled out: its state, and what people ask of it meanwhile. */
import type { JudgeVerdict, RolloutState, RolloutStatus } from '../../model/rollout.ts';
import type { Milliseconds } from '../../model/time.ts';
import { Bell } from './bell.ts';

export interface CourseParts {
  readonly verdict: () => JudgeVerdict;
  /** told of every change of its state */
  readonly changed: (state: RolloutState) => void;
}

/** A rollout that the tuner runs. */
export interface Rollout {
  readonly course: Course;
  /** Resolves when it is promoted or rolled back. Throws where the way back failed. */
  run(): Promise<RolloutState>;
  /** `how` goes on after the instance's id, such as `ended: killed by SIGKILL.` */
  instanceFailed(id: string, how: string): void;
}

export class Course {
  readonly #parts: CourseParts;
  readonly #bell = new Bell();
  #state: RolloutState;
  #abort: string | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(parts: CourseParts, state: RolloutState) {
    this.#parts = parts;
    this.#state = state;
  }

  get state(): RolloutState {
    return { ...this.#state, verdict: this.#parts.verdict() };
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Ends it, back to what was. Once it is promoted, nothing happens. The first reason counts. */
  rollBack(reason: string): void {
    this.#abort ??= reason;
    this.#bell.ring();
  }

  pause(reason: string): void {
    this.#isPaused = true;
    if (this.#state.status === 'running') this.become('paused', { reason });
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#state.status === 'paused') this.become('running', { reason: undefined });
    this.#bell.ring();
  }

  become(status: RolloutStatus, change: Partial<RolloutState> = {}): void {
    this.#state = { ...this.#state, ...change, status };
    this.#parts.changed(this.state);
  }

  /** Throws where it has been asked to go back, with the reason. */
  orAbort(): void {
    if (this.#abort !== undefined) throw new Error(this.#abort);
  }

  /** Resolves after so long, or when something was asked of it. */
  wait(milliseconds: Milliseconds): Promise<void> {
    return this.#bell.wait(milliseconds);
  }

  /** Resolves when it is resumed or asked to go back; at once where it is not paused. */
  async whilePaused(): Promise<void> {
    while (this.#isPaused && this.#abort === undefined) await this.wait(1_000);
  }

  /** Resolves when it is asked to go back, or is over. */
  async aborted(): Promise<void> {
    while (this.#abort === undefined && !this.#isOver) await this.wait(1_000);
  }

  /**
   * Runs all of it: `advance` to its promotion, or `goBack` with the reason why not. What fails after the promotion is thrown,
   * as there is no way back any more.
   */
  async run(advance: () => Promise<void>, goBack: (reason: string) => Promise<void>): Promise<RolloutState> {
    try {
      await advance();
    } catch (error) {
      if (this.#state.status === 'promoted') throw error;
      await goBack(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isOver = true;
      this.#bell.ring();
    }
    return this.state;
  }
}
