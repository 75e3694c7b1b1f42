/** `hindcast dap`: the debug adapter on stdin and stdout, or on a socket, for any client of the Debug Adapter Protocol. */
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { ReplaySession, type Run } from '../../debug-adapter/src/session.ts';
import { findInstallation } from './installation.ts';
import { parse, text } from './options.ts';
import { openSession } from './session.ts';

export function dap(args: readonly string[]): Promise<never> {
  const at = text(parse(args, { listen: 'text' }, 0), 'listen');
  const session = new ReplaySession({
    open: async (name) => (await openSession(name)).recording,
    record,
    sandbox: findInstallation().runtime,
  });
  if (at !== undefined) return listen(at, session);
  session.start(process.stdin, process.stdout);
  // the adapter ends the process when its client disconnects
  return new Promise(() => undefined);
}

/** How long a client is waited for. */
const WAITING_MS = 60_000;

/** Serves the first client that connects. Rejects where the socket cannot be listened at. */
function listen(at: string, session: ReplaySession): Promise<never> {
  return new Promise((_, reject) => {
    const server = net.createServer((socket) => {
      clearTimeout(timer);
      server.close();
      session.start(socket, socket);
    });
    const timer = setTimeout(() => server.close(() => process.exit()), WAITING_MS);
    server.on('error', reject);
    server.listen(at, () => console.log(`listening at ${at}`));
  });
}

const LAST_LINE = /(?:^|\n)recording: (.+)\n$/;

/** Runs `hindcast record`, whose last line on stderr names the recording. */
function record({ command, cwd = process.cwd(), env, output, signal }: Run): Promise<string> {
  const variables: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(env)) {
    if (value === null) delete variables[name];
    else variables[name] = value;
  }
  const cli = path.join(__dirname, '..', 'bin', 'hindcast.cjs');
  const child = spawn(process.execPath, [cli, 'record', '--', ...command], {
    cwd,
    env: variables,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // the command ends in order, and so does its recording
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  let last = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => output('stdout', text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-10_000);
    const shown = text.replace(LAST_LINE, '');
    if (shown) output('stderr', shown);
  });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`The command cannot be recorded: ${error.message}`)));
    child.on('close', () => {
      const [, folder] = LAST_LINE.exec(last) ?? [];
      if (folder !== undefined) resolve(folder);
      else
        reject(
          new Error(`Nothing was recorded of ${command.join(' ')}. ${last.trim().split('\n').at(-1) ?? ''}`.trim()),
        );
    });
  });
}
