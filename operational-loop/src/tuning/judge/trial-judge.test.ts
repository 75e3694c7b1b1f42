import { expect, test } from 'vitest';
import { Random } from '../../../../test/support/random.ts';
import type { TrialVerdict } from './trial-judge.ts';
import { TrialJudge } from './trial-judge.ts';

function gaussian(random: Random): number {
  const uniform = (): number => (random.below(2 ** 30) + 0.5) / 2 ** 30;
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Blocks with a standard deviation of `noise` in their logarithm, while the load grows; looked at after every four. */
function trial(ratio: number, noise: number, seed: number, most = 30): TrialVerdict {
  const random = new Random(seed);
  const judge = new TrialJudge();
  let time = 0;
  const block = (of: number): number => of * Math.exp(noise * gaussian(random) + time++ / 50);
  for (let four = 0; four < most; four++) {
    const [first, second, third, fourth] = [block(1), block(ratio), block(ratio), block(1)];
    judge.add([first, fourth], [second, third]);
    if (judge.verdict().decision === 'worse' || judge.verdict().decision === 'better') break;
  }
  return judge.verdict();
}

const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

test('an equal setting is called worse or better in at most one of a hundred trials each', () => {
  const verdicts = seeds.map((seed) => trial(1, 0.3, seed).decision);
  expect(verdicts.filter((decision) => decision === 'worse').length).toBeLessThanOrEqual(4);
  expect(verdicts.filter((decision) => decision === 'better').length).toBeLessThanOrEqual(4);
});

test('a twofold effect is found through a noise of half of it, in some blocks', () => {
  const better = seeds.slice(0, 100).map((seed) => trial(0.5, 0.5, seed));
  expect(better.filter(({ decision }) => decision === 'better').length).toBeGreaterThanOrEqual(95);
  const fours = better.map((verdict) => verdict.fours).toSorted((left, right) => left - right);
  expect(fours[50]).toBeLessThanOrEqual(15);
  const worse = seeds.slice(0, 100).map((seed) => trial(2, 0.5, seed).decision);
  expect(worse.filter((decision) => decision === 'worse').length).toBeGreaterThanOrEqual(95);
});

test('the probability of being worse follows what was seen', () => {
  expect(new TrialJudge().verdict()).toMatchObject({ pWorse: 1, probabilityWorse: 0.25 });
  expect(trial(2, 0.2, 3).probabilityWorse).toBeGreaterThan(0.95);
  expect(trial(2, 0.2, 3).pWorse).toBeLessThanOrEqual(0.01);
  expect(trial(0.5, 0.2, 3)).toMatchObject({ pWorse: 1 });
  expect(trial(0.5, 0.2, 3).probabilityWorse).toBeLessThan(0.05);
  const equal = seeds.map((seed) => trial(1, 0.3, seed, 15).probabilityWorse);
  expect(equal.reduce((sum, each) => sum + each, 0) / equal.length).toBeLessThan(0.25);
});

test('one four says nothing, and without noise four of them say it', () => {
  const judge = new TrialJudge();
  judge.add([1, 1], [2, 2]);
  expect(judge.verdict()).toMatchObject({ decision: 'not-enough', low: 0, high: Infinity });
  expect(trial(1.2, 0.001, 1, 6)).toMatchObject({ decision: 'worse' });
});
