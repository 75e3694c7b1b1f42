/**
 * Decides from measurements whether a canary is worse than its baseline. It may be looked at after every request: its
 * verdicts hold at every moment at once, and "worse" is final.
 */
import type { Arm, Decision, JudgeVerdict, MetricState } from '../../model/rollout.ts';
import type { UnixMs } from '../../model/time.ts';
import { ErrorTest } from './error-test.ts';
import { LatencyTest } from './latency-test.ts';
import { probabilityOf } from './prior.ts';

export interface Observation {
  readonly latencyMs: number;
  readonly error: boolean;
  readonly time: UnixMs;
}

export interface JudgeSettings {
  /**
   * of ever calling an identical canary worse: 60 % of it for errors, which have to be seen fast, and 15 % for latency; the rest
   * is kept, as the bound for latency is exact for many requests only, and clusters of failures are not always told from others
   */
  readonly alpha: number;
  /** of ever calling a canary not worse that is worse by a margin, for each of the two */
  readonly beta: number;
  /** a canary is not worse when its latency is surely below this multiple of the baseline's */
  readonly latencyMargin: number;
  /** …and its share of errors is surely less than this above the baseline's */
  readonly errorMargin: number;
}

export const defaultJudgeSettings: JudgeSettings = { alpha: 0.01, beta: 0.05, latencyMargin: 1.1, errorMargin: 0.005 };

export interface SequentialJudge {
  /** In the order in which the requests ended. Costs a microsecond or less. */
  add(arm: Arm, observation: Observation): void;
  readonly decision: Decision;
  verdict(): JudgeVerdict;
}

/** requests between two looks at whether errors are surely few enough, which cannot be seen at one glance */
const LOOK_EVERY = 50;

export class Judge implements SequentialJudge {
  readonly #latency: LatencyTest;
  readonly #errors: ErrorTest;
  readonly #requests = { baseline: 0, canary: 0 };
  #decision: Decision = 'not-enough';

  constructor({ alpha, beta, latencyMargin, errorMargin }: JudgeSettings = defaultJudgeSettings) {
    this.#latency = new LatencyTest({ alpha: alpha * 0.15, beta, margin: latencyMargin });
    this.#errors = new ErrorTest({ alpha: alpha * 0.6, beta, margin: errorMargin });
  }

  get decision(): Decision {
    return this.#decision;
  }

  /** The latency of a request that failed says nothing, and is not looked at. */
  add(arm: Arm, { latencyMs, error }: Observation): void {
    this.#requests[arm]++;
    this.#errors.add(arm, error);
    if (!error) this.#latency.add(arm, latencyMs);
    if (this.#decision === 'worse') return;
    if (this.#errors.worse || this.#latency.decision === 'worse') this.#decision = 'worse';
    else if ((this.#requests.canary + this.#requests.baseline) % LOOK_EVERY === 0) this.#decision = this.#whetherNot();
  }

  verdict(): JudgeVerdict {
    if (this.#decision !== 'worse') this.#decision = this.#whetherNot();
    const metrics = [this.#latency.state(), this.#errors.state()];
    const probabilityWorse = probabilityOf(this.#latency.odds + this.#errors.odds);
    const requests = { ...this.#requests };
    return { decision: this.#decision, reason: inWords(this.#decision, metrics), metrics, requests, probabilityWorse };
  }

  #whetherNot(): Decision {
    if (this.#latency.decision !== 'not-worse') return 'not-enough';
    return this.#errors.decide() === 'not-worse' ? 'not-worse' : 'not-enough';
  }
}

function inWords(decision: Decision, metrics: readonly MetricState[]): string {
  if (decision === 'not-enough') return 'There are not enough requests yet to tell.';
  if (decision === 'not-worse') return 'It is not worse than the baseline by more than the margins.';
  return metrics
    .filter((metric) => metric.decision === 'worse')
    .map((metric) => (metric.name === 'errors' ? errorsInWords(metric) : latencyInWords(metric)))
    .join(' ');
}

const percent = (share = 0): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 0)} %`;

const errorsInWords = ({ canary, baseline, pWorse }: MetricState): string =>
  `${percent(canary)} of the canary's requests fail, and ${percent(baseline)} of the baseline's (p = ${pWorse.toPrecision(2)}).`;

const milliseconds = (mean = 0): string => `${mean.toPrecision(3)} ms`;

const latencyInWords = ({ canary, baseline, pWorse }: MetricState): string =>
  `The canary's requests take ${milliseconds(canary)}, and the baseline's ${milliseconds(baseline)} (p = ${pWorse.toPrecision(2)}).`;
