/** OpenTelemetry's names as Prometheus writes them (OpenTelemetry specification, compatibility/prometheus_and_openmetrics). */
import type { Labels } from '../model/series.ts';
import type { AnyValue, KeyValue } from './otlp-messages.ts';

const units: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tibibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
};

const perUnits: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
};

/** `shape` says what a name ends in besides its unit. */
export function metricName(name: string, unit: string, shape: 'counter' | 'gauge' | 'other'): string {
  const [main = '', per] = unit.replaceAll(/\{[^}]*\}/g, '').split('/');
  const words = sanitized(name)
    .split('_')
    .filter((word) => word !== '');
  const suffixes = [
    units[main] ?? (main === '1' && per === undefined ? (shape === 'gauge' ? 'ratio' : '') : sanitized(main)),
    ...(per ? ['per', perUnits[per] ?? sanitized(per)] : []),
  ].filter((suffix) => suffix !== '' && !words.includes(suffix));
  const without = shape === 'counter' ? words.filter((word) => word !== 'total') : words;
  const whole = [...without, ...suffixes, ...(shape === 'counter' ? ['total'] : [])].join('_');
  return /^\d/.test(whole) ? `_${whole}` : whole;
}

const ours = new Set(['service', 'instance', 'environment', 'version']);

/** Of a point, together with those of its resource. What has the name of one of ours is `exported_…`. */
export function pointLabels(resource: Labels, attributes: readonly KeyValue[] = []): Labels {
  if (attributes.length === 0) return resource;
  const labels: Record<string, string> = { ...resource };
  for (const { key, value } of attributes) {
    const name = sanitized(key);
    labels[ours.has(name) ? `exported_${name}` : name] = textOf(value);
  }
  return labels;
}

/** `service`, `instance`, `environment` and `version` of a resource. */
export function resourceLabels(attributes: readonly KeyValue[] = []): Labels {
  const by = new Map(attributes.map(({ key, value }) => [key, textOf(value)]));
  const process = [by.get('host.name'), by.get('process.pid')].filter((part) => part !== undefined).join(':');
  const environment = by.get('deployment.environment.name') ?? by.get('deployment.environment');
  const version = by.get('service.version');
  return {
    service: by.get('service.name') ?? 'unknown_service',
    instance: by.get('service.instance.id') ?? (process || 'unknown_instance'),
    ...(environment === undefined ? {} : { environment }),
    ...(version === undefined ? {} : { version }),
  };
}

function sanitized(name: string): string {
  return name.replaceAll(/[^\w:]/g, '_');
}

export function textOf(value: AnyValue | undefined): string {
  if (value?.arrayValue) return JSON.stringify(value.arrayValue.values.map(textOf));
  return String(value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue ?? '');
}
