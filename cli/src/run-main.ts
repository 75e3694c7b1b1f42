/** Runs a command to its exit code; an error becomes one line on stderr, and with `--json` an object on stdout. */
import { HindcastError, inputOutput } from '../../trace-runtime/src/base/errors.ts';

export function runMain(run: (args: readonly string[]) => Promise<number>): void {
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
}
