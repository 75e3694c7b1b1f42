/**
 * All that watches a service by the minute. Each detector is allowed a share of the alarms; what it is allowed it learns to
 * keep from its own scores, so that all together raise as many as are wanted.
 */
import { DistributionDetector, type DistributionSettings } from './distribution-detector.ts';
import type { Observation } from './finding-book.ts';
import { ForecastResiduals, forecastSignals, STEP_MINUTES } from './forecast-residuals.ts';
import { LimitDetector } from './limit-detector.ts';
import { MixDetector } from './mix-detector.ts';
import { distributionObservation, KEPT_AFTER, perWeek, residualObservation, WEEK_MS } from './observations.ts';
import { PastDetector } from './past-detector.ts';
import { PeerDetector } from './peer-detector.ts';
import type { DetectorSettings } from './residual-detector.ts';
import { SHAPE_LENGTH } from './shape.ts';
import { fromScale, watchedSignals } from './watched-signals.ts';

/** Of the alarms that are allowed. What watches by the second, and tells large effects only, has the rest. */
export const SHARES = {
  peer: 0.5,
  past: 0.1,
  mix: 0.05,
  instanceDistribution: 0.12,
  serviceDistribution: 0.08,
  model: 0.05,
  future: 0.05,
  seconds: 0.05,
} as const;

export interface ServiceWatch {
  readonly service: string;
  /** of all detectors and instances together, while nothing drifts */
  readonly alarmsPerWeek: number;
  /** minutes */
  readonly learning: number;
  readonly memory: number;
}

/** One minute of a service. Signals are in the order of `watchedSignals`; NaN is missing. */
export interface ServiceMinute {
  readonly time: number;
  readonly instances: readonly string[];
  /** by instance, then signal */
  readonly values: Float64Array;
  /** of the service as a whole */
  readonly whole: Float64Array;
  /** requests a second by their kind */
  readonly mix: ReadonlyMap<string, number>;
  /** what values may not pass, as `values`; NaN where there is no limit */
  readonly limits: Float64Array;
}

const SIGNALS = watchedSignals.length;
const MINUTE = 60_000;
/** four hours, against a value each twenty minutes of the last five days */
const WINDOWS = { recent: 240, thinning: 20, kept: 360 } as const;
/** six hours of forecast steps, against a week of them */
const MODEL_WINDOWS = { recent: 36, thinning: 2, kept: 504 } as const;

export class ServiceDetectors {
  readonly #watch: ServiceWatch;
  readonly #peers: PeerDetector;
  readonly #past: PastDetector;
  readonly #mix: MixDetector;
  readonly #ofInstances: DistributionDetector;
  readonly #ofService: DistributionDetector;
  readonly #residuals = new ForecastResiduals();
  readonly #model: DistributionDetector;
  readonly #future: LimitDetector;

