/**
 * What a daemon is told: `hindcast-ops.yaml`. Everything has a default; without the file the daemon takes in what is sent to
 * it, and watches that.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { HindcastError } from '../../../trace-runtime/src/base/errors.ts';
import type { KnobBounds } from '../model/knob.ts';
import type { Costs } from '../model/prediction.ts';
import type { RolloutStep } from '../model/rollout.ts';
import { defaultJudgeSettings } from '../tuning/judge/judge.ts';
import { signalNames, type SignalName } from '../model/signals.ts';
import type { Milliseconds } from '../model/time.ts';
import { ConfigurationFields, FieldError } from './configuration-fields.ts';

export const CONFIGURATION_FILE = 'hindcast-ops.yaml';

export interface OperationsConfiguration {
  readonly host: string;
  /** 0: any free one */
  readonly port: number;
  /** whether it applies recommendations of allowed knobs by itself; else it only recommends */
  readonly acts: boolean;
  readonly services: readonly ServiceSettings[];
  /** OpenSLO files */
  readonly objectives: readonly string[];
  /** machine types: a YAML file */
  readonly catalogue: string | undefined;
  /** Prometheus servers whose samples are taken over */
  readonly prometheus: readonly PrometheusSourceSettings[];
  /** what a canary may differ by and still be no worse */
  readonly judge: { readonly latencyMargin: number; readonly errorMargin: number };
  /** seconds between two predictions */
  readonly predictEvery: number;
  readonly costs: Costs;
  /** false alarms a week, over all instances, that drift may raise */
  readonly alarmsPerWeek: number;
  readonly keep: { readonly raw: number; readonly s10: number; readonly m1: number };
}

export interface PrometheusSourceSettings {
  readonly url: string;
  /** such as `{job="checkout"}` */
  readonly selectors: readonly string[];
  /** labels of the server that tell services and instances apart */
  readonly names: { readonly service: string; readonly instance: string };
  readonly interval: Milliseconds;
  readonly history: Milliseconds;
}

export interface ServiceSettings {
  readonly name: string;
  readonly environment: string;
  /** URLs that Prometheus would scrape */
  readonly scrape: readonly { readonly url: string; readonly instance: string }[];
  /** what the daemon starts itself; undefined where others start it */
  readonly managed: ManagedService | undefined;
  readonly limits: readonly SignalLimit[];
  readonly knobs: readonly KnobSettings[];
  /** its load, as `predict` reads it: a YAML file */
  readonly workload: string | undefined;
}

export interface ManagedService {
  readonly command: readonly string[];
  readonly folder: string;
  readonly instances: number;
  /** what instances get in their environment */
  readonly settings: Readonly<Record<string, string>>;
  /** a path that answers 2xx once the instance takes requests; undefined: as soon as it listens */
  readonly ready: string | undefined;
  /** where the service takes its requests: the daemon's proxy */
  readonly proxy: { readonly host: string; readonly port: number } | HaproxyChoice;
  /** whether instances are recorded, so that failing and slow requests can be replayed */
  readonly record: boolean;
  readonly steps: readonly RolloutStep[];
  /** what a change has to pass before it is rolled out */
  readonly gates: readonly Gate[];
}

/** HAProxy in front of the service, with a backend that has servers for two slots. */
export interface HaproxyChoice {
  /** of its runtime API: a path, or HOST:PORT */
  readonly socket: string;
  readonly backend: string;
  /** names of servers by slot */
  readonly servers: Readonly<Record<string, readonly string[]>>;
  /** UDP: where its log goes */
  readonly logPort: number;
  /** where it takes the service's requests */
  readonly address: string;
}

/** `fixed`: `hindcast validate --all` in the service's folder; `budget`: no freeze by its objectives. */
export type Gate = 'fixed' | 'budget';

/** A signal's limit: passing it is an alert, and forecasts are held against it. */
export interface SignalLimit {
  readonly signal: SignalName;
  readonly atMost: number;
}

/** Where a knob is set: in the instances' environment, or at what runs beside them. */
export type KnobReach =
  | { readonly kind: 'environment' | 'heap' | 'threads' }
  /** `at`: a connection such as `redis://127.0.0.1:6379`, or the folder of a control group */
  | { readonly kind: 'postgresql' | 'redis' | 'cgroup'; readonly at: string };

export interface KnobSettings {
  readonly name: string;
  readonly reach: KnobReach;
  readonly unit: string;
  readonly bounds: KnobBounds;
  readonly allowed: boolean;
  readonly changesSemantics: boolean;
  readonly description: string;
  /** what is known of it before anything was measured: see `KnobEffect` */
  readonly effects: readonly { readonly metric: string; readonly elasticity: number; readonly sd: number }[];
}

