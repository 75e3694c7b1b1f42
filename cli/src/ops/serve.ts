/** `hindcast ops serve`, `demo` and `stop`: the daemon's process. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { readAddress } from '../../../operational-loop/src/api/address.ts';
import { HindcastError, nodeTooOld } from '../../../trace-runtime/src/base/errors.ts';
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import { capableNode, findOperations } from '../installation.ts';
import { parse } from '../options.ts';
import { printLines } from '../output.ts';
import { dataFolder } from './ops.ts';

/** What the daemon holds stays: a small nursery costs it no time, and saves memory. */
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'] as const;

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The exit code of the daemon, which has this terminal. */
export function runDaemon(command: 'serve' | 'demo', args: readonly string[]): Promise<number> {
  const node = capableNode();
  if (node === undefined) throw nodeTooOld('22.15', 'run the daemon');
  const bundle = findOperations();
  // What the terminal sends, both get; what is sent to us alone, the daemon has to be told: told twice, it ends no sooner.
  const child = spawn(node, [...FLAGS, bundle, command, ...args], {
    stdio: 'inherit',
    env: { ...process.env, HINDCAST_COMMAND: JSON.stringify([process.execPath, path.resolve(process.argv[1] ?? '')]) },
  });
  const pass = (): void => void child.kill('SIGTERM');
  for (const signal of ENDING) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new HindcastError('input-output', `The daemon did not start: ${cause.message}.`, 'Run `npm run build`.', {
          cause,
        }),
      ),
    );
    child.on('exit', (code, signal) => {
      for (const each of ENDING) process.off(each, pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

const PATIENCE = 20_000;

export async function stop(args: readonly string[]): Promise<number> {
  const folder = dataFolder(parse(args, { data: 'text' }, 0));
  const address = readAddress(folder);
  if (!address || !processLives(address.pid)) {
    printLines(['No daemon runs.']);
    return 0;
  }
  process.kill(address.pid, 'SIGTERM');
  for (const end = Date.now() + PATIENCE; processLives(address.pid);) {
    if (Date.now() > end) {
      throw new HindcastError(
        'input-output',
        `The daemon with process ${address.pid} does not end.`,
        `Look at what it says in its terminal, or end it by \`kill -9 ${address.pid}\`: it recovers at its next start.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  printLines([`The daemon with process ${address.pid} has ended.`]);
  return 0;
}
