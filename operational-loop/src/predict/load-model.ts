/** How a metric follows the load: robust lines, over the load or over the queueing term of a resource. */
import type { LoadModel, MetricRole, Resource } from '../model/prediction.ts';
import { leastSquares } from '../statistics/matrix.ts';
import { mad, quantileOfSorted, sorted } from '../statistics/robust.ts';

/** A model has to explain so much of a metric's variance, or the metric is forecast from its own past. */
const LEAST_EXPLAINED = 0.3;
/** Values that a line is drawn through at least. */
const LEAST_SAMPLES = 12;
/** Points at which the residuals' quantile function is kept. */
const POINTS = 40;
/** A resource is never taken for more used than this: the queue would have no end. */
const FULLEST = 0.99;

/** ρ / (1 − ρ): the requests that wait at a single server (M/M/1; Kleinrock 1975). */
export function queueingTerm(share: number): number {
  const used = Math.min(FULLEST, Math.max(0, share));
  return used / (1 - used);
}

export interface Regressor {
  readonly kind: 'linear' | 'queueing';
  readonly resource?: Resource;
  readonly values: Float64Array;
}

/** The best of the regressors, or the metric's own past. Columns of one length, NaN where nothing was measured. */
export function loadModel(metric: MetricRole, values: Float64Array, regressors: readonly Regressor[]): LoadModel {
  let best: LoadModel = ownSeries(metric, values);
  for (const regressor of regressors) {
    const model = lineOver(metric, values, regressor);
    if (model && model.explained > Math.max(best.explained, LEAST_EXPLAINED)) best = model;
  }
  return best;
}

function ownSeries(metric: MetricRole, values: Float64Array): LoadModel {
  const samples = values.filter((value) => !Number.isNaN(value)).length;
  return { metric, kind: 'own-series', intercept: 0, slope: 0, residuals: [0], persistence: 0, explained: 0, samples };
}

function lineOver(
  metric: MetricRole,
  values: Float64Array,
  { kind, resource, values: x }: Regressor,
): LoadModel | undefined {
  const y = values.map((value, i) => (Number.isNaN(x[i]!) ? Number.NaN : value));
  const samples = y.filter((value) => !Number.isNaN(value)).length;
  if (samples < LEAST_SAMPLES) return undefined;
  const { intercept, slope } = huberLine(
    x.map((value) => (Number.isNaN(value) ? 0 : value)),
    y,
  );
  // more load never makes a resource less used, nor an answer quicker
  if (!(slope > 0)) return undefined;
  const residuals = y.map((value, i) => value - intercept - slope * x[i]!);
  const ascending = sorted(residuals);
  return {
    metric,
    kind,
    ...(resource === undefined ? {} : { resource }),
    intercept,
    slope,
    residuals: Array.from({ length: POINTS }, (_, i) => quantileOfSorted(ascending, (i + 0.5) / POINTS)),
    persistence: persistenceOf(residuals),
    explained: explainedBy(y, residuals),
    samples,
  };
}

/** Least squares in which values beyond 1.345 robust deviations count by their distance (Huber 1964). */
function huberLine(x: Float64Array, y: Float64Array): { readonly intercept: number; readonly slope: number } {
  const one = new Float64Array(x.length).fill(1);
  let weights = new Float64Array(x.length).fill(1);
  let line = { intercept: 0, slope: 0 };
  for (let round = 0; round < 20; round++) {
    const [intercept = 0, slope = 0] = leastSquares([one, x], y, { weights });
    const moved = Math.abs(intercept - line.intercept) + Math.abs(slope - line.slope);
    line = { intercept, slope };
    if (moved < 1e-10 * (Math.abs(intercept) + Math.abs(slope))) break;
    const residuals = y.map((value, i) => value - intercept - slope * x[i]!);
    const limit = 1.345 * mad(residuals);
    weights = residuals.map((residual) =>
      Math.abs(residual) <= limit || !(limit > 0) ? 1 : limit / Math.abs(residual),
    );
  }
  return line;
}

/** By medians, so that a few wild values do not decide whether a model holds. */
function explainedBy(y: Float64Array, residuals: Float64Array): number {
  const spread = mad(y);
  return spread > 0 ? Math.max(0, 1 - (mad(residuals) / spread) ** 2) : 0;
}

function persistenceOf(residuals: Float64Array): number {
  let products = 0;
  let squares = 0;
  for (let i = 1; i < residuals.length; i++) {
    if (Number.isNaN(residuals[i]!) || Number.isNaN(residuals[i - 1]!)) continue;
    products += residuals[i]! * residuals[i - 1]!;
    squares += (residuals[i]! ** 2 + residuals[i - 1]! ** 2) / 2;
  }
  return squares > 0 ? Math.min(0.999, Math.max(0, products / squares)) : 0;
}
