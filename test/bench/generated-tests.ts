/**
 * `npm run proof:generated-tests [-- --only NAME] [--rows FILE] [--json]`: the tests that `hindcast generate-test` writes for
 * programs of many kinds, for each of four runners in turn: each has to fail before the fix, as the recording did, and to
 * pass after it.
 */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAILING_PROGRAMS } from '../rerun/failing-programs.ts';
import { FAILING_TESTS } from '../rerun/failing-tests.ts';
import { proveGenerated, type Proof } from '../rerun/prove-generated.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rows: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const RUNNERS = ['node', 'vitest', 'mocha', 'jest'] as const;

if (flags.rows !== undefined) writeFileSync(flags.rows, '');
const rows: Proof[] = [];
for (const [at, failing] of [...FAILING_PROGRAMS, ...FAILING_TESTS].entries()) {
  if (flags.only && !flags.only.includes(failing.name)) continue;
  const { program, ...row } = await proveGenerated(failing, failing.runner ?? RUNNERS[at % RUNNERS.length]!);
  rmSync(program.folder, { recursive: true, force: true });
  rows.push(row);
  if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(row)}\n`);
  const { name, runner, kind, what, before, after, lines, fixtures } = row;
  const files = `${lines} lines, ${fixtures} fixtures`;
  console.log(
    `${name.padEnd(18)} ${runner.padEnd(7)} ${`${kind} ${what}`.padEnd(20)} ${files.padEnd(23)} before: ${before}, after: ${after}`,
  );
}
const right = rows.filter(({ before, after }) => before === 'fails-as-recorded' && after === 'passes').length;
const summary = { cases: rows.length, right, calls: rows.filter(({ kind }) => kind === 'call').length };
console.log(
  `${right} of ${rows.length} fail before the fix as recorded and pass after it; ${summary.calls} call a function`,
);
if (flags.json) console.log(JSON.stringify(summary));
if (right < rows.length) process.exitCode = 1;
