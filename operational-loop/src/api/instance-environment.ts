/** What an instance gets in its environment so that it reports to the daemon. */
import type { ServiceImage } from '../model/service.ts';

export interface Reporting {
  /** of the daemon, such as `http://127.0.0.1:4318` */
  readonly url: string;
  readonly token: string;
  /** the file that Node is told to load first; undefined: the service reports by itself */
  readonly probe: string | undefined;
}

export interface ReportingInstance {
  readonly service: string;
  readonly id: string;
  readonly environment: string;
  readonly image: ServiceImage;
}

/** `inherited` with what OpenTelemetry's SDKs and the probe read, and the probe in `NODE_OPTIONS`. */
export function instanceEnvironment(
  { service, id, environment, image }: ReportingInstance,
  { url, token, probe }: Reporting,
  inherited: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const attributes = {
    'service.instance.id': id,
    'service.version': image.build,
    'deployment.environment.name': environment,
  };
  const options = [inherited['NODE_OPTIONS'], probe === undefined ? '' : `--require=${quoted(probe)}`];
  return {
    ...inherited,
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: Object.entries(attributes)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join(','),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(`Bearer ${token}`)}`,
    ...(probe === undefined ? {} : { NODE_OPTIONS: options.filter(Boolean).join(' ') }),
    HINDCAST_OPS_URL: url,
    HINDCAST_OPS_TOKEN: token,
    HINDCAST_OPS_SERVICE: service,
    HINDCAST_OPS_INSTANCE: id,
    HINDCAST_OPS_ENVIRONMENT: environment,
    HINDCAST_OPS_VERSION: image.build,
    HINDCAST_OPS_PROBE: 'http',
  };
}

/** As `NODE_OPTIONS` reads a path with blanks. */
function quoted(path: string): string {
  return /\s/.test(path) ? `"${path.replaceAll('\\', '\\\\')}"` : path;
}
