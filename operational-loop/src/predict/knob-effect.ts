/** What a knob is known to do: what was said of it, brought up to date by what canaries measured. */
import type { Knob, KnobEffect, MetricRole } from '../model/prediction.ts';
import type { LogFactor } from './simulation.ts';

/**
 * The elasticity of each metric, by precision: a normal prior and normal outcomes, each of which saw the elasticity times the
 * logarithm of the knob's ratio (Gelman et al. 2013, "Bayesian Data Analysis", 2.5).
 */
export function knownEffects(knob: Knob): readonly KnobEffect[] {
  const metrics = [...knob.effects, ...(knob.outcomes ?? [])].map(({ metric }) => metric);
  return [...new Set(metrics)].flatMap((metric) => effectOn(knob, metric) ?? []);
}

/** What setting the knob to `to` does to each metric. */
export function factorsOf(knob: Knob, to: number): readonly LogFactor[] {
  const ratio = logRatio(knob.current, to);
  return knownEffects(knob).map(({ metric, elasticity, sd }) => ({
    metric,
    mean: elasticity * ratio,
    sd: sd * Math.abs(ratio),
  }));
}

function effectOn({ effects, outcomes = [] }: Knob, metric: MetricRole): KnobEffect | undefined {
  const prior = effects.find((effect) => effect.metric === metric);
  let precision = prior && prior.sd > 0 ? 1 / prior.sd ** 2 : 0;
  if (prior && prior.sd === 0) return prior;
  let weighted = prior ? prior.elasticity * precision : 0;
  for (const { from, to, logRatio: seen, se, metric: of } of outcomes) {
    const x = logRatio(from, to);
    if (of !== metric || x === 0 || !(se > 0)) continue;
    precision += (x / se) ** 2;
    weighted += (x * seen) / se ** 2;
  }
  return precision > 0 ? { metric, elasticity: weighted / precision, sd: 1 / Math.sqrt(precision) } : undefined;
}

/** A value of 0 has no ratio: it is taken for a very small one. */
function logRatio(from: number, to: number): number {
  return Math.log(Math.max(to, 1e-9) / Math.max(from, 1e-9));
}
