/** What the judge of a canary knows now. */
import type { JudgeVerdict, MetricState } from '../../../operational-loop/src/model/rollout.ts';
import { placeInterval } from './interval-layout.ts';
import { boundsOf, decisionText, neutralOf } from './selectors.ts';
import { formatProbability, UNKNOWN, withUnit } from './units.ts';

export function Verdict({ verdict }: { readonly verdict: JudgeVerdict }) {
  const { reason, metrics, requests, probabilityWorse } = verdict;
  return (
    <>
      <p class="ops-sentence">
        <strong>Judge: {decisionText(verdict.decision).toLowerCase()}.</strong> {reason}{' '}
        <span class="ops-quiet">
          Requests seen: canary {requests.canary.toLocaleString('en-US')}, baseline{' '}
          {requests.baseline.toLocaleString('en-US')}. Probability that the canary is worse:{' '}
          {formatProbability(probabilityWorse)}.
        </span>
      </p>
      {metrics.length > 0 && <Metrics metrics={metrics} />}
    </>
  );
}

function Metrics({ metrics }: { readonly metrics: readonly MetricState[] }) {
  return (
    <table class="ops-small">
      <caption class="hidden">Canary against baseline, with the interval in which the difference lies</caption>
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col" class="number">
            Canary
          </th>
          <th scope="col" class="number">
            Baseline
          </th>
          <th scope="col" class="number">
            Difference
          </th>
          <th scope="col">Interval</th>
          <th scope="col">Better | worse</th>
          <th scope="col">Decision</th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <MetricRow key={metric.name} metric={metric} />
        ))}
      </tbody>
    </table>
  );
}

function MetricRow({ metric }: { readonly metric: MetricState }) {
  const { name, canary, baseline, estimate, decision, probabilityWorse } = metric;
  const text = name === 'latency' ? ratio : points;
  const shown = name === 'latency' ? milliseconds : share;
  return (
    <tr>
      <th scope="row">{name === 'latency' ? 'Latency' : 'Errors'}</th>
      <td class="number">{shown(canary)}</td>
      <td class="number">{shown(baseline)}</td>
      <td class="number">{text(estimate)}</td>
      <td class="number-left">{intervalText(boundsOf(metric), text)}</td>
      <td>
        <Interval metric={metric} />
      </td>
      <td title={`Probability that it is worse: ${formatProbability(probabilityWorse)}`}>{decisionText(decision)}</td>
    </tr>
  );
}

type Shown = (value: number | undefined) => string;

const milliseconds: Shown = (value) => withUnit({ label: '', unit: 'ms', factor: 1 }, value);
const share: Shown = (value) => withUnit({ label: '', unit: '%', factor: 100 }, value);

/** `×1.12` */
const ratio: Shown = (value) => (isKnown(value) ? `×${value.toFixed(2)}` : UNKNOWN);

/** `+2.90 pt`: hundredths of a share */
const points: Shown = (value) => {
  if (!isKnown(value)) return UNKNOWN;
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${(Math.abs(value) * 100).toFixed(2)} pt`;
};

function isKnown(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function intervalText({ low, high }: { readonly low: number; readonly high: number }, shown: Shown): string {
  if (!isKnown(low) && !isKnown(high)) return 'not known yet';
  if (!isKnown(high)) return `from ${shown(low)}`;
  return isKnown(low) ? `${shown(low)} to ${shown(high)}` : `up to ${shown(high)}`;
}

const WIDTH = 150;
const HEIGHT = 16;
/** Half of what is seen at least: a fifth of the latency, two hundredths of the errors. */
const REACH = { latency: 0.2, errors: 0.02 } as const;

/** The interval as a line, the estimate as a dot, equality as a stroke in the middle. The numbers stand beside it. */
function Interval({ metric }: { readonly metric: MetricState }) {
  const { estimate, name, decision } = metric;
  const { isCutLow, isCutHigh, ...at } = placeInterval(
    { estimate: estimate ?? NaN, ...boundsOf(metric), neutral: neutralOf(metric) },
    WIDTH,
    REACH[name],
  );
  const middle = HEIGHT / 2;
  return (
    <svg
      class={`ops-interval ${decision}`}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`-4 0 ${WIDTH + 8} ${HEIGHT}`}
      aria-hidden="true"
    >
      <line class="base" x1={0} x2={WIDTH} y1={middle} y2={middle} />
      <line class="neutral" x1={at.neutral} x2={at.neutral} y1={1} y2={HEIGHT - 1} />
      <line class="range" x1={at.low} x2={at.high} y1={middle} y2={middle} />
      {!isCutLow && <line class="edge" x1={at.low} x2={at.low} y1={middle - 4} y2={middle + 4} />}
      {!isCutHigh && <line class="edge" x1={at.high} x2={at.high} y1={middle - 4} y2={middle + 4} />}
      {isCutLow && <path class="edge" d={`M${at.low + 4} ${middle - 4}L${at.low} ${middle}l4 4`} />}
      {isCutHigh && <path class="edge" d={`M${at.high - 4} ${middle - 4}L${at.high} ${middle}l-4 4`} />}
      {isKnown(estimate) && <circle class="dot" cx={at.estimate} cy={middle} r={3.5} />}
    </svg>
  );
}