export const defaults: OperationsConfiguration = {
  host: '127.0.0.1',
  port: 0,
  acts: false,
  services: [],
  prometheus: [],
  objectives: [],
  catalogue: undefined,
  judge: { latencyMargin: defaultJudgeSettings.latencyMargin, errorMargin: defaultJudgeSettings.errorMargin },
  predictEvery: 60,
  costs: { violationPerHour: 100, perChange: 1 },
  alarmsPerWeek: 1,
  keep: { raw: 2 * 3_600_000, s10: 2 * 86_400_000, m1: 30 * 86_400_000 },
};

/** Throws a usage error that names the file, the field and the remedy. */
export function readConfiguration(file: string): OperationsConfiguration {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new HindcastError(
      'usage',
      `The configuration ${file} cannot be read: ${(error as Error).message}.`,
      'Give another file with `--config`.',
    );
  }
  return parseConfiguration(text, file);
}

/** `file`: for messages, and where relative paths begin. */
export function parseConfiguration(text: string, file: string): OperationsConfiguration {
  try {
    return configurationOf(new ConfigurationFields(parse(text) as unknown, ''), path.dirname(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof FieldError ? error.remedy : 'Mend it: it has to be YAML.';
    throw new HindcastError('usage', `${file} is no configuration: ${reason}`.replace(/\.?$/, '.'), remedy, {
      cause: error,
    });
  }
}

function configurationOf(fields: ConfigurationFields, folder: string): OperationsConfiguration {
  const services = fields.map('services').map(([name, each]) => serviceOf(name, each, folder));
  const keep = fields.object('keep');
  const costs = fields.object('costs');
  const judge = fields.object('judge');
  const hours = (name: string, usual: number): number =>
    keep.number(name, { least: 0, usual: usual / 3_600_000 }) * 3_600_000;
  const configuration = {
    ...defaults,
    host: fields.text('host', defaults.host),
    port: fields.number('port', { least: 0, most: 65_535, usual: defaults.port }),
    acts: fields.flag('acts', defaults.acts),
    services,
    prometheus: fields.list('prometheus').map((each) => prometheusOf(each)),
    objectives: fields.texts('objectives').map((each) => path.resolve(folder, each)),
    catalogue: fields.optional('catalogue', (value) => path.resolve(folder, value)),
    judge: {
      latencyMargin: judge.number('latencyMargin', { least: 1.001, usual: defaults.judge.latencyMargin }),
      errorMargin: judge.number('errorMargin', { least: 0.0001, most: 1, usual: defaults.judge.errorMargin }),
    },
    predictEvery: fields.number('predictEverySeconds', { least: 1, usual: defaults.predictEvery }),
    costs: {
      violationPerHour: costs.number('violationPerHour', { least: 0, usual: defaults.costs.violationPerHour }),
      perChange: costs.number('perChange', { least: 0, usual: defaults.costs.perChange }),
    },
    alarmsPerWeek: fields.number('alarmsPerWeek', { least: 0.001, most: 10_000, usual: defaults.alarmsPerWeek }),
    keep: {
      raw: hours('rawHours', defaults.keep.raw),
      s10: hours('tenSecondsHours', defaults.keep.s10),
      m1: hours('minutesHours', defaults.keep.m1),
    },
  };
  keep.end();
  costs.end();
  judge.end();
  fields.number('version', { least: 1, most: 1, usual: 1 });
  fields.end();
  return configuration;
}

function prometheusOf(fields: ConfigurationFields): PrometheusSourceSettings {
  const source = {
    url: checkedUrl(fields.text('url', undefined), fields),
    selectors: fields.texts('selectors'),
    names: { service: fields.text('serviceLabel', 'job'), instance: fields.text('instanceLabel', 'instance') },
    interval: fields.number('everySeconds', { least: 1, usual: 15 }) * 1000,
    history: fields.number('historyHours', { least: 0, usual: 24 }) * 3_600_000,
  };
  if (source.selectors.length === 0) throw fields.wrong('selectors', `at least one selector such as '{job="shop"}'`);
  fields.end();
  return source;
}

function serviceOf(name: string, fields: ConfigurationFields, folder: string): ServiceSettings {
  const command = fields.command('command');
  fields.also('folder', 'gates', 'haproxy', 'instances', 'listen', 'ready', 'record', 'settings', 'steps');
  const service = {
    name,
    environment: fields.text('environment', 'development'),
    scrape: fields.texts('scrape').map((url) => ({ url: checkedUrl(url, fields), instance: instanceOf(url) })),
    managed: command.length > 0 ? managedOf(command, fields, folder) : undefined,
    limits: fields
      .map('limits')
      .map(([signal, each]) => ({ signal: signalOf(signal, fields), atMost: each.asNumber() })),
    knobs: fields.map('knobs').map(([knob, each]) => knobOf(knob, each)),
    workload: fields.optional('workload', (value) => path.resolve(folder, value)),
  };
  fields.end();
  return service;
}

function managedOf(command: readonly string[], fields: ConfigurationFields, folder: string): ManagedService {
  const haproxy = haproxyOf(fields);
  const [, host, port] = /^(?:(.+):)?(\d+)$/.exec(fields.text('listen', '127.0.0.1:0')) ?? [];
  if (port === undefined) throw fields.wrong('listen', 'an address such as 127.0.0.1:8080');
  return {
    command,
    folder: path.resolve(folder, fields.text('folder', '.')),
    instances: fields.number('instances', { least: 1, most: 1000, usual: 1 }),
    settings: Object.fromEntries(fields.map('settings').map(([key, each]) => [key, each.asText()])),
    ready: fields.optional('ready', (value) => value),
    proxy: haproxy ?? { host: host ?? '127.0.0.1', port: Number(port) },
    record: fields.oneOf('record', ['off', 'failures'] as const, 'off') === 'failures',
    steps: stepsOf(fields),
    gates: fields.texts('gates').map((gate) => {
      if (gate === 'fixed' || gate === 'budget') return gate;
      throw fields.wrong('gates', 'fixed or budget');
    }),
  };
}

function haproxyOf(service: ConfigurationFields): HaproxyChoice | undefined {
  const fields = service.object('haproxy');
  if (!service.has('haproxy')) return undefined;
  const choice = {
    socket: fields.text('socket', undefined),
    backend: fields.text('backend', undefined),
    servers: Object.fromEntries(fields.names('servers').map((slot) => [slot, fields.object('servers').texts(slot)])),
    logPort: fields.number('logPort', { least: 1, most: 65_535 }),
    address: fields.text('address', undefined),
  };
  fields.end();
  return choice;
}

/** The last step is always all requests. */
function stepsOf(fields: ConfigurationFields): readonly RolloutStep[] {
  const steps = fields.list('steps').map((each) => stepOf(each));
  return steps.length === 0 || steps.at(-1)?.weight === 100 ? steps : [...steps, { weight: 100, least: 0 }];
}

function stepOf(fields: ConfigurationFields): RolloutStep {
  const step = {
    weight: fields.number('weight', { least: 0, most: 100, usual: 10 }),
    least: fields.number('seconds', { least: 0, usual: 30 }) * 1000,
  };
  fields.end();
  return step;
}

function knobOf(name: string, fields: ConfigurationFields): KnobSettings {
  const values = fields.texts('values');
  fields.also('at', 'least', 'most', 'whole');
  const knob: KnobSettings = {
    name,
    reach: reachOf(fields),
    unit: fields.text('unit', ''),
    bounds:
      values.length > 0
        ? { kind: 'choices', values }
        : {
            kind: 'range',
            least: fields.number('least', {}),
            most: fields.number('most', {}),
            whole: fields.flag('whole', true),
          },
    allowed: fields.flag('allowed', false),
    changesSemantics: fields.flag('changesSemantics', false),
    description: fields.text('description', ''),
    effects: fields.list('effects').map((each) => ({
      metric: each.text('metric', undefined),
      elasticity: each.number('elasticity', {}),
      sd: each.number('sd', { least: 0, usual: 0.5 }),
    })),
  };
  fields.end();
  return knob;
}

function reachOf(fields: ConfigurationFields): KnobReach {
  const kinds = ['environment', 'heap', 'threads', 'postgresql', 'redis', 'cgroup'] as const;
  const kind = fields.oneOf('in', kinds, 'environment');
  const isInstances = kind === 'environment' || kind === 'heap' || kind === 'threads';
  return isInstances ? { kind } : { kind, at: fields.text('at', undefined) };
}

function signalOf(name: string, fields: ConfigurationFields): SignalName {
  const found = signalNames.find((each) => each === name);
  if (found) return found;
  throw fields.wrong(`limits.${name}`, `one of ${signalNames.join(', ')}`);
}

function checkedUrl(url: string, fields: ConfigurationFields): string {
  if (/^https?:\/\/./.test(url) && URL.canParse(url)) return url;
  throw fields.wrong('scrape', `URLs such as http://127.0.0.1:9100/metrics, not ${url}`);
}

function instanceOf(url: string): string {
  return new URL(url).host;
}
