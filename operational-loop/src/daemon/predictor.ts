/** Predicts for each service what would be best, and proposes it. */
import type { Advice } from '../api/messages.ts';
import type { Costs, MachineCatalogue, Prediction, Recommendation } from '../model/prediction.ts';
import type { ServiceImage } from '../model/service.ts';
import type { Clock } from '../model/time.ts';
import { predictOptimalConfiguration } from '../predict/predict.ts';
import type { GoldenSignalsReader } from '../signals/golden-signals.ts';
import type { Tuner } from '../tuning/tuner.ts';
import type { AlertBook } from './alert-book.ts';
import type { ServiceSettings } from './configuration.ts';
import { predictionInput } from './prediction-input.ts';
import type { GivenProbabilities } from './given-probabilities.ts';
import type { PredictionKeeper } from './prediction-keeper.ts';
import { shown, titleOf } from '../model/signal-units.ts';

export interface PredictorParts {
  readonly reader: GoldenSignalsReader;
  readonly clock: Clock;
  readonly tuner: Tuner;
  readonly keeper: PredictionKeeper;
  readonly probabilities: GivenProbabilities;
  readonly book: AlertBook;
  readonly catalogue: MachineCatalogue;
  readonly costs: Costs;
  /** whether allowed knobs are tuned without being asked */
  readonly acts: boolean;
  readonly imagesOf: (service: string) => ReadonlyMap<string, ServiceImage>;
}

/** A bottleneck that is less likely is not told of. */
const LIKELY = 0.5;
const LOOP = 'the operational loop';

export class Predictor {
  #advice: readonly Advice[] = [];

  constructor(private readonly parts: PredictorParts) {}

  /** Of prices and costs; undefined where nobody has named it. */
  get currency(): string | undefined {
    return this.parts.catalogue.currency || undefined;
  }

  /** What is best but has to be done by people: more instances, other machines. */
  get advice(): readonly Advice[] {
    return this.#advice;
  }

  async look(services: readonly ServiceSettings[]): Promise<void> {
    const advice: Advice[] = [];
    for (const settings of services) advice.push(...(await this.#lookAt(settings)));
    this.#advice = advice;
  }

  async #lookAt(settings: ServiceSettings): Promise<readonly Advice[]> {
    const { tuner, keeper, probabilities } = this.parts;
    const { rollouts, services } = await tuner.state();
    const input = predictionInput({
      ...this.parts,
      now: this.parts.clock.now(),
      settings,
      images: this.parts.imagesOf(settings.name),
      desired: services.find(({ service }) => service === settings.name)?.desired,
      rollouts,
    });
    if (!input) return [];
    const prediction = predictOptimalConfiguration(input);
    this.#alert(prediction);
    probabilities.predicted(prediction);
    const { chosen, recommendations } = prediction.steps.choice;
    const best = recommendations.find(({ proposal }) => proposal.id === chosen);
    const proposal = best && (await this.#propose(settings, best));
    keeper.add(prediction, proposal);
    return best && proposal === undefined && isForPeople(best)
      ? [{ service: settings.name, recommendation: best }]
      : [];
  }

  /** The tuner's proposal; undefined where there is none to be made. */
  async #propose({ name: service, knobs }: ServiceSettings, best: Recommendation): Promise<string | undefined> {
    const { action, reason } = best.proposal;
    if (action.kind !== 'knob') return undefined;
    const { tuner, acts } = this.parts;
    const knob = `${service}/${action.knob}`;
    const value = String(action.to);
    const { proposals, rollouts, knobs: states } = await tuner.state();
    if (states.find(({ definition }) => definition.id === knob)?.pinnedBy !== undefined) return undefined;
    if (rollouts.some((rollout) => rollout.service === service && rollout.finishedAt === undefined)) return undefined;
    for (const open of proposals.filter((each) => each.state === 'open' && each.service === service)) {
      const { change } = open;
      if (change.kind !== 'knob' || change.knob !== knob) continue;
      if (isNear(Number(change.value), action.to)) return undefined;
      tuner.reject(open.id, LOOP);
    }
    const latency = best.effects.find(({ metric }) => metric === 'latency');
    const { id } = tuner.recommend({
      service,
      change: { kind: 'knob', knob, value },
      reason,
      predicted: {
        ...(latency ? { latencyRatio: 1 + latency.change.value } : {}),
        violationIfDone: best.violationProbability,
        costOfActing: best.expectedCost.acting,
        costOfNotActing: best.expectedCost.notActing,
        confidence: best.confidence,
      },
    });
    const setting = knobs.find(({ name }) => name === action.knob);
    if (acts && setting?.allowed && !setting.changesSemantics) {
      await tuner.apply(id, { strategy: 'canary', by: LOOP }).catch(() => undefined);
    }
    return id;
  }

  #alert({ input: { service, at }, steps: { bottlenecks } }: Prediction): void {
    const prefix = `prediction/${service}/`;
    const likely = bottlenecks.filter(({ violationProbability }) => violationProbability >= LIKELY);
    for (const { limit, peak, atMost, violationProbability, from, metric } of likely) {
      const seconds = (value: number): number => (metric === 'latency' ? value / 1000 : value);
      const minutes = from === undefined ? undefined : Math.max(0, Math.round((from - at) / 60_000));
      const when = minutes === undefined ? 'within 15 minutes' : minutes === 0 ? 'now' : `in ${minutes} minutes`;
      this.parts.book.raise(prefix + limit, {
        kind: 'prediction',
        severity: 'ticket',
        service,
        instance: undefined,
        text:
          `${service} is expected to pass its limit of ${shown(limit, seconds(atMost))} for ${titleOf(limit)} ${when}: ` +
          `${Math.round(violationProbability * 100)} % likely; at its peak ${shown(limit, seconds(peak.lower))} to ${shown(limit, seconds(peak.upper))}.`,
        about: undefined,
      });
    }
    this.parts.book.endOthers(prefix, new Set(likely.map(({ limit }) => prefix + limit)));
  }
}

function isForPeople({ proposal: { action } }: Recommendation): boolean {
  return action.kind === 'instances' || action.kind === 'machine';
}

/** Not worth another proposal. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 0.2 * Math.max(Math.abs(a), Math.abs(b));
}
