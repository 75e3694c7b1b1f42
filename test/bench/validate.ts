/**
 * `npm run bench:validate -- FILE [--only TASK] [--rows FILE] [--json]`: whether a rerun tells a mended program from one that
 * is not. FILE has the format of HumanEvalPack. Each program is recorded with its mistake, and its recording validated
 * three times: unchanged (must still fail), with the correct solution (must be fixed), and with a mutation of the correct
 * solution that fails its tests, chosen by the task's name (must never be fixed). A verdict that differs is a wrong one.
 */
import { parse, type Node } from 'acorn';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { readTasks, writeProgram, type Task } from './human-eval.ts';
import { mutationsOf } from './mutations.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    rows: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
if (positionals.length !== 1) throw new Error('Give one file in the format of HumanEvalPack.');
const hindcast = path.join(process.env['HINDCAST_REPOSITORY'] ?? process.cwd(), 'cli/dist/hindcast.cjs');

interface Answer {
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
}

interface Row {
  readonly task: string;
  /** whether the recorded program failed at all */
  readonly recorded: boolean;
  readonly unchanged: Answer | undefined;
  readonly correct: Answer | undefined;
  /** undefined where no mutation failed the tests */
  readonly mutated: Answer | undefined;
  /** of one validation, at the median of three */
  readonly milliseconds: number;
  readonly wrong: readonly string[];
}

/** A rerun of less is stopped after that; of more, it needs as long as the recorded run did. */
const RERUN_MS = 8000;
/** A busy machine takes long to begin: one that is ended early fails otherwise when it runs to its end. */
const RECORD_MS = 40_000;

const tasks = readTasks(positionals[0]!).filter(
  ({ task_id: id }) => flags.only === undefined || id === flags.only || id.endsWith(`/${flags.only}`),
);
if (flags.rows !== undefined) writeFileSync(flags.rows, '');
report(
  tasks.map((task) => {
    const row = measure(task);
    if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(row)}\n`);
    return row;
  }),
);

function measure(task: Task): Row {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-validate-'));
  try {
    const { declaration, buggy_solution: wrong, canonical_solution: right } = task;
    writeProgram(folder, task, declaration + wrong);
    // a mistake may make it run for ever
    const begun = performance.now();
    spawnSync(process.execPath, [hindcast, 'record', '--', process.execPath, 'solution.test.js'], {
      cwd: folder,
      stdio: 'ignore',
      timeout: RECORD_MS,
      killSignal: 'SIGTERM',
    });
    const limit = Math.max(RERUN_MS, 2 * (performance.now() - begun));
    const times: number[] = [];
    const unchanged = validated(folder, times, limit);
    writeProgram(folder, task, declaration + right);
    const correct = validated(folder, times, limit);
    const mutant = failingMutation(folder, task);
    const mutated = mutant === undefined ? undefined : validated(folder, times, limit);
    const row = { task: task.task_id, recorded: unchanged !== undefined, unchanged, correct, mutated };
    times.sort((a, b) => a - b);
    return { ...row, milliseconds: Math.round(times[times.length >> 1] ?? 0), wrong: wrongIn(row) };
  } finally {
    // the indexer may still write
    removeFolder(folder);
  }
}

function validated(folder: string, times: number[], limit: number): Answer | undefined {
  const before = performance.now();
  const { stdout } = spawnSync(
    process.execPath,
    [hindcast, 'validate', '--json', '--timeout', `${Math.ceil(limit / 1000)}s`],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  times.push(performance.now() - before);
  if (!stdout.startsWith('{')) return undefined;
  const answer = JSON.parse(stdout) as Partial<Answer>;
  return answer.verdict === undefined ? undefined : { verdict: answer.verdict, reasons: answer.reasons ?? [] };
}

/** The first mutation, in an order that the task's name gives, that fails the tests; its program is left in the folder. */
function failingMutation(folder: string, task: Task): string | undefined {
  const { declaration, canonical_solution: right } = task;
  for (const mutant of mutationsOf(declaration + right, task.task_id)) {
    if (!isProgram(mutant)) continue;
    writeProgram(folder, task, mutant);
    const { status } = spawnSync(process.execPath, ['solution.test.js'], {
      cwd: folder,
      stdio: 'ignore',
      timeout: 3000,
    });
    if (status !== 0 && status !== null) return mutant;
  }
  return undefined;
}

function isProgram(source: string): Node | false {
  try {
    return parse(source, { ecmaVersion: 'latest' });
  } catch {
    return false;
  }
}

function wrongIn({ unchanged, correct, mutated }: Pick<Row, 'unchanged' | 'correct' | 'mutated'>): readonly string[] {
  const wrong: string[] = [];
  if (unchanged?.verdict !== 'still-failing') wrong.push(`unchanged: ${said(unchanged)}`);
  if (correct?.verdict !== 'fixed') wrong.push(`correct: ${said(correct)}`);
  if (mutated?.verdict === 'fixed') wrong.push(`mutated: ${said(mutated)}`);
  return wrong;
}

function said(answer: Answer | undefined): string {
  if (!answer) return 'no answer';
  return [answer.verdict, ...answer.reasons.slice(0, 2).map(({ text }) => text.split('\n', 1)[0])].join(', ');
}

function report(all: readonly Row[]): void {
  for (const { task, wrong } of all) if (wrong.length > 0) console.log(`${task}: ${wrong.join('; ')}`);
  const count = (of: (row: Row) => boolean): number => all.filter(of).length;
  const object = {
    programs: all.length,
    reproduced: count(({ unchanged }) => unchanged?.verdict === 'still-failing'),
    fixed: count(({ correct }) => correct?.verdict === 'fixed'),
    wrongVerdicts: all.reduce((sum, { wrong }) => sum + wrong.length, 0),
  };
  if (flags.json) return console.log(JSON.stringify(object));
  const times = all.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  console.log(`programs       ${object.programs}`);
  console.log(`reproduced     ${object.reproduced}`);
  console.log(`fixed          ${object.fixed}`);
  console.log(`mutated        ${count(({ mutated }) => mutated !== undefined)}, none may be fixed`);
  console.log(`wrong verdicts ${object.wrongVerdicts}`);
  console.log(`a validation took ${times[times.length >> 1] ?? 0} ms at the median`);
}
