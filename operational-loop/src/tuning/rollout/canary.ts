/**
 * A new image beside the last good one, by steps: its share of the traffic grows as long as the judge does not find it worse.
 * Blue/green is the same with all its instances from the start, and one large step: the few requests that stay with the last
 * good image are what it is compared with. Nothing is ever compared with what was measured at another time.
 */
import type { JudgeVerdict, RolloutState } from '../../model/rollout.ts';
import type { ServiceImage } from '../../model/service.ts';
import type { Clock } from '../../model/time.ts';
import type { SequentialJudge } from '../judge/judge.ts';
import type { DesiredService } from '../store.ts';
import type { Rollout } from './course.ts';
import { Course } from './course.ts';
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

const LOOK_EVERY_MS = 200;
const UNTOLD = 'It waits until there are enough requests to tell that it is not worse.';
/** A way back that fails is tried again so often, and so long after. */
const TRIES = 20;
const TRY_AGAIN_MS = 3_000;

export class CanaryRollout implements Rollout {
  readonly course: Course;
  readonly #parts: RolloutParts;
  readonly #good: DesiredService;
  readonly #candidate: DesiredService;
  /** what the judge said when it let it pass; requests that end while it takes over are watched, and change nothing of that */
  #promotedBy: JudgeVerdict | undefined;

  constructor(parts: RolloutParts, state: RolloutState, image: ServiceImage) {
    const { bench, service, judge, changed } = parts;
    this.course = new Course({ verdict: () => this.#promotedBy ?? judge.verdict(), changed }, state);
    this.#parts = parts;
    this.#good = desiredOf(bench.store, service);
    const generation = bench.store.next(`generation of ${service.name}`);
    this.#candidate = { slot: otherSlot(service, this.#good.slot), image, generation };
  }

  instanceFailed(id: string, how: string): void {
    if (generationOf(id) === this.#candidate.generation) this.course.rollBack(`The canary ${id} ${how}`);
  }

  /** While it is paused its share stays as it is, and it is still judged. */
  async run(): Promise<RolloutState> {
    using _watching = this.#watch();
    return await this.course.run(
      () => this.#advance(),
      (reason) => this.#goBack(reason),
    );
  }

  #watch(): Disposable {
    const { traffic } = this.#parts.service;
    const { judge } = this.#parts;
    let decided = false;
    return traffic.observe((observation) => {
      judge.add(observation.slot === this.#candidate.slot ? 'canary' : 'baseline', observation);
      if (judge.decision === 'worse' && !decided) {
        decided = true;
        this.course.rollBack(judge.verdict().reason);
      }
    });
  }

  async #advance(): Promise<void> {
    const { steps } = this.course.state;
    for (const [step, { weight, least }] of steps.entries()) {
      this.course.orAbort();
      await this.#provideFor(weight);
      this.course.orAbort();
      if (weight === 100) return this.#promote(step);
      await this.#weigh(weight);
      this.course.become(this.course.isPaused ? 'paused' : 'running', { step, weight });
      await this.#hold(least, step === steps.length - 2);
    }
  }

  async #provideFor(weight: number): Promise<void> {
    const { bench, service } = this.#parts;
    const share = this.course.state.strategy === 'canary' ? weight / 100 : 1;
    const count = Math.max(1, Math.ceil(service.replicas * share));
    await provide(bench, service, this.#candidate, count, this.#undertaking());
  }

  #weigh(weight: number): Promise<void> {
    const weights = { [this.#good.slot]: 100 - weight, [this.#candidate.slot]: weight };
    return shift(this.#parts.bench, this.#parts.service, weights, this.#undertaking());
  }

  /** Waits for the step's time; before the promotion also for the judge. */
  async #hold(least: number, last: boolean): Promise<void> {
    const { judge } = this.#parts;
    const since = performance.now();
    for (;;) {
      this.course.orAbort();
      const rest = since + least - performance.now();
      const verdict = judge.verdict();
      const untold = last && verdict.decision !== 'not-worse';
      if (rest <= 0 && !this.course.isPaused && !untold) {
        if (last) this.#promotedBy = verdict;
        return;
      }
      if (rest <= 0 && untold) this.#sayWhatItWaitsFor();
      await this.course.wait(Math.min(LOOK_EVERY_MS, rest > 0 ? rest : LOOK_EVERY_MS));
    }
  }

  #sayWhatItWaitsFor(): void {
    const { status, reason } = this.course.state;
    if (reason === undefined) this.course.become(status, { reason: UNTOLD });
  }

  async #promote(step: number): Promise<void> {
    const { bench, service } = this.#parts;
    this.course.become('promoting', { step, reason: undefined });
    await this.#weigh(100);
    this.course.orAbort();
    const { id, by } = this.course.state;
    const intent = { key: `${id}/promote`, action: 'promote', rollout: id, by };
    bench.journal.decide({ ...intent, detail: { ...this.#candidate } }, () => {
      bench.store.setDesired(service.name, this.#candidate);
      this.course.become('promoted', { weight: 100, finishedAt: this.#parts.clock.now() });
    });
    await stopOthers(bench, service, this.#candidate.generation, this.#undertaking('promoted'));
  }

  async #goBack(reason: string): Promise<void> {
    this.#promotedBy = undefined;
    this.course.become('rolling-back', { reason });
    for (let tried = 1; ; tried++) {
      try {
        await this.#restore();
        return this.course.become('rolled-back', { weight: 0, finishedAt: this.#parts.clock.now() });
      } catch (error) {
        if (tried === TRIES) throw error;
        this.course.become('rolling-back', { reason: `${reason} The way back fails: ${String(error)}` });
        await this.course.wait(TRY_AGAIN_MS);
      }
    }
  }

  /** The traffic first: everything else takes time. */
  async #restore(): Promise<void> {
    const { bench, service } = this.#parts;
    await shift(bench, service, { [this.#good.slot]: 100 }, this.#undertaking('back'));
    this.course.become('rolling-back', { weight: 0 });
    await converge(bench, service, this.#undertaking('back/converge'));
  }

  #undertaking(phase?: string): Undertaking {
    const { id, by } = this.course.state;
    return { prefix: phase === undefined ? id : `${id}/${phase}`, rollout: id, by };
  }
}
