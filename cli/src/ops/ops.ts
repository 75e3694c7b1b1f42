/** `hindcast ops …`: the daemon of the operational loop, and what can be asked of it and told to it. */
import { userInfo } from 'node:os';
import path from 'node:path';
import { operationsFolder } from '../../../operational-loop/src/api/address.ts';
import { DaemonClient } from '../../../operational-loop/src/api/client.ts';
import { HindcastError } from '../../../trace-runtime/src/base/errors.ts';
import { text, type Parsed } from '../options.ts';

export async function ops(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'serve':
    case 'demo':
      return (await import('./serve.ts')).runDaemon(command, rest);
    case 'run':
      return (await import('./run.ts')).run(rest);
    case 'stop':
      return (await import('./serve.ts')).stop(rest);
    case 'status':
    case 'alerts':
    case 'drifts':
    case 'signatures':
    case 'recommendations':
    case 'rollouts':
    case 'knobs':
    case 'history':
    case 'forecast':
      return (await import('./show.ts')).show(command, rest);
    case 'decisions':
    case 'replay':
    case 'calibration':
      return (await import('./decisions.ts'))[command](rest);
    case 'incidents':
    case 'postmortem':
    case 'note':
      return (await import('./incidents.ts'))[command](rest);
    case 'gate':
      return (await import('./show.ts')).gate(rest);
    case 'apply':
    case 'override':
    case 'dismiss':
    case 'set':
    case 'pin':
    case 'unpin':
    case 'pause':
    case 'resume':
    case 'roll-back':
    case 'roll-out':
    case 'describe':
    case 'acknowledge':
      return (await import('./act.ts')).act(command, rest);
    case undefined:
      process.stdout.write((await import('../help.ts')).help('ops'));
      return 0;
    default:
      throw new HindcastError(
        'usage',
        `There is no command ops ${command}.`,
        'Run `hindcast help ops` for those there are.',
      );
  }
}

/** The folder that `--data` names, or that of the folder that one is in. */
export function dataFolder(parsed: Parsed): string {
  const given = text(parsed, 'data');
  return given === undefined ? operationsFolder(process.cwd()) : path.resolve(given);
}

/** Throws where no daemon runs. */
export function daemonOf(parsed: Parsed): DaemonClient {
  return DaemonClient.find(dataFolder(parsed));
}

/** Whoever is at the terminal, for the log of actions. */
export function whoever(): string {
  try {
    return userInfo().username;
  } catch {
    return 'someone at a terminal';
  }
}
