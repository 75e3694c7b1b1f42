/** Drifts as alerts, with the recordings that show them. */
import type { DriftState, Exemplar } from '../api/messages.ts';
import type { DriftFinding } from '../model/drift.ts';
import type { AlertBook } from './alert-book.ts';
import { shown, titleOf } from './signal-units.ts';

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
      ...(exemplars.length > 0 ? { exemplars } : {}),
    });
  }
  book.endOthers(PREFIX, new Set(open.map(({ id }) => PREFIX + id)));
}

export function driftState(drift: DriftFinding, exemplars: readonly Exemplar[]): DriftState {
  const { id, kind, service, instance, metric, score, rarity, since, endedAt, evidence, nearestSignatures } = drift;
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
    nearest: nearestSignatures,
    exemplars,
  };
}

/** `shop.1.2 drifts from its peers: memory is 140 MB, expected 80 MB. It looks like leak (93 %).` */
export function sentenceOf({ kind, service, instance, metric, evidence, nearestSignatures }: DriftFinding): string {
  const first = evidence.find((each) => each.metric === metric) ?? evidence[0];
  const facts = first
    ? `: ${titleOf(metric)} is ${shown(metric, first.value)}, expected ${shown(metric, first.expected)}`
    : '';
  const [nearest] = nearestSignatures;
  const alike =
    nearest && nearest.similarity >= ALIKE
      ? ` It looks like ${nearest.name} (${Math.round(nearest.similarity * 100)} %).`
      : '';
  return `${instance ?? service} ${AWAY[kind]}${facts}.${alike}`;
}

const ALIKE = 0.7;
const AWAY = {
  peer: 'drifts from its peers',
  future: 'drifts towards its limit',
  data: 'gets other input than before',
  configuration: 'does not run what it should',
} as const;
