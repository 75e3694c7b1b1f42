/**
 * A new image beside the last good one, by steps: its share of the traffic grows as long as the judge does not find it worse.
 * Blue/green is the same with all its instances from the start, and one large step: the few requests that stay with the last
 * good image are what it is compared with. Nothing is ever compared with what was measured at another time.
 */
import type { RolloutState, RolloutStatus } from '../../model/rollout.ts';
import type { ServiceImage } from '../../model/service.ts';
import type { Clock } from '../../model/time.ts';
import type { SequentialJudge } from '../judge/judge.ts';
import type { DesiredService } from '../store.ts';
import { Bell } from './bell.ts';
import type { Undertaking, Workbench, TunedService } from './service.ts';
import { converge, desiredOf, generationOf, otherSlot, provide, shift, stopOthers } from './service.ts';

export interface RolloutParts {
  readonly bench: Workbench;
  readonly service: TunedService;
  readonly judge: SequentialJudge;
  readonly clock: Clock;
  /** told of every change of its state */
  readonly changed: (state: RolloutState) => void;
}

/** What ends a rollout before its time. */
class Abort extends Error {}

const LOOK_EVERY_MS = 200;
const UNTOLD = 'It waits until there are enough requests to tell that it is not worse.';
/** A way back that fails is tried again so often, and so long after. */
const TRIES = 20;
const TRY_AGAIN_MS = 3_000;

export class CanaryRollout {
  readonly #parts: RolloutParts;
  readonly #bell = new Bell();
  readonly #good: DesiredService;
  readonly #candidate: DesiredService;
  #state: RolloutState;
  #abort: string | undefined;
  #paused = false;

  constructor(parts: RolloutParts, state: RolloutState, image: ServiceImage) {
    const { store } = parts.bench;
    this.#parts = parts;
    this.#state = state;
    this.#good = desiredOf(store, parts.service);
    const generation = store.next(`generation of ${parts.service.name}`);
    this.#candidate = { slot: otherSlot(parts.service, this.#good.slot), image, generation };
  }

  get state(): RolloutState {
    return { ...this.#state, verdict: this.#parts.judge.verdict() };
  }

  /** Ends it, back to the last good configuration. Once it is promoted, nothing happens. */
  rollBack(reason: string): void {
    this.#abort ??= reason;
    this.#bell.ring();
  }

  /** Its share stays as it is. It is still judged. */
  pause(reason: string): void {
    this.#paused = true;
    if (this.#state.status === 'running') this.#become('paused', { reason });
  }

  resume(): void {
    this.#paused = false;
    if (this.#state.status === 'paused') this.#become('running', { reason: undefined });
    this.#bell.ring();
  }

  instanceEnded(id: string, detail: string): void {
    if (generationOf(id) === this.#candidate.generation) this.rollBack(`The canary ${id} ended: ${detail}`);
  }

  /** Resolves when it is promoted or rolled back. Throws where the way back failed as well. */
  async run(): Promise<RolloutState> {
    using _watching = this.#watch();
    try {
      await this.#advance();
    } catch (error) {
      if (this.#state.status === 'promoted') throw error;
      await this.#goBack(error instanceof Error ? error.message : String(error));
    }
    return this.state;
  }

  #watch(): Disposable {
    const { traffic } = this.#parts.service;
    const { judge } = this.#parts;
    return traffic.observe((observation) => {
      judge.add(observation.slot === this.#candidate.slot ? 'canary' : 'baseline', observation);
      if (judge.decision === 'worse' && this.#abort === undefined) this.rollBack(judge.verdict().reason);
    });
  }

  async #advance(): Promise<void> {
    for (const [step, { weight, least }] of this.#state.steps.entries()) {
      this.#orAbort();
      await this.#provideFor(weight);
      this.#orAbort();
      if (weight === 100) return this.#promote(step);
      await this.#weigh(weight);
      this.#become(this.#paused ? 'paused' : 'running', { step, weight });
      await this.#hold(least, step === this.#state.steps.length - 2);
    }
  }

  async #provideFor(weight: number): Promise<void> {
    const { bench, service } = this.#parts;
    const share = this.#state.strategy === 'canary' ? weight / 100 : 1;
    const count = Math.max(1, Math.ceil(service.replicas * share));
    await provide(bench, service, this.#candidate, count, this.#undertaking());
  }

  #weigh(weight: number): Promise<void> {
    const weights = { [this.#good.slot]: 100 - weight, [this.#candidate.slot]: weight };
    return shift(this.#parts.bench, this.#parts.service, weights, this.#undertaking());
  }

  /** Waits for the step's time; before the promotion also for the judge. */
  async #hold(least: number, last: boolean): Promise<void> {
    const { clock, judge } = this.#parts;
    const since = clock.now();
    for (;;) {
      this.#orAbort();
      const rest = since + least - clock.now();
      const untold = last && judge.decision !== 'not-worse';
      if (rest <= 0 && !this.#paused && !untold) return;
      if (rest <= 0 && untold && this.#state.reason === undefined) this.#become(this.#state.status, { reason: UNTOLD });
      await this.#bell.wait(Math.min(LOOK_EVERY_MS, rest > 0 ? rest : LOOK_EVERY_MS));
    }
  }

  async #promote(step: number): Promise<void> {
    const { bench, service } = this.#parts;
    this.#become('promoting', { step, reason: undefined });
    await this.#weigh(100);
    this.#orAbort();
    const intent = { key: `${this.#state.id}/promote`, action: 'promote', rollout: this.#state.id, by: this.#state.by };
    bench.journal.decide({ ...intent, detail: { ...this.#candidate } }, () => {
      bench.store.setDesired(service.name, this.#candidate);
      this.#become('promoted', { weight: 100, finishedAt: this.#parts.clock.now() });
    });
    await stopOthers(bench, service, this.#candidate.generation, this.#undertaking('promoted'));
  }

  async #goBack(reason: string): Promise<void> {
    this.#become('rolling-back', { reason });
    for (let tried = 1; ; tried++) {
      try {
        await this.#restore();
        return this.#become('rolled-back', { weight: 0, finishedAt: this.#parts.clock.now() });
      } catch (error) {
        if (tried === TRIES) throw error;
        this.#become('rolling-back', { reason: `${reason} The way back fails: ${String(error)}` });
        await this.#bell.wait(TRY_AGAIN_MS);
      }
    }
  }

  /** The traffic first: everything else takes time. */
  async #restore(): Promise<void> {
    const { bench, service } = this.#parts;
    await shift(bench, service, { [this.#good.slot]: 100 }, this.#undertaking('back'));
    this.#become('rolling-back', { weight: 0 });
    await converge(bench, service, this.#undertaking('back/converge'));
  }

  #orAbort(): void {
    if (this.#abort !== undefined) throw new Abort(this.#abort);
  }

  #undertaking(phase?: string): Undertaking {
    const { id, by } = this.#state;
    return { prefix: phase === undefined ? id : `${id}/${phase}`, rollout: id, by };
  }

  #become(status: RolloutStatus, change: Partial<RolloutState> = {}): void {
    this.#state = { ...this.#state, ...change, status, verdict: this.#parts.judge.verdict() };
    this.#parts.changed(this.#state);
  }
}
