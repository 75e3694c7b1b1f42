/** All commands but `record`. On a Node that reads recordings, for those that do: see `main.ts`. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import manifest from '../package.json' with { type: 'json' };
import { runMain } from './run-main.ts';

/** Each command's modules are loaded when it is asked for. */
async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command !== undefined && asksForHelp(args)) return help(command);
  switch (command) {
    case 'list':
      return (await import('./list.ts')).list(rest);
    case 'info':
      return (await import('./info.ts')).info(rest);
    case 'state':
      return (await import('./state.ts')).state(rest);
    case 'events':
      return (await import('./events.ts')).events(rest);
    case 'search':
      return (await import('./search.ts')).search(rest);
    case 'diff':
      return (await import('./diff.ts')).diff(rest);
    case 'why':
      return (await import('./why.ts')).why(rest);
    case 'slice':
      return (await import('./slice.ts')).slice(rest);
    case 'suspects':
      return (await import('./suspects.ts')).suspects(rest);
    case 'validate':
      return (await import('./validate.ts')).validate(rest);
    case 'what-if':
      return (await import('./what-if.ts')).whatIf(rest);
    case 'materialise':
      return (await import('./materialise.ts')).materialise(rest);
    case 'keep':
      return (await import('./keep.ts')).keep(rest);
    case 'minimize':
      return (await import('./minimize.ts')).minimize(rest);
    case 'generate-test':
      return (await import('./generate-test.ts')).generateTest(rest);
    case 'cut':
      return (await import('./cut.ts')).cut(rest);
    case 'export':
      return (await import('./transfer.ts')).exportRecording(rest);
    case 'import':
      return (await import('./transfer.ts')).importRecording(rest);
    case 'warm':
      return (await import('./warm.ts')).warm(rest);
    case 'ops':
      return (await import('./ops/ops.ts')).ops(rest);
    case 'dap':
      return (await import('./dap.ts')).dap(rest);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return help(rest[0]);
    case 'version':
    case '--version':
    case '-v':
      process.stdout.write(`hindcast ${manifest.version}, on Node ${process.versions.node}\n`);
      return 0;
    default:
      throw usage(`There is no command ${command}.`);
  }
}

/** Right after the command, or after one of `ops`: what comes later may belong to a command that is run. */
function asksForHelp([command, first, second]: readonly string[]): boolean {
  const asks = (word: string | undefined): boolean => word === '--help' || word === '-h';
  return asks(first) || (command === 'ops' && first !== '--' && asks(second));
}

async function help(command: string | undefined): Promise<number> {
  process.stdout.write((await import('./help.ts')).help(command));
  return 0;
}

runMain(run);
