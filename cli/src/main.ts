/** The `hindcast` command. */
import { HindcastError, inputOutput, usage } from '../../trace-runtime/src/base/errors.ts';
import { rerunOnCapableNode } from './capable-node.ts';
import { record } from './record.ts';

/** Recording must begin at once: whatever only readers need is loaded when they are asked for. */
async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'record':
      return record(rest);
    case 'list':
      return (await import('./list.ts')).list(rest);
    case 'info':
      return rerunOnCapableNode() ?? (await import('./info.ts')).info(rest);
    case 'state':
      return rerunOnCapableNode() ?? (await import('./state.ts')).state(rest);
    case 'events':
      return rerunOnCapableNode() ?? (await import('./events.ts')).events(rest);
    case 'export':
      return rerunOnCapableNode() ?? (await import('./transfer.ts')).exportRecording(rest);
    case 'import':
      return (await import('./transfer.ts')).importRecording(rest);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write((await import('./help.ts')).help(rest[0]));
      return 0;
    default:
      throw usage(`There is no command ${command}.`);
  }
}

const asJson = process.argv.includes('--json') && process.argv[2] !== 'record';

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof HindcastError ? error : inputOutput('go on', error);
    if (asJson) {
      const { code, sentence, remedy } = known;
      process.stdout.write(`${JSON.stringify({ version: 1, error: { code, sentence, remedy } })}\n`);
    }
    process.stderr.write(`hindcast: ${known.message}\n`);
    process.exitCode = known.exitCode;
  },
);
