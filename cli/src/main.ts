/** The `hindcast` command. */
import { HindcastError, inputOutput, usage } from '../../trace-runtime/src/base/errors.ts';
import { help } from './help.ts';
import { record } from './record.ts';

async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'record':
      return record(rest);
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
