/** `hindcast ops status`, `alerts`, `drifts`, …: what the daemon knows. */
import type {
  Alert,
  DriftState,
  Exemplar,
  ForecastState,
  GateState,
  History,
  InstanceState,
  OperationsState,
  ProposalState,
  ServiceState,
  Signatures,
} from '../../../operational-loop/src/api/messages.ts';
import type { DistributionShift, Heading } from '../../../operational-loop/src/model/drift.ts';
import type { GoldenSignals } from '../../../operational-loop/src/model/signals.ts';
import type { Change, JournalEntry, KnobState, RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import { HindcastError } from '../../../trace-runtime/src/base/errors.ts';
import { flag, parse, text } from '../options.ts';
import { formatBytes, formatTime, plural, printJson, printLines, table } from '../output.ts';
import { daemonOf } from './ops.ts';

type Shown =
  | 'status'
  | 'alerts'
  | 'drifts'
  | 'signatures'
  | 'recommendations'
  | 'rollouts'
  | 'knobs'
  | 'history'
  | 'forecast';

const SERVICES = '`hindcast ops status` lists them.';
const OPTIONS = { data: 'text', json: 'flag', signal: 'text', limit: 'text' } as const;

export async function show(command: Shown, args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, command === 'forecast' ? 1 : 0);
  const daemon = daemonOf(parsed);
  const say = (content: object, lines: readonly string[]): number => {
    if (flag(parsed, 'json')) printJson(content as Readonly<Record<string, unknown>>);
    else printLines(lines);
    return 0;
  };
  if (command === 'history') {
    const history = await daemon.get<History>(`/v1/history?limit=${text(parsed, 'limit') ?? '50'}`);
    return say(history, historyLines(history));
  }
  if (command === 'signatures') {
    const known = await daemon.get<Signatures>('/v1/signatures');
    return say(known, signatureLines(known));
  }
  if (command === 'forecast') {
    const [service] = parsed.positionals;
    if (service === undefined) throw new HindcastError('usage', 'ops forecast needs a service.', SERVICES);
    const signal = text(parsed, 'signal') ?? 'traffic';
    const path = `/v1/services/${encodeURIComponent(service)}/forecast?signal=${encodeURIComponent(signal)}`;
    const forecast = await daemon.get<ForecastState>(path);
    return say(forecast, forecastLines(forecast));
  }
  const state = await daemon.get<OperationsState>('/v1/state');
  switch (command) {
    case 'status':
      return say(state, statusLines(state));
    case 'alerts':
      return say({ alerts: state.alerts }, state.alerts.length > 0 ? state.alerts.flatMap(alertLines) : ['No alerts.']);
    case 'drifts':
      return say({ drifts: state.drifts }, state.drifts.length > 0 ? state.drifts.flatMap(driftLines) : ['No drift.']);
    case 'recommendations':
      return say({ proposals: state.proposals }, proposalLines(state.proposals));
    case 'rollouts':
      return say({ rollouts: state.rollouts }, rolloutLines(state.rollouts));
    case 'knobs':
      return say({ knobs: state.knobs }, knobLines(state.knobs));
  }
}

/** Exit code 0: a change may go out; 1: it may not. */
export async function gate(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const [service] = parsed.positionals;
  if (service === undefined) throw new HindcastError('usage', 'ops gate needs a service.', SERVICES);
  const found = await daemonOf(parsed).get<GateState>(`/v1/services/${encodeURIComponent(service)}/gate`);
  if (flag(parsed, 'json')) printJson({ ...found });
  else printLines([`${service}: ${found.decision}`, ...found.reasons.map((reason) => `  ${reason}`)]);
  return found.exitCode;
}

function statusLines(state: OperationsState): readonly string[] {
  const { daemon, services, alerts, drifts, rollouts } = state;
  const open = alerts.filter(({ endedAt, severity }) => endedAt === undefined && severity !== 'log').length;
  return [
    `daemon     process ${daemon.pid}, since ${formatTime(daemon.startedAt)}, ${daemon.acts ? 'acts on allowed knobs' : 'recommends only'}`,
    `watches    ${plural(services.length, 'service')}, ${plural(
      services.reduce((sum, { instances }) => sum + instances.length, 0),
      'instance',
    )}`,
    `open       ${plural(open, 'alert')}, ${plural(drifts.filter(({ endedAt }) => endedAt === undefined).length, 'drift')}, ${plural(rollouts.filter(({ finishedAt }) => finishedAt === undefined).length, 'rollout')}`,
    ...services.flatMap(serviceLines),
    ...(services.length === 0
      ? [
          '',
          'Nothing is watched yet: start a service by `hindcast ops run -- COMMAND`, or name it in hindcast-ops.yaml.',
        ]
      : []),
  ];
}

