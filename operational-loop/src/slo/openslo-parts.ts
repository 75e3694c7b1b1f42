/** The parts of an OpenSLO document: indicator, window, budgeting method. Undefined where one has a problem. */
import type { Budgeting, BudgetWindow, Indicator, MetricQuery } from '../model/objective.ts';
import { DAY, parseDuration } from './durations.ts';
import type { DocumentPlace } from '../model/document.ts';

const OPERATORS = ['lte', 'gte', 'lt', 'gt'] as const;

/** `spec`: an SLI's; `part`: the objective, which holds a threshold's limit. */
export function indicatorOf(spec: DocumentPlace | undefined, part: DocumentPlace): Indicator | undefined {
  if (!spec) return undefined;
  if (spec.at('thresholdMetric').present) return thresholdOf(spec.at('thresholdMetric'), part);
  const ratio = spec.at('ratioMetric');
  if (!ratio.present) return spec.problem('has neither thresholdMetric nor ratioMetric');
  if (ratio.at('raw').present) {
    const value = queryOf(ratio.at('raw'));
    const of = ratio.at('rawType').oneOf(['success', 'failure']);
    return value && of && { kind: 'raw-ratio', value, of };
  }
  const counter = ratio.at('counter').value === true;
  const total = queryOf(ratio.at('total'));
  if (ratio.at('good').present === ratio.at('bad').present) return ratio.problem('has to have either good or bad');
  if (ratio.at('good').present) {
    const good = queryOf(ratio.at('good'));
    return good && total && { kind: 'ratio', good, total, counter };
  }
  const bad = queryOf(ratio.at('bad'));
  return bad && total && { kind: 'bad-ratio', bad, total, counter };
}

function thresholdOf(metric: DocumentPlace, part: DocumentPlace): Indicator | undefined {
  const value = queryOf(metric);
  const op = part.at('op').oneOf(OPERATORS);
  const limit = part.at('value').wantNumber();
  return value && op && limit !== undefined ? { kind: 'threshold', value, op, limit } : undefined;
}

function queryOf(metric: DocumentPlace): MetricQuery | undefined {
  const source = metric.at('metricSource');
  const query = source.at('spec').at('query').wantText();
  if (query === undefined) return undefined;
  return { source: source.at('type').text() ?? source.at('metricSourceRef').text() ?? '', query };
}

/** 28 days, rolling, where nothing is said. */
export function windowOf(windows: DocumentPlace): BudgetWindow | undefined {
  const [window] = windows.items();
  if (!window) return windows.present ? windows.problem('is no list') : { kind: 'rolling', length: 28 * DAY };
  const duration = parseDuration(window.at('duration').value);
  if (!duration) return window.at('duration').problem('is no duration');
  const calendar = window.at('calendar');
  if (!calendar.present || window.at('isRolling').value === true) return { kind: 'rolling', length: duration.length };
  if (!duration.unit)
    return window.at('duration').problem('of a calendar is of days, weeks, months, quarters or years');
  const timeZone = calendar.at('timeZone').text() ?? 'UTC';
  if (!knownZone(timeZone)) return calendar.at('timeZone').problem(`is no time zone: ${timeZone}`);
  const start = startOf(String(calendar.at('startTime').value), timeZone);
  if (Number.isNaN(start)) return calendar.at('startTime').problem('is no time');
  return { kind: 'calendar', unit: duration.unit, count: duration.count, start, timeZone };
}

export function budgetingOf(method: DocumentPlace, part: DocumentPlace): Budgeting | undefined {
  const kind = method.oneOf(['Occurrences', 'Timeslices', 'RatioTimeslices'], 'Occurrences');
  if (kind === undefined || kind === 'Occurrences') return kind && { kind: 'occurrences' };
  const slice = parseDuration(part.at('timeSliceWindow').value)?.length;
  if (slice === undefined) return part.at('timeSliceWindow').problem('is no duration');
  if (kind === 'RatioTimeslices') return { kind: 'ratio-timeslices', slice };
  const sliceTarget = part.at('timeSliceTarget').wantNumber();
  return sliceTarget === undefined ? undefined : { kind: 'timeslices', slice, sliceTarget };
}

function knownZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).format(0) !== '';
  } catch {
    return false;
  }
}

/** `2020-01-21 12:30:00`, by the zone's clock. */
function startOf(text: string, timeZone: string): number {
  const utc = Date.parse(`${text.trim().replace(' ', 'T').replace(/Z$/, '')}Z`);
  if (Number.isNaN(utc)) return Number.NaN;
  const shown = (time: number): number =>
    Date.parse(`${new Date(time).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T')}Z`);
  const guess = utc - (shown(utc) - utc);
  return guess - (shown(guess) - utc);
}
