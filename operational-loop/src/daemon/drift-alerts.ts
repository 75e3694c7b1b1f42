/** Drifts as alerts, with the recordings that show them. */
import type { DriftState, Exemplar } from '../api/messages.ts';
import type { DriftFinding, Heading } from '../model/drift.ts';
import type { AlertBook } from './alert-book.ts';
import { shown, titleOf } from '../model/signal-units.ts';

const PREFIX = 'drift/';

/** Opens and ends alerts so that there is one for each open drift. */
export function raiseDrifts(
  book: AlertBook,
  findings: readonly DriftFinding[],
  exemplarsOf: (drift: DriftFinding) => readonly Exemplar[],
): void {
  const open = findings.filter(({ state }) => state === 'open');
  for (const drift of open) {
    const exemplars = exemplarsOf(drift);
    book.raise(PREFIX + drift.id, {
      kind: 'drift',
      severity: 'ticket',
      service: drift.service,
      instance: drift.instance,
      text: sentenceOf(drift),
      since: drift.since,
      about: drift.id,
      topic: `${PREFIX}${drift.kind}/${drift.service}/${drift.metric}`,
      ...(exemplars.length > 0 ? { exemplars } : {}),
    });
  }
  book.endOthers(PREFIX, new Set(open.map(({ id }) => PREFIX + id)));
}

export function driftState(drift: DriftFinding, exemplars: readonly Exemplar[]): DriftState {
  const { id, kind, service, instance, metric, score, rarity, since, endedAt, evidence, heading, nearestSignatures } =
    drift;
  return {
    id,
    kind,
    service,
    instance,
    metric,
    score,
    rarity,
    since,
    endedAt,
    evidence,
    heading,
    nearest: nearestSignatures,
    exemplars,
  };
}

/** `shop.1.2 drifts from its peers: memory is 140 MB, expected 80 MB. It looks like leak (93 %).` */
export function sentenceOf(drift: DriftFinding): string {
  const { kind, service, instance, nearestSignatures } = drift;
  const [nearest] = nearestSignatures;
  const alike =
    nearest && nearest.similarity >= ALIKE
      ? ` It looks like ${nearest.name} (${Math.round(nearest.similarity * 100)} %).`
      : '';
  return `${instance ?? service} ${AWAY[kind]}${factsOf(drift)}.${alike}`;
}

function factsOf({ metric, evidence, heading }: DriftFinding): string {
  const first = evidence.find((each) => each.metric === metric) ?? evidence[0];
  if (!first) return '';
  if (heading)
    return `: ${titleOf(metric)} is ${shown(metric, first.value)} and passes ${headingText(metric, heading)}`;
  const { shift } = first;
  const spread = shift ? `, spread ${shift.spread.toFixed(1)} times, PSI ${shift.stability.toFixed(2)}` : '';
  return `: ${titleOf(metric)} is ${shown(metric, first.value)}, expected ${shown(metric, first.expected)}${spread}`;
}

/** `500 MB in 6.5 hours (4 to 11)`. */
function headingText(metric: string, { limit, after, earliest, latest }: Heading): string {
  const hours = (time: number | undefined): string =>
    time === undefined ? 'later' : String(Number((time / 3_600_000).toPrecision(2)));
  const when = after === 0 ? 'now' : `in ${hours(after)} hours (${hours(earliest)} to ${hours(latest)})`;
  return `${shown(metric, limit)} ${when}, its peers do not`;
}

const ALIKE = 0.7;
const AWAY = {
  peer: 'drifts from its peers',
  past: 'drifts from its own past',
  future: 'is on its way to its limit',
  data: 'is not as it was before',
  model: 'is no longer forecast as well as before',
  configuration: 'does not run what it should',
} as const;
