/**
 * `npm run proof:minimize [-- --only NAME] [--rows FILE] [--json]`: how much smaller `hindcast minimize` makes the inputs of
 * programs of many kinds, in which time. The smaller input has to fail as the recorded one did.
 */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAILING_PROGRAMS, type FailingProgram } from '../rerun/failing-programs.ts';
import { recordFailing } from '../rerun/record-failing.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rows: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

interface Row {
  readonly name: string;
  readonly ended: string;
  readonly before: number;
  readonly after: number;
  readonly trials: number;
  readonly milliseconds: number;
  readonly inputs: readonly {
    readonly name: string;
    readonly before: number;
    readonly after: number;
    readonly text: string | null;
  }[];
  /** of the recording of the smaller input, on the unchanged code */
  readonly verdict: string;
}

const LEAST_FACTOR = 10;
const MOST_MS = 60_000;

if (flags.rows !== undefined) writeFileSync(flags.rows, '');
const rows: Row[] = [];
for (const failing of FAILING_PROGRAMS.filter(({ name }) => !flags.only || flags.only.includes(name))) {
  const row = await measure(failing);
  rows.push(row);
  if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(row)}\n`);
  const { name, before, after, trials, milliseconds, ended, verdict } = row;
  const sizes = `${String(before).padStart(7)} -> ${String(after).padEnd(5)} B ${factor(row).toFixed(0).padStart(6)}-fold`;
  const effort = `${String(trials).padStart(4)} trials ${(milliseconds / 1000).toFixed(1).padStart(5)} s`;
  console.log(`${name.padEnd(18)} ${sizes} ${effort}  ${ended}, ${verdict}  (${failing.about})`);
}
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
const summary = {
  cases: rows.length,
  medianFactor: Math.round(median(rows.map(factor))),
  medianTrials: median(rows.map(({ trials }) => trials)),
  medianMs: median(rows.map(({ milliseconds }) => milliseconds)),
  slowestMs: Math.max(...rows.map(({ milliseconds }) => milliseconds)),
  wrong: rows.filter(({ verdict }) => verdict !== 'still-failing').length,
};
console.log(
  `median ${summary.medianFactor}-fold, ${summary.medianTrials} trials, ${(summary.medianMs / 1000).toFixed(1)} s; slowest ${(summary.slowestMs / 1000).toFixed(1)} s; ${summary.wrong} of ${summary.cases} do not fail as recorded`,
);
if (flags.json) console.log(JSON.stringify(summary));
if (summary.medianFactor < LEAST_FACTOR || summary.slowestMs > MOST_MS + 1000 || summary.wrong > 0)
  process.exitCode = 1;

async function measure(failing: FailingProgram): Promise<Row> {
  const { program } = await recordFailing(failing);
  try {
    const { stdout, stderr } = await program.hindcast(['minimize', '--json']);
    if (!stdout.startsWith('{')) throw new Error(`${failing.name}: ${stdout}${stderr}`);
    const { ended, before, after, trials, milliseconds, inputs, rerun } = JSON.parse(stdout) as Omit<
      Row,
      'name' | 'verdict'
    > & {
      readonly rerun: string | null;
    };
    const verdict = rerun === null ? 'no recording' : (await program.validate([rerun])).verdict;
    return { name: failing.name, ended, before, after, trials, milliseconds, inputs, verdict };
  } finally {
    rmSync(program.folder, { recursive: true, force: true });
  }
}

function factor({ before, after }: Row): number {
  return before / Math.max(1, after);
}
