/** VS Code's server as a process: started, watched, and ended with all that it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serverEnvironment, type Environment } from './environment.ts';
import { Profile, type Settings } from './profile.ts';
import { serverNode, vscodeFolder } from './repository.ts';
import { setUp } from './set-up.ts';

export interface ServerOptions {
  /** the folder or `.code-workspace` file to open; without one, an empty window */
  readonly folder?: string | undefined;
  /** whether VS Code asks if a folder is trusted; else everything is */
  readonly workspaceTrust?: boolean | undefined;
  /** packages of extensions to install before the start */
  readonly vsix?: readonly string[] | undefined;
  readonly settings?: Settings | undefined;
  readonly colorTheme?: string | undefined;
  /** for the server, and so for the extension host and every program that it starts */
  readonly env?: Environment | undefined;
  /** instead of temporary folders */
  readonly userDataDir?: string | undefined;
  readonly extensionsDir?: string | undefined;
}

export interface Server {
  /** `127.0.0.1:PORT`, the name of this server in the workbench's URIs too */
  readonly authority: string;
  /** opens the workbench with the folder; holds the token without which the server answers nobody */
  readonly url: string;
  readonly profile: Profile;
  /** what the server printed so far */
  log(): string;
  /** Ends the server, its extension hosts and their programs, and removes the temporary folders. May be called again. */
  close(): Promise<void>;
}

const START_MS = 60_000;
const END_MS = 3_000;

function opened(folder: string | undefined): Record<string, string> {
  if (folder === undefined) return { ew: 'true' };
  return { [folder.endsWith('.code-workspace') ? 'workspace' : 'folder']: realpathSync(folder) };
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  await setUp();
  const profile = new Profile(settingsOf(options), options.userDataDir, options.extensionsDir);
  let owned: Owned | undefined;
  try {
    const env = serverEnvironment(profile.home, profile.temporary, options.env);
    for (const file of options.vsix ?? []) await installExtension(file, profile, env);
    const token = randomBytes(24).toString('hex');
    owned = launch(options, profile, env, token);
    const authority = await boundTo(owned);
    const query = new URLSearchParams({
      tkn: token,
      ...opened(options.folder),
    });
    const running = owned;
    return {
      authority,
      url: `http://${authority}/?${query.toString()}`,
      profile,
      log: () => withoutNoise(readFileSync(running.logFile, 'utf8')),
      close: () => end(running),
    };
  } catch (error) {
    if (owned) await end(owned);
    else profile.remove();
    throw error;
  }
}

/** Installs into a folder that several servers may use afterwards, as their `extensionsDir`. */
export async function installExtensions(vsix: readonly string[], extensionsDir: string): Promise<void> {
  await setUp();
  const profile = new Profile({}, undefined, extensionsDir);
  try {
    const env = serverEnvironment(profile.home, profile.temporary);
    for (const file of vsix) await installExtension(file, profile, env);
  } finally {
    profile.remove();
  }
}

interface Owned {
  readonly server: ChildProcess;
  readonly profile: Profile;
  readonly logFile: string;
  /** the same as `end`, at once: for a process that exits */
  readonly abandon: () => void;
}

function settingsOf({ workspaceTrust, colorTheme, settings }: ServerOptions): Settings {
  return {
    'security.workspace.trust.enabled': workspaceTrust === true,
    ...(colorTheme ? { 'workbench.colorTheme': colorTheme } : {}),
    ...settings,
  };
}

function serverArguments(profile: Profile, ...more: readonly string[]): readonly string[] {
  return [
    path.join(vscodeFolder, 'out/server-main.js'),
    `--server-data-dir=${profile.server}`,
    `--user-data-dir=${profile.user}`,
    `--extensions-dir=${profile.extensions}`,
    ...more,
  ];
}

async function installExtension(file: string, profile: Profile, env: NodeJS.ProcessEnv): Promise<void> {
  const args = serverArguments(profile, `--install-extension=${path.resolve(file)}`, '--force');
  const run = spawn(serverNode(), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (text) => (said += String(text)));
  const code = await new Promise<number | null>((resolve, reject) => {
    run.once('error', reject);
    run.once('close', resolve);
  });
  if (code !== 0) throw new Error(`VS Code did not install ${file} (exit code ${code}):\n${said}`);
}

function launch(options: ServerOptions, profile: Profile, env: NodeJS.ProcessEnv, token: string): Owned {
  const tokenFile = path.join(profile.folder, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const logFile = path.join(profile.folder, 'server.log');
  const output = openSync(logFile, 'a');
  const args = serverArguments(
    profile,
    '--host=127.0.0.1',
    '--port=0',
    `--connection-token-file=${tokenFile}`,
    '--accept-server-license-terms',
    '--telemetry-level=off',
    '--disable-telemetry',
    '--disable-experiments',
    '--disable-getting-started-override',
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
  );
  // In a process group of its own, with extension hosts, watchers and terminals.
  const server = spawn(serverNode(), args, { env, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  const abandon = (): void => {
    signalGroup(server, 'SIGKILL');
    profile.remove();
  };
  process.once('exit', abandon);
  return { server, profile, logFile, abandon };
}

async function boundTo({ server, logFile }: Owned): Promise<string> {
  const deadline = Date.now() + START_MS;
  let failure: Error | undefined;
  server.once('error', (error) => (failure = error));
  for (;;) {
    const log = readFileSync(logFile, 'utf8');
    const port = /^Server bound to 127\.0\.0\.1:(\d+)/m.exec(log)?.[1];
    if (port) return `127.0.0.1:${port}`;
    if (failure || server.exitCode !== null || server.signalCode !== null || Date.now() > deadline) {
      throw new Error(`VS Code's server did not start. ${failure?.message ?? ''}\n${log}`);
    }
    await delay(50);
  }
}

async function end({ server, profile, abandon }: Owned): Promise<void> {
  process.off('exit', abandon);
  signalGroup(server, 'SIGTERM');
  const deadline = Date.now() + END_MS;
  while (server.exitCode === null && server.signalCode === null && Date.now() < deadline) await delay(50);
  signalGroup(server, 'SIGKILL');
  profile.remove();
}

/** VS Code looks for two native parts that npm does not bring, says so at length, and does without. */
function withoutNoise(log: string): string {
  return log
    .split('\n')
    .filter((line) => !/\/node_modules\/(?:@vscode\/spdlog|vsda)\//.test(line))
    .join('\n');
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Everything in it has ended.
  }
}
