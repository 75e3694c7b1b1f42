/**
 * Reads what services expose for Prometheus: its text format 0.0.4 and OpenMetrics 1.0. (The one parser on npm,
 * parse-prometheus-text-format, knows no OpenMetrics and has not been kept since 2020.)
 */
import type { MetricKind } from '../model/series.ts';

export interface ExposedSample {
  /** name and labels as they stand in the text: equal texts are the same series */
  readonly series: string;
  readonly value: number;
  /** unix milliseconds, where the service gives a time */
  readonly time?: number;
}

export interface Exposition {
  readonly samples: readonly ExposedSample[];
  /** by family, from its `# TYPE` */
  readonly types: ReadonlyMap<string, string>;
  /** lines that could not be read, as sentences; ten at most */
  readonly problems: readonly string[];
}

export interface ExposedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const MOST_PROBLEMS = 10;

/** Lines that cannot be read are left out and reported. */
export function parseExposition(text: string, contentType = 'text/plain'): Exposition {
  const msPerUnit = contentType.startsWith('application/openmetrics-text') ? 1000 : 1;
  const samples: ExposedSample[] = [];
  const types = new Map<string, string>();
  const problems: string[] = [];
  for (let start = 0, number = 1; start < text.length; number++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === '# EOF') break;
    if (line.startsWith('#')) {
      const [, family, type] = /^#\s+TYPE\s+(\S+)\s+(\S+)/.exec(line) ?? [];
      if (family !== undefined && type !== undefined) types.set(family, type);
      continue;
    }
    if (line === '') continue;
    const sample = parseLine(line, msPerUnit);
    if (sample) samples.push(sample);
    else if (problems.length < MOST_PROBLEMS) problems.push(`Line ${number} is no sample: ${line.slice(0, 80)}`);
  }
  return { samples, types, problems };
}

function parseLine(line: string, msPerUnit: number): ExposedSample | undefined {
  const end = seriesEnd(line);
  if (end <= 0) return undefined;
  // What follows ` # ` is an exemplar.
  const [value, time, more] = (line.slice(end).split(' # ')[0] ?? '').trim().split(/\s+/);
  if (!value || more !== undefined) return undefined;
  const number = parseNumber(value);
  const moment = time === undefined ? undefined : Number(time) * msPerUnit;
  if (number === undefined || Number.isNaN(moment)) return undefined;
  return { series: line.slice(0, end).trim(), value: number, ...(moment === undefined ? {} : { time: moment }) };
}

/** Where the name and labels end; -1 where a brace or quote is left open. */
function seriesEnd(line: string): number {
  const brace = line.indexOf('{');
  const space = line.search(/\s/);
  if (brace < 0 || (space >= 0 && space < brace && !/^\s*\{/.test(line.slice(space)))) return space;
  let quoted = false;
  for (let at = brace + 1; at < line.length; at++) {
    const character = line[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === '}' && !quoted) return at + 1;
  }
  return -1;
}

function parseNumber(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** A sample's `series` taken apart; undefined where it is malformed. */
export function parseSeries(series: string): ExposedSeries | undefined {
  const [, name = '', inner] = /^([a-zA-Z_:][\w:]*)\s*(?:\{(.*)\})?$/s.exec(series) ?? [];
  if (name === '') return undefined;
  const labels: Record<string, string> = {};
  const pair = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/sy;
  for (const text = inner ?? ''; pair.lastIndex < text.length;) {
    if (text.slice(pair.lastIndex).trim() === '') break;
    const found = pair.exec(text);
    if (!found) return undefined;
    labels[found[1] as string] = unescaped(found[2] as string);
  }
  return { name, labels };
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

const COUNTED = /_(total|bucket|count|sum|created)$/;

/** Whether a series counts up, by its family's type; where that is not said, by its name. */
export function kindOf(name: string, types: ReadonlyMap<string, string>): MetricKind {
  const family = name.replace(COUNTED, '');
  const type = types.get(name) ?? types.get(family);
  const suffix = COUNTED.exec(name)?.[1];
  switch (type) {
    case 'counter':
      return suffix === 'created' && types.get(name) === undefined ? 'gauge' : 'counter';
    case 'histogram':
    case 'summary':
      return suffix === 'bucket' || suffix === 'count' || suffix === 'sum' ? 'counter' : 'gauge';
    case undefined:
      return suffix === 'total' || suffix === 'bucket' ? 'counter' : 'gauge';
    default:
      return 'gauge';
  }
}
