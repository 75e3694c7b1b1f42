/**
 * The probabilities that the daemon gives, kept until it is seen whether they came true: that a limit is passed if nothing is
 * done, that it is passed after what was recommended was done, that a canary is found worse. One at a time is kept of each
 * subject, so that outcomes do not overlap.
 */
import type { CalibrationState } from '../api/messages.ts';
import type { MetricRole, Prediction } from '../model/prediction.ts';
import type { RolloutState, TunerEvent } from '../model/rollout.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import type { ProbabilityStore } from '../predict/probability-store.ts';
import type { PredictionKeeper } from './prediction-keeper.ts';

/** What a probability about a limit is judged by. */
export interface LimitInquiry {
  readonly service: string;
  readonly metric: MetricRole;
  readonly atMost: number;
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly step: Milliseconds;
}

export interface GivenParts {
  readonly store: ProbabilityStore;
  readonly keeper: PredictionKeeper;
  readonly clock: Clock;
  /** the metric by step, null where nothing was measured */
  readonly observed: (inquiry: LimitInquiry) => readonly (number | null)[];
}

/** A rollout that has not ended after so long tells nothing more. */
const LONGEST_ROLLOUT: Milliseconds = 30 * 86_400_000;
/** With more missing, that a limit was not passed is not known. */
const MOST_MISSING = 0.1;

export class GivenProbabilities {
  constructor(private readonly parts: GivenParts) {}

  /** Of each limit: that it is passed within the prediction's horizon. */
  predicted({ input, steps }: Prediction): void {
    const { step } = input.history;
    for (const { limit, metric, atMost, violationProbability } of steps.bottlenecks) {
      const inquiry = {
        service: input.service,
        metric,
        atMost,
        from: input.at,
        to: input.at + input.horizon * step,
        step,
      };
      this.#keep('forecast', limit, inquiry, violationProbability);
    }
  }

  heard(event: TunerEvent): void {
    if (event.kind === 'rollout' && event.rollout.status === 'running') this.#step(event.rollout);
    if (event.kind === 'rolled-back')
      this.#ended(event.rollout, event.rollout.verdict?.decision === 'worse' ? true : undefined);
    if (event.kind === 'promoted') {
      this.#ended(event.rollout, false);
      this.#acted(event.rollout);
    }
  }

  /** Asks what became of those whose time has come. */
  look(): void {
    const { store, clock, observed } = this.parts;
    for (const { id, kind, about } of store.due(clock.now())) {
      const outcome = kind === 'canary' ? undefined : passed(observed(about as unknown as LimitInquiry), about);
      if (outcome === undefined) store.forget(id);
      else store.settle(id, outcome);
    }
  }

  calibration(): CalibrationState {
    const { store } = this.parts;
    const kinds = store.kinds().map(({ kind, pending }) => {
      const calibration = store.calibration(kind);
      return { kind, pending, calibration: calibration.count > 0 ? calibration : undefined };
    });
    return { kinds };
  }

  #keep(kind: string, limit: string, inquiry: LimitInquiry, probability: number): void {
    const subject = `${inquiry.service}/${limit}`;
    const { store } = this.parts;
    if (store.pending(subject, kind).length > 0) return;
    store.keep({ kind, subject, probability, givenAt: inquiry.from, dueAt: inquiry.to, about: { ...inquiry } });
  }

  /** What the judge thinks of a canary at the beginning of a step. */
  #step({ id, step, verdict }: RolloutState): void {
    const { store, clock } = this.parts;
    const known = store.pending(id, 'canary').some(({ about }) => about['step'] === step);
    if (known || verdict === undefined) return;
    const now = clock.now();
    const { probabilityWorse: probability } = verdict;
    store.keep({
      kind: 'canary',
      subject: id,
      probability,
      givenAt: now,
      dueAt: now + LONGEST_ROLLOUT,
      about: { step },
    });
  }

  /** `outcome`: whether it was found worse; undefined: somebody ended it. */
  #ended({ id }: RolloutState, outcome: boolean | undefined): void {
    const { store } = this.parts;
    for (const each of store.pending(id, 'canary')) {
      if (outcome === undefined) store.forget(each.id);
      else store.settle(each.id, outcome);
    }
  }

  /** What was said of doing nothing can no longer be seen; what was said of acting can from now on. */
  #acted({ service, proposal }: RolloutState): void {
    const { store, keeper, clock } = this.parts;
    const prediction = keeper.ofProposal(proposal);
    const limits = prediction?.input.limits ?? [];
    for (const { name } of keeper.latest(service)?.input.limits ?? limits) {
      for (const { id } of store.pending(`${service}/${name}`)) store.forget(id);
    }
    if (!prediction) return;
    const { choice, estimates } = prediction.steps;
    const { horizon, history } = prediction.input;
    const from = clock.now();
    const byLimit = estimates.find((each) => each.proposal === choice.chosen)?.byLimit ?? [];
    for (const { name, metric, atMost } of limits) {
      const probability = byLimit.find(({ limit }) => limit === name)?.probability;
      const inquiry = { service, metric, atMost, from, to: from + horizon * history.step, step: history.step };
      if (probability !== undefined) this.#keep('recommendation', name, inquiry, probability);
    }
  }
}

/** Undefined where too little was measured to say. */
function passed(
  values: readonly (number | null)[],
  { atMost }: Readonly<Record<string, unknown>>,
): boolean | undefined {
  if (values.some((value) => value !== null && value > Number(atMost))) return true;
  const missing = values.filter((value) => value === null).length;
  return values.length === 0 || missing > MOST_MISSING * values.length ? undefined : false;
}
