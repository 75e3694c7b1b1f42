/** Step 7 of a prediction: the best of what may be done. */
import type {
  OptimalChoice,
  PerformanceEstimate,
  PredictionInput,
  Proposal,
  Recommendation,
} from '../model/prediction.ts';

/** Acting has to be cheaper with this probability, unless only it keeps the accepted risk. */
const LEAST_CONFIDENCE = 0.8;

/**
 * Of the feasible proposals that keep the accepted risk, the one of the least expected cost. Where doing nothing keeps it as
 * well, or nothing keeps it, only what probably costs less than doing nothing is chosen. Doing nothing is a proposal, too.
 */
export function chooseOptimal(
  input: PredictionInput,
  proposals: readonly Proposal[],
  estimates: readonly PerformanceEstimate[],
): OptimalChoice {
  const baseline = estimates.find(({ proposal }) => proposal === 'nothing')!;
  const weighed = proposals.map((proposal) => {
    const estimate = estimates.find((one) => one.proposal === proposal.id)!;
    return { estimate, recommendation: recommendationOf(input, proposal, estimate, baseline) };
  });
  const keepsRisk = ({ estimate }: Weighed): boolean => estimate.violationProbability <= input.constraints.acceptedRisk;
  const feasible = weighed.filter(({ recommendation }) => recommendation.feasible);
  const safe = feasible.filter(keepsRisk);
  const idleIsSafe = baseline.violationProbability <= input.constraints.acceptedRisk;
  const pool = (safe.length > 0 ? safe : feasible).filter(
    ({ estimate }) => (safe.length > 0 && !idleIsSafe) || estimate === baseline || estimate.pays >= LEAST_CONFIDENCE,
  );
  const best = pool.toSorted(byCost)[0]?.recommendation;
  return {
    chosen: best?.proposal.id ?? 'nothing',
    reason: reasonOf(best, safe.length > 0, baseline),
    recommendations: weighed
      .toSorted((a, b) => rank(a, best) - rank(b, best) || byCost(a, b))
      .map(({ recommendation }) => recommendation),
    baseline: { violationProbability: baseline.violationProbability, expectedCost: baseline.expectedCost },
  };
}

interface Weighed {
  readonly estimate: PerformanceEstimate;
  readonly recommendation: Recommendation;
}

function byCost(a: Weighed, b: Weighed): number {
  return (
    a.estimate.expectedCost - b.estimate.expectedCost ||
    a.estimate.violationProbability - b.estimate.violationProbability
  );
}

/** The chosen one, then those that may be done, then the others. */
function rank({ recommendation }: Weighed, best: Recommendation | undefined): number {
  return recommendation === best ? 0 : recommendation.feasible ? 1 : 2;
}

function recommendationOf(
  input: PredictionInput,
  proposal: Proposal,
  estimate: PerformanceEstimate,
  baseline: PerformanceEstimate,
): Recommendation {
  const obstacle = obstacleOf(input, proposal, estimate);
  return {
    proposal,
    effects: estimate.effects,
    violationProbability: estimate.violationProbability,
    expectedCost: { acting: estimate.expectedCost, notActing: baseline.expectedCost },
    confidence: estimate.pays,
    feasible: obstacle === undefined,
    ...(obstacle === undefined ? {} : { obstacle }),
  };
}

function obstacleOf(
  { constraints }: PredictionInput,
  proposal: Proposal,
  estimate: PerformanceEstimate,
): string | undefined {
  const { mostPrice, allowedKnobs } = constraints;
  const { action } = proposal;
  if (action.kind === 'nothing') return undefined;
  if (proposal.changesSemantics) return 'It may change the results of requests: only a person can choose it.';
  if (action.kind === 'knob' && allowedKnobs && !allowedKnobs.includes(action.knob)) return 'The knob is not allowed.';
  if (mostPrice !== undefined && estimate.price > mostPrice)
    return `It costs ${estimate.price} an hour, and ${mostPrice} are allowed.`;
  return undefined;
}

function reasonOf(best: Recommendation | undefined, safe: boolean, baseline: PerformanceEstimate): string {
  const risk = (probability: number): string => `${(100 * probability).toFixed(1)} %`;
  if (!best || best.proposal.id === 'nothing') {
    return safe
      ? `Doing nothing costs the least, at a risk of ${risk(baseline.violationProbability)}.`
      : `Nothing that may be done is likely to lower the risk of ${risk(baseline.violationProbability)} at a gain.`;
  }
  const from = `${risk(baseline.violationProbability)} to ${risk(best.violationProbability)}`;
  return safe
    ? `It costs the least of what keeps the accepted risk, which goes from ${from}.`
    : `Nothing keeps the accepted risk; this costs the least. The risk goes from ${from}.`;
}