function serviceLines(service: ServiceState): readonly string[] {
  const { name, environment, instances, signals, objectives, problems } = service;
  const head = ['instance', 'requests/s', 'errors', 'p95', 'p99', 'CPU', 'memory', ''];
  const rows = [
    head,
    ['all', ...signalCells(signals), ''],
    ...instances.map((each) => [each.id, ...signalCells(each.signals), noteOf(each)]),
  ];
  return [
    '',
    `${name} (${environment})`,
    ...table(rows).map((line) => `  ${line}`),
    ...objectives.map(
      ({ name: objective, sli, remaining }) =>
        `  ${objective}: ${percent(sli)} good, ${percent(remaining)} of the error budget left`,
    ),
    ...problems.map((problem) => `  ${problem}`),
  ];
}

function noteOf({ drift, recording }: InstanceState): string {
  return [drift === undefined ? '' : 'drifts', recording === undefined ? '' : 'recorded'].filter(Boolean).join(', ');
}

function signalCells({ traffic, errorRatio, latency, saturation }: GoldenSignals): readonly string[] {
  return [
    traffic === undefined ? '-' : traffic.toFixed(1),
    errorRatio === undefined ? '-' : percent(errorRatio),
    latency ? milliseconds(latency.p95) : '-',
    latency ? milliseconds(latency.p99) : '-',
    saturation.cpuCores === undefined ? '-' : percent(saturation.cpuCores),
    saturation.memoryBytes === undefined ? '-' : formatBytes(saturation.memoryBytes),
  ];
}

function alertLines(alert: Alert): readonly string[] {
  const { id, severity, text: said, since, endedAt, exemplars, acknowledgedBy } = alert;
  const until = endedAt === undefined ? 'open' : `ended ${formatTime(endedAt)}`;
  const by = acknowledgedBy === undefined ? '' : `  (${acknowledgedBy} looks after it)`;
  return [`${id}  ${severity}  ${formatTime(since)}  ${until}  ${said}${by}`, ...exemplarLines(exemplars)];
}

/** One of each kind, the latest, and how many there are. */
function exemplarLines(exemplars: readonly Exemplar[]): readonly string[] {
  const kinds = new Map<string, Exemplar[]>();
  for (const each of exemplars) {
    const kind = `${each.symptom} ${each.message}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  return [...kinds.values()].map((alike) => {
    const { recording, case: name, symptom, message } = alike[0]!;
    const more = alike.length > 1 ? `(${alike.length} such requests)` : '';
    return ['   ', `${recording}#${name}`, message || symptom, more].filter(Boolean).join('  ');
  });
}

function driftLines(drift: DriftState): readonly string[] {
  const { id, kind, service, instance, evidence, heading, nearest, since, endedAt } = drift;
  return [
    `${id}  ${kind} drift of ${instance ?? service} since ${formatTime(since)}${endedAt === undefined ? '' : ', ended'}`,
    ...evidence
      .slice(0, 5)
      .map(
        ({ metric, deviation, value, expected, shift }) =>
          `    ${metric}: ${number(value)}, expected ${number(expected)} (${deviation.toFixed(1)} deviations)${shiftText(shift)}`,
      ),
    ...(heading ? [`    limit ${number(heading.limit)}: ${headingText(heading)}`] : []),
    ...nearest.slice(0, 3).map(({ name, similarity }) => `    like ${name} (${percent(similarity)})`),
  ];
}

function shiftText(shift: DistributionShift | undefined): string {
  if (!shift) return '';
  const { stability, distance, p, moved, spread } = shift;
  return (
    `; distributed otherwise: PSI ${stability.toFixed(2)}, KS ${distance.toFixed(2)} (p ${number(p)}), ` +
    `Wasserstein ${moved.toFixed(1)} deviations, spread ${spread.toFixed(1)} times`
  );
}

function headingText({ after, earliest, latest, level, probability }: Heading): string {
  const hours = (time: number | undefined): string => (time === undefined ? 'later' : `${number(time / 3_600_000)} h`);
  return `passed in ${hours(after)} (${percent(level)}: ${hours(earliest)} to ${hours(latest)}), ${percent(probability)} likely`;
}

function proposalLines(proposals: readonly ProposalState[]): readonly string[] {
  if (proposals.length === 0) return ['No recommendations.'];
  return proposals.flatMap(({ id, state, service, change, reason, recommendation }) => [
    `${id}  ${state}  ${service}: ${changeInWords(change)}`,
    `    ${reason}`,
    ...(recommendation
      ? [
          `    ${percent(recommendation.violationProbability)} probability of violating an objective after it, confidence ${percent(recommendation.confidence)}`,
          `    expected cost: ${number(recommendation.expectedCost.acting)} acting, ${number(recommendation.expectedCost.notActing)} not acting`,
        ]
      : []),
  ]);
}