  constructor(watch: ServiceWatch) {
    this.#watch = watch;
    const { service, learning, memory } = watch;
    const settings = (share: keyof typeof SHARES): DetectorSettings => ({
      alarmsPerStep: (SHARES[share] * watch.alarmsPerWeek * MINUTE) / WEEK_MS,
      learning,
      memory,
    });
    const distribution = (share: keyof typeof SHARES): DistributionSettings => ({
      ...settings(share),
      ...WINDOWS,
      measures: SIGNALS,
      isLone: share === 'serviceDistribution',
    });
    this.#peers = new PeerDetector(settings('peer'));
    this.#past = new PastDetector(service, settings('past'));
    this.#mix = new MixDetector(settings('mix'));
    this.#ofInstances = new DistributionDetector(distribution('instanceDistribution'));
    this.#ofService = new DistributionDetector(distribution('serviceDistribution'));
    this.#model = new DistributionDetector({
      ...MODEL_WINDOWS,
      isLone: true,
      measures: forecastSignals.length,
      alarmsPerStep: settings('model').alarmsPerStep * STEP_MINUTES,
      learning: learning / STEP_MINUTES,
      memory: memory / STEP_MINUTES,
    });
    this.#future = new LimitDetector(settings('future'), SIGNALS);
  }

  /** Minutes must ascend; those that are left out do no harm. */
  observe({ time, instances, values, whole, mix, limits }: ServiceMinute): void {
    this.#peers.observe(instances, values);
    this.#ofInstances.observe(instances, this.#peers.distances);
    this.#past.observe(time, whole);
    this.#ofService.observe([this.#watch.service], this.#past.distances);
    this.#mix.observe(mix);
    this.#future.observe(instances, values, limits);
    const missed = this.#residuals.observe(whole);
    if (missed) this.#model.observe([this.#watch.service], missed);
  }

  /** What drifts after the last minute. */
  observations(): readonly Observation[] {
    return [
      ...this.#peerObservations(),
      ...this.#pastObservations(),
      ...this.#mixObservations(),
      ...this.#instanceDistributions(),
      ...this.#serviceDistributions(),
      ...this.#modelObservations(),
      ...this.#futureObservations(),
    ];
  }

  /** As it is now it is usual, for an instance or for the service as a whole. */
  accept(instance: string | undefined): void {
    const name = instance ?? this.#watch.service;
    if (instance === undefined) {
      this.#past.accept();
      this.#mix.accept();
      this.#ofService.accept(name);
      this.#model.accept(name);
    } else {
      this.#peers.accept(name);
      this.#ofInstances.accept(name);
      this.#future.accept(name);
    }
  }

  #peerObservations(): readonly Observation[] {
    return this.#peers
      .alarms()
      .map((alarm) => residualObservation({ ...this.#about('peer'), instance: alarm.instance }, alarm, this.#peers));
  }

  #pastObservations(): readonly Observation[] {
    return this.#past.alarms().map((alarm) => residualObservation(this.#about('past'), alarm, this.#past));
  }

  #mixObservations(): readonly Observation[] {
    const alarm = this.#mix.alarm();
    return alarm ? [{ ...this.#about('data'), lag: () => undefined, keepAfter: KEPT_AFTER, ...alarm }] : [];
  }

  /** Of what is not away from its peers on the average: that is told already. */
  #instanceDistributions(): readonly Observation[] {
    const told = new Set(this.#peers.alarms().map(({ instance }) => instance));
    const alarms = this.#ofInstances.alarms().filter(({ name }) => !told.has(name));
    return alarms.map((alarm) =>
      distributionObservation(
        { ...this.#about('data'), instance: alarm.name },
        alarm,
        (measure, value, expected) => inUnit(measure, this.#peers.centre(measure), value, expected),
        this.#peers.deviations(alarm.name),
      ),
    );
  }

  #serviceDistributions(): readonly Observation[] {
    if (this.#past.alarms().length > 0) return [];
    return this.#ofService
      .alarms()
      .map((alarm) =>
        distributionObservation(this.#about('data'), alarm, (measure, value, expected) =>
          inUnit(measure, this.#past.forecast(measure), value, expected),
        ),
      );
  }

  #modelObservations(): readonly Observation[] {
    return this.#model.alarms().map((alarm) =>
      distributionObservation({ ...this.#about('model'), pace: MINUTE * STEP_MINUTES }, alarm, (measure) => ({
        metric: forecastSignals[measure] as string,
        ...this.#residuals.missed(measure, MODEL_WINDOWS.recent),
      })),
    );
  }

  #futureObservations(): readonly Observation[] {
    return this.#future.alarms().map(({ instance, measure, score, rate, value, expected, deviation, heading }) => {
      const metric = (watchedSignals[measure] as (typeof watchedSignals)[number]).name;
      return {
        ...this.#about('future'),
        instance,
        score,
        rarity: perWeek(rate, MINUTE),
        evidence: [{ metric, value, expected, deviation }],
        heading,
        deviations: this.#peers.deviations(instance) ?? new Float64Array(SHAPE_LENGTH),
        moved: new Map(),
        lag: () => undefined,
        keepAfter: KEPT_AFTER,
      };
    });
  }

  #about<K extends Observation['kind']>(kind: K) {
    return { kind, service: this.#watch.service, pace: MINUTE } as const;
  }
}

/** Distances from what is expected, as values. */
function inUnit(measure: number, centre: number, value: number, expected: number) {
  const watched = watchedSignals[measure] as (typeof watchedSignals)[number];
  return {
    metric: watched.name,
    value: fromScale(watched, centre + value),
    expected: fromScale(watched, centre + expected),
  };
}
