/** The program of the daemon: `operations.cjs serve|demo`, as `hindcast ops` starts it. */
import '../../../trace-runtime/src/base/own-process.ts';
import { HindcastError, inputOutput } from '../../../trace-runtime/src/base/errors.ts';

async function main([command, ...args]: readonly string[]): Promise<number> {
  const hindcast = JSON.parse(process.env['HINDCAST_COMMAND'] ?? '["hindcast"]') as readonly string[];
  delete process.env['HINDCAST_COMMAND'];
  if (command === 'demo') return (await import('./demo.ts')).demo(args, hindcast);
  return (await import('./serve.ts')).serve(args, hindcast);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const known = error instanceof HindcastError ? error : inputOutput('go on', error);
    process.stderr.write(`hindcast: ${known.message}\n`);
    process.exit(known.exitCode);
  },
);
