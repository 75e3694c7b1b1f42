/**
 * `npm run bench:suspects -- FILE [--only TASK] [--json] [--rows FILE]`: how well suspects name the line that was wrong. FILE has the
 * format of HumanEvalPack: a line of JSON for each program, with its mistake, its correction and its assertions. Each
 * assertion becomes a test of its own, so that a program has failing and passing cases in one recording. A program counts
 * as found at N where one of the first N lines is one that the correction changes; where it only adds lines, one next to
 * them. Beside it stand Ochiai and Tarantula on the same recordings: lines of equal rank count by their share.
 */
import { diffLines } from 'diff';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readTasks, writeProgram, type Task } from './human-eval.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, json: { type: 'boolean', default: false }, rows: { type: 'string' } },
});
if (positionals.length !== 1) throw new Error('Give one file in the format of HumanEvalPack.');
const hindcast = path.join(process.env['HINDCAST_REPOSITORY'] ?? process.cwd(), 'cli/dist/hindcast.cjs');

interface Listed {
  readonly place: { readonly path: string; readonly line: number };
  readonly score: number;
  readonly sentence: string;
  readonly spectrum: { readonly ochiai: number; readonly tarantula: number };
}

interface Answer {
  readonly cases: { readonly failing: number; readonly passing: number };
  readonly trials: { readonly changes: number; readonly fault: string | null };
  readonly suspects: readonly Listed[];
}

interface Row {
  readonly task: string;
  readonly passing: number;
  readonly changes: number;
  readonly seconds: number;
  /** by method: the chance to be among the first 1, 3, 5 */
  readonly found: Readonly<Record<Method, readonly number[]>>;
  /** lines that the correction changes */
  readonly wanted: readonly number[];
  readonly ranking: readonly Ranked[];
  readonly first: string;
  readonly problem: string | undefined;
}

interface Ranked {
  readonly line: number;
  readonly score: number;
  readonly ochiai: number;
  readonly tarantula: number;
}