function rolloutLines(rollouts: readonly RolloutState[]): readonly string[] {
  if (rollouts.length === 0) return ['No rollouts.'];
  return rollouts.flatMap(({ id, service, status, weight, verdict, reason }) => [
    `${id}  ${service}: ${status}, ${weight} % of the requests`,
    ...(reason === undefined ? [] : [`    ${reason}`]),
    ...(verdict ? [`    judge: ${verdict.decision}. ${verdict.reason}`] : []),
  ]);
}

function knobLines(knobs: readonly KnobState[]): readonly string[] {
  if (knobs.length === 0) {
    return ['No knobs: hindcast-ops.yaml names those of a service that the daemon runs, under `knobs`.'];
  }
  const rows = knobs.map((knob) => {
    const { definition, pinnedBy } = knob;
    return [
      definition.id,
      valueInWords(knob),
      boundsInWords(definition),
      definition.allowed ? 'may be tuned' : 'only recommended',
      pinnedBy === undefined ? '' : `pinned by ${pinnedBy}`,
    ];
  });
  return table([['knob', 'value', 'bounds', '', ''], ...rows]);
}

/** A live setting whose target cannot be asked has no value that is known. */
function valueInWords({ definition, desired, observed }: KnobState): string {
  const value = observed ?? desired;
  if (value !== undefined) return `${value} ${definition.unit}`.trim();
  return definition.applied === 'live' ? 'not known' : 'not set';
}

const boundsInWords = ({ bounds }: KnobState['definition']): string =>
  bounds.kind === 'choices' ? bounds.values.join(', ') : `${bounds.least} to ${bounds.most}`;

function historyLines({ entries }: History): readonly string[] {
  if (entries.length === 0) return ['Nothing was done yet.'];
  return entries.map((entry) => {
    const { intendedAt, action, by, result, message, rollout } = entry;
    const done = `${action} ${detailInWords(entry)}`.trim();
    const cells = [formatTime(intendedAt), result ?? 'begun', by, rollout ?? '', done, message ?? ''];
    return cells.filter(Boolean).join('  ');
  });
}

/** What an action was done to: the instance, the knob and its value, the shares of the requests. */
function detailInWords({ action, detail }: JournalEntry): string {
  const { id, knob, value, slot, addresses, reason, change } = detail;
  if (action === 'set weights') return pairs(detail, ' %');
  if (typeof knob === 'string') return value === undefined ? knob : `${knob} to ${String(value)}`;
  if (change !== undefined) return changeInWords(change as Change);
  if (Array.isArray(addresses)) return `${plural(addresses.length, 'instance')} in ${String(slot)}`;
  return [id, reason].filter((each) => typeof each === 'string').join(' ');
}

const changeInWords = (change: Change): string =>
  change.kind === 'knob' ? `${change.knob} to ${change.value}` : `build ${change.image.build}`;

const pairs = (detail: JournalEntry['detail'], unit: string): string =>
  Object.entries(detail)
    .map(([name, value]) => `${name} ${String(value)}${unit}`)
    .join(', ');

function signatureLines({ signatures }: Signatures): readonly string[] {
  if (signatures.length === 0) return ['No drift has been seen yet.'];
  return signatures.map(({ id, name, seen, seenAt, outcome, fix }) =>
    [`${id}`, name, `seen ${seen} times`, formatTime(seenAt), outcome ?? '', fix ?? ''].filter(Boolean).join('  '),
  );
}

function forecastLines({ signal, unit, method, past, future, limit, risk }: ForecastState): readonly string[] {
  const wide = future.intervals.at(-1);
  return [
    `${signal} in ${unit}, by ${method}${limit === undefined ? '' : `; limit ${number(limit)}`}`,
    ...(risk
      ? [
          `${percent(risk.violationProbability)} probability of passing it if nothing is done; ` +
            `expected cost: ${number(risk.expectedCost.acting)} acting, ${number(risk.expectedCost.notActing)} not acting`,
        ]
      : []),
    ...past.unusual.map(
      (at) =>
        `unusual: ${formatTime(past.times[at] ?? NaN)}  ${number(past.values[at] ?? NaN)}, ${number(past.scores[at] ?? NaN)} deviations from what was to be expected`,
    ),
    ...future.times.map((time, step) =>
      [
        formatTime(time),
        number(future.mean[step] ?? NaN),
        wide ? `${percent(wide.level)}: ${number(wide.lower[step] ?? NaN)} to ${number(wide.upper[step] ?? NaN)}` : '',
      ].join('  '),
    ),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(Math.abs(share) < 0.1 ? 2 : 1)} %`;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}

function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '-';
}
