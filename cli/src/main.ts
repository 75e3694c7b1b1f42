/** The `hindcast` command. */
import { HindcastError, inputOutput, usage } from '../../trace-runtime/src/base/errors.ts';
import { events } from './events.ts';
import { help } from './help.ts';
import { info } from './info.ts';
import { list } from './list.ts';
import { rerunOnCapableNode } from './capable-node.ts';
import { record } from './record.ts';
import { state } from './state.ts';
import { exportRecording, importRecording } from './transfer.ts';

async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'record':
      return record(rest);
    case 'list':
      return list(rest);
    case 'info':
      return rerunOnCapableNode() ?? info(rest);
    case 'state':
      return rerunOnCapableNode() ?? state(rest);
    case 'events':
      return rerunOnCapableNode() ?? events(rest);
    case 'export':
      return rerunOnCapableNode() ?? exportRecording(rest);
    case 'import':
      return importRecording(rest);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(help(rest[0]));
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
