/** `node mocha-process.mjs RUN`: runs files of tests in a process of its own. RUN is a `MochaProcessRun` as JSON. */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { bundlesFolder } from './bundle.ts';
import { readOutcome, writeOutcome, type Outcome } from './outcome.ts';
import { cleanUpAtExit } from './package.ts';
import { runMocha, type MochaRun } from './run-mocha.ts';

interface MochaProcessRun extends Omit<MochaRun, 'print'> {
  readonly outcomeFile: string;
}

/**
 * Starts `program`, the bundle of this module, and prints its report when it has ended. Rejects where it did not get to
 * the end of the tests.
 */
export async function runInProcess(program: string, run: Omit<MochaRun, 'print'>): Promise<Outcome> {
  const outcomeFile = path.join(bundlesFolder, `${randomUUID()}.json`);
  const child = fork(program, [JSON.stringify({ ...run, outcomeFile } satisfies MochaProcessRun)], { silent: true });
  const end = (): boolean => child.kill();
  process.once('exit', end);
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (status, signal) => resolve(status ?? signal)),
  );
  process.off('exit', end);
  process.stdout.write(Buffer.concat(printed));
  const outcome = readOutcome(outcomeFile);
  if (!outcome) throw new Error(`${run.files.map((file) => path.basename(file)).join(', ')} did not end: ${code}.`);
  return outcome;
}

/** What the bundle does. */
async function main(text: string): Promise<void> {
  cleanUpAtExit();
  const { outcomeFile, ...run } = JSON.parse(text) as MochaProcessRun;
  writeOutcome(outcomeFile, await runMocha(run));
  process.exit();
}

if (path.basename(process.argv[1] ?? '') === 'mocha-process.mjs') await main(process.argv[2] ?? '{}');
