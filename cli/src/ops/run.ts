/**
 * `hindcast ops run -- COMMAND`: runs an instance of a service as it is, with the hashes of its build and configuration, so
 * that the daemon watches it; recorded, so that its failing and slow requests can be replayed.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readAddress } from '../../../operational-loop/src/api/address.ts';
import { DaemonClient } from '../../../operational-loop/src/api/client.ts';
import { instanceEnvironment, type ReportingInstance } from '../../../operational-loop/src/api/instance-environment.ts';
import type { InstanceStarted } from '../../../operational-loop/src/api/messages.ts';
import { buildOf, configurationOf } from '../../../operational-loop/src/api/service-image.ts';
import { commandNotFound, usage } from '../../../trace-runtime/src/base/errors.ts';
import { findOperations } from '../installation.ts';
import { flag, parse, text } from '../options.ts';
import { dataFolder } from './ops.ts';

const OPTIONS = {
  data: 'text',
  service: 'text',
  instance: 'text',
  environment: 'text',
  build: 'text',
  settings: 'text',
  keep: 'text',
  'no-record': 'flag',
} as const;

/** What is kept of the recording of an instance that runs for long. */
const KEPT = '15m';
const LOOK = 100;

export async function run(args: readonly string[]): Promise<number> {
  const split = args.indexOf('--');
  const command = split < 0 ? [] : args.slice(split + 1);
  const parsed = parse(split < 0 ? args : args.slice(0, split), OPTIONS, 0);
  if (command.length === 0) throw usage('The command to run is missing.');
  const folder = dataFolder(parsed);
  const daemon = DaemonClient.find(folder);
  const { url, token } = readAddress(folder)!;
  const service = text(parsed, 'service') ?? serviceIn(process.cwd());
  const instance: ReportingInstance = {
    service,
    id: text(parsed, 'instance') ?? `${service}.${randomBytes(3).toString('hex')}`,
    environment: text(parsed, 'environment') ?? process.env['NODE_ENV'] ?? 'development',
    image: {
      build: text(parsed, 'build') ?? buildOf(process.cwd()),
      configuration: configurationOf(process.env, (text(parsed, 'settings') ?? '').split(',').filter(Boolean)),
    },
  };
  const probe = path.join(path.dirname(findOperations()), 'node-probe.cjs');
  const env = instanceEnvironment(instance, { url, token, probe }, process.env);
  const scratch = mkdtempSync(path.join(tmpdir(), 'hindcast-run-'));
  try {
    const recordingFile = flag(parsed, 'no-record') ? undefined : path.join(scratch, 'recording');
    const words = recordingFile ? recorded(command, recordingFile, text(parsed, 'keep') ?? KEPT) : command;
    return await follow(words, env, async (pid) => {
      const recording = recordingFile && (await written(recordingFile));
      const started: InstanceStarted = { ...instance, pid, ...(recording ? { recording } : {}) };
      await daemon.post('/v1/instances', started);
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    const gone = `/v1/instances/${encodeURIComponent(service)}/${encodeURIComponent(instance.id)}/ended`;
    await daemon.post(gone).catch(() => undefined);
  }
}

function recorded(command: readonly string[], recordingFile: string, keep: string): readonly string[] {
  const own = [process.execPath, path.resolve(process.argv[1] ?? '')];
  return [...own, 'record', '--keep', keep, '--path-file', recordingFile, '--', ...command];
}

/** Exits as the command does. What the terminal sends, both get. */
function follow(
  [file, ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  started: (pid: number) => Promise<void>,
): Promise<number> {
  const child = spawn(file!, args, { stdio: 'inherit', env });
  const ignore = (): void => undefined;
  const pass = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  child.on('spawn', () => {
    started(child.pid!).catch((error: Error) =>
      process.stderr.write(`hindcast: the daemon does not know of it: ${error.message}\n`),
    );
  });
  return new Promise((resolve, reject) => {
    child.on('error', () => reject(commandNotFound(file!)));
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGKILL' ? 137 : 143));
    });
  });
}

/** What the recorder wrote into the file, as soon as it did. */
async function written(file: string): Promise<string | undefined> {
  for (let left = 50; left > 0; left--) {
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  return undefined;
}

/** The package's name, or the folder's. */
function serviceIn(folder: string): string {
  try {
    const { name } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { readonly name?: unknown };
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // said by the folder
  }
  return path.basename(folder);
}
