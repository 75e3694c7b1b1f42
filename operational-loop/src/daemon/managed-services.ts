/** The services that the daemon runs itself: their builds, launchers and traffic ports, as the tuner deals with them. */
import path from 'node:path';
import type { ServiceImage } from '../model/service.ts';
import type { Clock } from '../model/time.ts';
import type { Database } from '../store/sqlite.ts';
import type { TunedService } from '../tuning/rollout/service.ts';
import { HaproxyPort } from '../tuning/traffic/haproxy.ts';
import { ProxyPort } from '../tuning/traffic/proxy.ts';
import type { TrafficPort } from '../tuning/traffic/port.ts';
import { Builds } from './builds.ts';
import type { ManagedService, ServiceSettings } from './configuration.ts';
import { instanceEnvironment, type Reporting } from '../api/instance-environment.ts';
import { ProcessLauncher, type Launch } from './process-launcher.ts';

const SLOTS = ['blue', 'green'] as const;

export interface ManagedParts {
  readonly database: Database;
  readonly clock: Clock;
  /** the daemon's folder */
  readonly folder: string;
  readonly reporting: Reporting;
  /** the `hindcast` command, with its arguments so far: instances that are recorded run under it */
  readonly hindcast: readonly string[];
}

export interface Managed {
  readonly settings: ServiceSettings & { readonly managed: ManagedService };
  readonly tuned: TunedService;
  readonly launcher: ProcessLauncher;
  readonly builds: Builds;
  /** where it takes requests */
  readonly address: string;
}

/** Throws where its address is taken, or its folder cannot be read. */
export async function manage(settings: Managed['settings'], parts: ManagedParts): Promise<Managed> {
  const { name, managed } = settings;
  const builds = new Builds(parts.database);
  const image: ServiceImage = { build: builds.add(name, managed.folder), configuration: managed.settings };
  const launcher = new ProcessLauncher({
    database: parts.database,
    logs: path.join(parts.folder, 'logs'),
    ready: managed.ready,
    launch: (id, service, of) => launchOf(id, service, of, settings, builds, parts),
  });
  const { traffic, address } = await trafficOf(managed, parts.clock);
  const tuned = { name, traffic, launcher, replicas: managed.instances, image };
  return { settings, launcher, builds, tuned, address };
}

async function trafficOf(
  { proxy }: ManagedService,
  clock: Clock,
): Promise<{ readonly traffic: TrafficPort; readonly address: string }> {
  if ('socket' in proxy)
    return {
      traffic: await HaproxyPort.open(proxy, clock),
      address: proxy.address,
    };
  const traffic = await ProxyPort.listen({ ...proxy, slots: SLOTS }, clock);
  return { traffic, address: traffic.address };
}

/** What is kept of the recording of an instance that runs for long. */
const KEPT = '15m';

function launchOf(
  id: string,
  service: string,
  image: ServiceImage,
  { managed, environment }: Managed['settings'],
  builds: Builds,
  { reporting, hindcast, folder }: ManagedParts,
): Launch {
  const own = { ...process.env, ...image.configuration };
  const env = instanceEnvironment({ service, id, environment, image }, reporting, own);
  const { command, record } = managed;
  const common = { folder: builds.folder(service, image.build), env };
  if (!record) return { ...common, command, recordingFile: undefined };
  const recordingFile = path.join(folder, 'logs', `${id}.recording`);
  const recordings = path.join(folder, '..', 'recordings');
  const recorder = ['record', '--out', recordings, '--keep', KEPT, '--path-file', recordingFile, '--'];
  return { ...common, command: [...hindcast, ...recorder, ...command], recordingFile };
}
