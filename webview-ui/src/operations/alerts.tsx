/** What asks for attention, the most urgent first. */
import type { Alert, OperationsState } from '../../../operational-loop/src/api/messages.ts';
import type { OperationsModel } from './operations-model.ts';
import { Act, anchorOf, Exemplars, Outcome, Section, ShowButton, Tag } from './parts.tsx';
import { openAlerts, sortAlerts, subjectOf, urgentAlerts } from './selectors.ts';
import { formatDuration, formatTime } from './times.ts';

interface AlertsProps {
  readonly model: OperationsModel;
  readonly state: OperationsState;
}

const KINDS: Readonly<Record<Alert['kind'], string>> = {
  drift: 'Drift',
  prediction: 'Prediction',
  threshold: 'Threshold',
  silent: 'Does not answer',
  burn: 'Error budget',
  rollback: 'Rollback',
  configuration: 'Configuration',
};

const URGENCY = {
  page: { title: 'Page', tag: 'bad' },
  ticket: { title: 'Ticket', tag: 'warn' },
  log: { title: 'Log', tag: 'plain' },
} as const satisfies Record<Alert['severity'], object>;

export function Alerts({ model, state }: AlertsProps) {
  const urgent = urgentAlerts(state);
  const open = openAlerts(state).length;
  const rest = sortAlerts(state.alerts).filter((alert) => !urgent.includes(alert));
  const lines = rest.filter(({ severity }) => severity === 'log');
  const ended = rest.filter(({ severity }) => severity !== 'log');
  return (
    <Section id="alerts" title="Alerts" note={open === 0 ? 'none open' : `${open} open`}>
      {urgent.length > 0 && <AlertList model={model} state={state} alerts={urgent} />}
      {ended.length > 0 && (
        <details>
          <summary>{ended.length} ended</summary>
          <AlertList model={model} state={state} alerts={ended} />
        </details>
      )}
      {lines.length > 0 && (
        <details>
          <summary>{lines.length} of kinds that led to nothing before</summary>
          <AlertList model={model} state={state} alerts={lines} />
        </details>
      )}
    </Section>
  );
}

function AlertList({ alerts, ...rest }: AlertsProps & { readonly alerts: readonly Alert[] }) {
  return (
    <ul role="list" class="ops-list">
      {alerts.map((alert) => (
        <AlertRow key={alert.id} alert={alert} {...rest} />
      ))}
    </ul>
  );
}

function AlertRow({ model, state, alert }: AlertsProps & { readonly alert: Alert }) {
  const { id, kind, severity, text, since, endedAt, exemplars, acknowledgedBy } = alert;
  const subject = subjectOf(alert, state);
  const at = `alert ${id}`;
  return (
    <li id={anchorOf({ kind: 'alert', id })} class="ops-alert" tabIndex={-1}>
      <Tag kind={endedAt === undefined ? URGENCY[severity].tag : 'plain'}>{URGENCY[severity].title}</Tag>
      <div class="ops-alert-text">
        <p>{text}</p>
        <p class="ops-quiet">
          {KINDS[kind]} · {whenText(since, endedAt, state.time)}
          {acknowledgedBy !== undefined && ` · ${acknowledgedBy} looks after it`}
        </p>
      </div>
      <div class="ops-actions">
        <Outcome model={model} at={at} />
        <Exemplars model={model} exemplars={exemplars.slice(0, 1)} />
        {subject && <ShowButton model={model} subject={subject} about={text} />}
        {endedAt === undefined && acknowledgedBy === undefined && (
          <Act model={model} at={at} action={{ kind: 'acknowledge', alert: id }} about={text}>
            Acknowledge
          </Act>
        )}
      </div>
    </li>
  );
}

function whenText(since: number, endedAt: number | undefined, now: number): string {
  if (endedAt === undefined) return `since ${formatTime(since, now)}, for ${formatDuration(now - since)}`;
  return `${formatTime(since, now)} to ${formatTime(endedAt, now)}`;
}
