/**
 * Variables by which an instance of a service reports to a daemon (`hindcast ops`). They are none of the program's: a rerun
 * reports to nobody.
 */
const OWN = 'HINDCAST_OPS_';
const EXPORTER: ReadonlySet<string> = new Set(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS']);
const PROBE = /\s*--require=(?:"[^"]*[\\/]node-probe\.cjs"|\S*[\\/]node-probe\.cjs)/g;

export function isReportingName(name: string): boolean {
  return name.startsWith(OWN);
}

/** The environment without them. */
export function withoutReporting<T>(environment: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  if (!Object.keys(environment).some(isReportingName)) return environment;
  const entries = Object.entries(environment).flatMap(([name, value]): [string, T | string][] => {
    if (isReportingName(name) || EXPORTER.has(name)) return [];
    return [[name, name === 'NODE_OPTIONS' ? String(value).replaceAll(PROBE, '').trim() : value]];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, T>>;
}
