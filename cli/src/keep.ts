/** `hindcast keep`: puts a failure into the corpus, without running anything. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { keep as keepFailureOf } from './corpus.ts';
import { displayPath } from './display-place.ts';
import { flag, parse } from './options.ts';
import { printJson, printLines } from './output.ts';
import { latestRecorded } from './prove.ts';
import { openSession } from './session.ts';

export async function keep(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { expect: 'text', json: 'flag' }, 1);
  const name = parsed.positionals[0];
  if (name === '') throw usage('The name of a recording is missing.');
  const { folder, facts } = keepFailureOf(await openSession(latestRecorded(name)), parsed);
  if (flag(parsed, 'json')) printJson({ folder, name: facts.name, expected: facts.expected });
  else printLines([displayPath(folder)]);
  return 0;
}