const METHODS = ['suspects', 'ochiai', 'tarantula'] as const;
type Method = (typeof METHODS)[number];
const TOPS = [1, 3, 5];

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
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-suspects-'));
  try {
    writeProgram(folder, task, task.declaration + task.buggy_solution);
    // a mistake may make it run for ever
    spawnSync(process.execPath, [hindcast, 'record', '--', process.execPath, 'solution.test.js'], {
      cwd: folder,
      stdio: 'ignore',
      timeout: 5000,
      killSignal: 'SIGTERM',
    });
    const before = performance.now();
    const { status, stdout, stderr } = run(folder, 'suspects', '--json', '--count', '1000');
    const seconds = (performance.now() - before) / 1000;
    if (status !== 0) return missed(task, seconds, stderr.trim());
    return judged(task, JSON.parse(stdout) as Answer, seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(cwd: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [hindcast, ...args], { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

/** Lines of the program that the correction changes, from 1. */
function changedLines({ declaration, buggy_solution: wrong, canonical_solution: right }: Task): ReadonlySet<number> {
  const lines = (declaration + wrong).split('\n');
  const removed = new Set<number>();
  const around = new Set<number>();
  let line = 1;
  for (const part of diffLines(declaration + wrong, declaration + right, { ignoreWhitespace: true })) {
    if (part.added) {
      for (const [from, step] of [
        [line - 1, -1],
        [line, 1],
      ] as const) {
        let at = from;
        while (at > 0 && at <= lines.length && lines[at - 1]!.trim() === '') at += step;
        around.add(at);
      }
      continue;
    }
    if (part.removed)
      for (let at = line; at < line + part.count; at++) if (lines[at - 1]!.trim() !== '') removed.add(at);
    line += part.count;
  }
  return removed.size > 0 ? removed : around;
}

function judged(task: Task, answer: Answer, seconds: number): Row {
  const wanted = changedLines(task);
  const listed = answer.suspects.filter(({ place }) => path.basename(place.path) === 'solution.js');
  const ranked = listed.map(({ place }, index) => ({ line: place.line, score: -index }));
  const scored = (of: 'ochiai' | 'tarantula') =>
    listed
      .filter(({ spectrum }) => spectrum.ochiai > 0)
      .map(({ place, spectrum }) => ({ line: place.line, score: spectrum[of] }));
  const [first] = listed;
  return {
    task: task.task_id,
    passing: answer.cases.passing,
    changes: answer.trials.changes,
    seconds,
    found: {
      suspects: TOPS.map((top) => chance(ranked, wanted, top)),
      ochiai: TOPS.map((top) => chance(scored('ochiai'), wanted, top)),
      tarantula: TOPS.map((top) => chance(scored('tarantula'), wanted, top)),
    },
    wanted: [...wanted],
    ranking: listed.map(({ place, score, spectrum }) => ({ line: place.line, score, ...onlyScores(spectrum) })),
    first: first ? `line ${first.place.line}: ${first.sentence}` : '',
    problem: answer.trials.fault ?? undefined,
  };
}

function onlyScores({ ochiai, tarantula }: Listed['spectrum']) {
  return { ochiai, tarantula };
}

function missed(task: Task, seconds: number, problem: string): Row {
  const none = TOPS.map(() => 0);
  const found = { suspects: none, ochiai: none, tarantula: none };
  const wanted = [...changedLines(task)];
  return { task: task.task_id, passing: 0, changes: 0, seconds, found, wanted, ranking: [], first: '', problem };
}

/** The chance that one of the first lines is wanted, where lines of equal score stand in any order. */
function chance(
  list: readonly { readonly line: number; readonly score: number }[],
  wanted: ReadonlySet<number>,
  top: number,
): number {
  const best = Math.max(-Infinity, ...list.filter(({ line }) => wanted.has(line)).map(({ score }) => score));
  if (best === -Infinity) return 0;
  const above = list.filter(({ score }) => score > best).length;
  const equal = list.filter(({ score }) => score === best);
  const right = equal.filter(({ line }) => wanted.has(line)).length;
  let none = 1;
  for (let i = 0; i < Math.min(top - above, equal.length); i++)
    none *= Math.max(0, equal.length - right - i) / (equal.length - i);
  return above >= top ? 0 : 1 - none;
}

function report(all: readonly Row[]): void {
  const share = (method: Method, top: number): number =>
    all.reduce((sum, { found }) => sum + found[method][top]!, 0) / Math.max(1, all.length);
  const shares = (method: Method) => ({
    top1: share(method, 0),
    top3: share(method, 1),
    top5: share(method, 2),
  });
  print(all);
  if (flags.json)
    console.log(
      JSON.stringify({
        programs: all.length,
        ...shares('suspects'),
        ochiai: shares('ochiai'),
        tarantula: shares('tarantula'),
      }),
    );
}

function print(all: readonly Row[]): void {
  for (const row of all) {
    const rank = TOPS.find((_, i) => row.found.suspects[i] === 1);
    if (rank === 1 && row.problem === undefined) continue;
    console.log(
      `${row.task}: ${rank === undefined ? 'not among the first 5' : `among the first ${rank}`}; ${row.problem ?? row.first}`,
    );
  }
  const groups: readonly (readonly [string, readonly Row[]])[] = [
    ['all programs', all],
    ['with a passing assertion', all.filter(({ passing }) => passing > 0)],
    ['without', all.filter(({ passing }) => passing === 0)],
  ];
  for (const [title, group] of groups) {
    console.log(`\n${title}: ${group.length}`);
    for (const method of METHODS) {
      const shares = TOPS.map((top, i) => {
        const sum = group.reduce((total, { found }) => total + found[method][i]!, 0);
        return `top-${top} ${((100 * sum) / Math.max(1, group.length)).toFixed(1)} %`;
      });
      console.log(`  ${method.padEnd(10)} ${shares.join('   ')}`);
    }
  }
  const mean = (of: (row: Row) => number): number =>
    all.reduce((sum, row) => sum + of(row), 0) / Math.max(1, all.length);
  const ratio = mean(({ found }) => found.suspects[0]!) / mean(({ found }) => found.ochiai[0]!);
  console.log(`\ntop-1 is ${ratio.toFixed(2)} times Ochiai's`);
  console.log(
    `${mean(({ changes }) => changes).toFixed(0)} changes tried a program, ${mean(({ seconds }) => seconds).toFixed(1)} s a command`,
  );
}
