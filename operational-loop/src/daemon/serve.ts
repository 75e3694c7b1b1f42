/** `hindcast ops serve`: the daemon, until it is told to end. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import { operationsFolder } from '../api/address.ts';
import type { Alert } from '../api/messages.ts';
import { OtlpReceiver } from '../ingest/otlp.ts';
import { systemClock } from '../model/time.ts';
import { CONFIGURATION_FILE, defaults, readConfiguration, type OperationsConfiguration } from './configuration.ts';
import { DaemonFolder } from './folder.ts';
import { ApiServer, type Route } from './http-server.ts';
import { Operations } from './operations.ts';
import { openParts, type OperationsSettings } from './parts.ts';
import { routesOf } from './routes.ts';

export interface ServeOptions {
  readonly configuration: OperationsConfiguration;
  /** where it keeps what it knows */
  readonly data: string;
  /** the `hindcast` command, with its arguments so far */
  readonly hindcast: readonly string[];
}

export interface RunningDaemon extends AsyncDisposable {
  readonly url: string;
  readonly operations: Operations;
}

/** Throws where it cannot begin; what had begun is ended then. */
export async function startDaemon({ configuration, data, hindcast }: ServeOptions): Promise<RunningDaemon> {
  const begun: (Disposable | AsyncDisposable)[] = [];
  const use = <T extends Disposable | AsyncDisposable>(part: T): T => {
    begun.unshift(part);
    return part;
  };
  const end = async (): Promise<void> => {
    for (const part of begun.splice(0)) {
      await (Symbol.asyncDispose in part ? part[Symbol.asyncDispose]() : part[Symbol.dispose]());
    }
  };
  try {
    const folder = use(DaemonFolder.open(data));
    const routes: Route[] = [];
    const { host, port } = configuration;
    const server = use(await ApiServer.listen({ host, port, token: folder.token }, routes));
    const url = `http://${host}:${server.port}`;
    const probe = path.join(__dirname, 'node-probe.cjs');
    const settings: OperationsSettings = {
      folder: folder.folder,
      configuration,
      clock: systemClock,
      reporting: { url, token: folder.token, probe },
      hindcast,
    };
    const operations = use(new Operations(settings, await openParts(settings)));
    const { samples, silence } = operations.parts;
    const receiver = new OtlpReceiver(samples, systemClock, (...who) => silence.heard(...who));
    routes.push(...routesOf(operations, receiver));
    await operations.start();
    folder.announce({ url });
    return { url, operations, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The exit code. */
export async function serve(args: readonly string[], hindcast: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  const daemon = await startDaemon({ ...options, hindcast });
  process.stderr.write(`hindcast: ${inWords(options.configuration, daemon)}\n`);
  const { book } = daemon.operations.parts;
  const tell = ({ text }: Alert): void => void process.stderr.write(`hindcast: ${text}\n`);
  for (const alert of book.list().filter(({ endedAt }) => endedAt === undefined)) tell(alert);
  book.onOpen(tell);
  await untilTold();
  process.stderr.write('hindcast: ending…\n');
  await daemon[Symbol.asyncDispose]();
  return 0;
}

/** What it watches, where what it runs takes requests, and where it is asked. */
function inWords({ services, acts }: OperationsConfiguration, { url, operations }: RunningDaemon): string {
  const addresses = new Map(operations.parts.managed.map(({ settings, address }) => [settings.name, address]));
  const named = services.map(({ name }) => (addresses.has(name) ? `${name} at ${addresses.get(name)}` : name));
  const watched = named.join(', ') || 'whatever is sent to it';
  return `watching ${watched}; ${acts ? 'acting on allowed knobs' : 'recommending only'}; its API is at ${url}`;
}

function optionsOf(args: readonly string[]): Omit<ServeOptions, 'hindcast'> {
  const text = { type: 'string' } as const;
  const { values } = attempt(() =>
    parseArgs({ args: [...args], options: { config: text, data: text, port: text, act: { type: 'boolean' } } }),
  );
  const { config, data, port, act } = values;
  const file = config ?? (existsSync(CONFIGURATION_FILE) ? CONFIGURATION_FILE : undefined);
  const found = file === undefined ? defaults : readConfiguration(path.resolve(file));
  const configuration = { ...found, port: port === undefined ? found.port : portOf(port), acts: act ?? found.acts };
  return { configuration, data: data === undefined ? operationsFolder(process.cwd()) : path.resolve(data) };
}

export function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw usage(error instanceof Error ? error.message.replace(/\.?$/, '.') : String(error));
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw usage(`--port takes a number from 0 to 65535, not ${text}.`);
}

/**
 * By the terminal, by `hindcast ops stop`, or because who started it has gone. Told again, it ends no sooner: the services that it
 * started would stay.
 */
export function untilTold(): Promise<void> {
  const awake = setInterval(() => undefined, 1 << 30);
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        clearInterval(awake);
        resolve();
      });
    }
  });
}
