/**
 * A live setting tried on a running service, in blocks of time that alternate: A B B A, then B A A B, and so on. What came
 * right after a switch is not counted.
 */
import type { KnobValue } from '../../model/knob.ts';
import type { JudgeVerdict, RolloutState } from '../../model/rollout.ts';
import type { Clock, Milliseconds } from '../../model/time.ts';
import type { TrialSettings, TrialVerdict } from '../judge/trial-judge.ts';
import { TrialJudge } from '../judge/trial-judge.ts';
import type { LiveKnob } from '../knobs/knob.ts';
import type { Rollout } from './course.ts';
import { Course } from './course.ts';
import type { Workbench } from './service.ts';

export interface BlockTimes {
  readonly block: Milliseconds;
  readonly settle: Milliseconds;
  /** fours after which a trial that is still undecided ends, back to what was */
  readonly most: number;
}

export const defaultBlockTimes: BlockTimes = { block: 10_000, settle: 2_000, most: 30 };

/** Watches a service for so long, and gives the mean cost of one of its operations: lower is better. Throws where none ended. */
export type Measure = (milliseconds: Milliseconds) => Promise<number>;

export interface TrialParts {
  readonly bench: Workbench;
  readonly knob: LiveKnob;
  readonly measure: Measure;
  readonly clock: Clock;
  readonly times: BlockTimes;
  readonly settings: TrialSettings;
  readonly changed: (state: RolloutState) => void;
}

export class KnobTrial implements Rollout {
  readonly course: Course;
  readonly #parts: TrialParts;
  readonly #judge: TrialJudge;
  readonly #value: KnobValue;
  /** what holds, and what it goes back to */
  #baseline: KnobValue | undefined;
  #blocks = 0;

  constructor(parts: TrialParts, state: RolloutState, value: KnobValue) {
    const judge = new TrialJudge(parts.settings);
    this.course = new Course({ verdict: () => asJudged(judge.verdict()), changed: parts.changed }, state);
    this.#parts = parts;
    this.#judge = judge;
    this.#value = value;
  }

  instanceFailed(id: string, how: string): void {
    this.course.rollBack(`The instance ${id} ${how}`);
  }

  /** While it is paused the baseline holds. */
  run(): Promise<RolloutState> {
    return this.course.run(
      () => this.#advance(),
      (reason) => this.#goBack(reason),
    );
  }

  async #advance(): Promise<void> {
    this.#baseline = await this.#keepBaseline();
    const { most } = this.#parts.times;
    for (let four = 0; four < most; four++) {
      await this.#whilePaused(this.#baseline);
      await this.#runFour(this.#baseline, four % 2 === 0);
      const verdict = this.#judge.verdict();
      this.course.become('running', { step: four, reason: inWords(verdict) });
      if (verdict.decision === 'worse') throw new Error(`It is worse: ${inWords(verdict)}`);
      if (verdict.decision === 'better') return this.#promote();
    }
    throw new Error(`It is not better: ${inWords(this.#judge.verdict())}`);
  }

  /** On the disk before anything is set, so that a daemon that comes after a crash knows the way back. */
  async #keepBaseline(): Promise<KnobValue> {
    const { knob, bench } = this.#parts;
    const { id } = knob.definition;
    const baseline = bench.store.desiredKnob(id) ?? (await knob.read());
    bench.store.setDesiredKnob(id, baseline);
    return baseline;
  }

  async #runFour(baseline: KnobValue, baselineFirst: boolean): Promise<void> {
    const [outer, inner] = baselineFirst ? [baseline, this.#value] : [this.#value, baseline];
    const first = await this.#runBlock(outer);
    const second = await this.#runBlock(inner);
    const third = await this.#runBlock(inner);
    const fourth = await this.#runBlock(outer);
    if (baselineFirst) this.#judge.add([first, fourth], [second, third]);
    else this.#judge.add([second, third], [first, fourth]);
  }

  async #runBlock(value: KnobValue): Promise<number> {
    this.course.orAbort();
    await this.#set(value, `block ${++this.#blocks}`);
    await this.course.wait(this.#parts.times.settle);
    this.course.orAbort();
    const cost = this.#parts.measure(this.#parts.times.block);
    await Promise.race([cost, this.course.aborted()]);
    this.course.orAbort();
    return cost;
  }

  #set(value: KnobValue, phase: string): Promise<void> {
    const { knob, bench } = this.#parts;
    const { id, by } = this.course.state;
    const detail = { knob: knob.definition.id, value };
    const intent = { key: `${id}/${phase}/set`, action: 'set', detail, rollout: id, by };
    return bench.journal.act(intent, () => knob.apply(value));
  }

  async #promote(): Promise<void> {
    const { bench, knob, clock } = this.#parts;
    this.course.become('promoting');
    await this.#set(this.#value, 'promotion');
    const { id, by } = this.course.state;
    const detail = { knob: knob.definition.id, value: this.#value };
    bench.journal.decide({ key: `${id}/promote`, action: 'promote', detail, rollout: id, by }, () => {
      bench.store.setDesiredKnob(knob.definition.id, this.#value);
      this.course.become('promoted', { weight: 100, finishedAt: clock.now() });
    });
  }

  async #goBack(reason: string): Promise<void> {
    this.course.become('rolling-back', { reason });
    if (this.#baseline !== undefined) await this.#set(this.#baseline, 'back');
    this.course.become('rolled-back', { finishedAt: this.#parts.clock.now() });
  }

  async #whilePaused(baseline: KnobValue): Promise<void> {
    if (this.course.isPaused) await this.#set(baseline, `pause after ${this.#blocks}`);
    await this.course.whilePaused();
  }
}

function asJudged(verdict: TrialVerdict): JudgeVerdict {
  const { decision: found, fours, ratio, low, high, pWorse, probabilityWorse } = verdict;
  const decision = found === 'better' ? 'not-worse' : found;
  const known = fours > 1 && high < Infinity ? { estimate: ratio, low, high } : {};
  const metric = { name: 'latency', decision, ...known, pWorse, probabilityWorse } as const;
  const requests = { baseline: 2 * fours, canary: 2 * fours };
  return { decision, reason: `It was measured ${inWords(verdict)}`, metrics: [metric], requests, probabilityWorse };
}

function inWords({ fours, ratio, low, high }: TrialVerdict): string {
  const [middle, from, to] = [ratio, low, high].map((value) => value.toFixed(2));
  return `after ${fours} blocks of four it takes ${middle} times as long (${from} to ${to}).`;
}
