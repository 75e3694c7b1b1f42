/** The `hindcast` command. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { rerunOnCapableNode } from './capable-node.ts';
import { runMain } from './run-main.ts';

/** Each command's modules are loaded when it is asked for. */
async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command !== undefined && asksForHelp(args)) return help(command);
  switch (command) {
    case 'record':
      return (await import('./record.ts')).record(rest);
    case 'list':
      return (await import('./list.ts')).list(rest);
    case 'info':
      return rerunOnCapableNode() ?? (await import('./info.ts')).info(rest);
    case 'state':
      return rerunOnCapableNode() ?? (await import('./state.ts')).state(rest);
    case 'events':
      return rerunOnCapableNode() ?? (await import('./events.ts')).events(rest);
    case 'search':
      return rerunOnCapableNode() ?? (await import('./search.ts')).search(rest);
    case 'diff':
      return rerunOnCapableNode() ?? (await import('./diff.ts')).diff(rest);
    case 'why':
      return rerunOnCapableNode() ?? (await import('./why.ts')).why(rest);
    case 'slice':
      return rerunOnCapableNode() ?? (await import('./slice.ts')).slice(rest);
    case 'suspects':
      return rerunOnCapableNode() ?? (await import('./suspects.ts')).suspects(rest);
    case 'validate':
      return rerunOnCapableNode() ?? (await import('./validate.ts')).validate(rest);
    case 'what-if':
      return rerunOnCapableNode() ?? (await import('./what-if.ts')).whatIf(rest);
    case 'materialise':
      return rerunOnCapableNode() ?? (await import('./materialise.ts')).materialise(rest);
    case 'keep':
      return rerunOnCapableNode() ?? (await import('./keep.ts')).keep(rest);
    case 'minimize':
      return rerunOnCapableNode() ?? (await import('./minimize.ts')).minimize(rest);
    case 'generate-test':
      return rerunOnCapableNode() ?? (await import('./generate-test.ts')).generateTest(rest);
    case 'cut':
      return (await import('./cut.ts')).cut(rest);
    case 'export':
      return rerunOnCapableNode() ?? (await import('./transfer.ts')).exportRecording(rest);
    case 'import':
      return (await import('./transfer.ts')).importRecording(rest);
    case 'warm':
      return (await import('./warm.ts')).warm(rest);
    case 'ops':
      return (await import('./ops/ops.ts')).ops(rest);
    case 'dap':
      // what a reader holds stays: a small nursery costs no time; garbage that goes early saves a third of the memory
      return (
        rerunOnCapableNode(['--max-semi-space-size=2', '--heap-growing-percent=40']) ??
        (await import('./dap.ts')).dap(rest)
      );
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return help(rest[0]);
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
