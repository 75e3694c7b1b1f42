import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A program to compare, and how to run it. */
export interface OracleProgram {
  readonly name: string;
  /** the file whose statements are stopped at, and whose frames are compared */
  readonly file: string;
  /** Node's arguments */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Problem {
  readonly task_id: string;
  readonly declaration: string;
  readonly canonical_solution: string;
  readonly buggy_solution: string;
  readonly test: string;
}

/** Why a path cannot be compared; undefined where it can. */
export function whyNoProgram(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return `There is no file ${file}: it is left out.`;
  if (!found.isFile()) return `${file} is no file: it is left out.`;
  if (/\.(?:[cm]?[jt]s|[jt]sx|jsonl)$/.test(file)) return undefined;
  return `${file} is no JavaScript or TypeScript program and no .jsonl of programs: it is left out.`;
}

/** Files as they are, with Node's options of a line `// node --…`; of a `.jsonl` in HumanEvalPack's format each problem's right and buggy program. */
export function listPrograms(files: readonly string[], scratch: string): OracleProgram[] {
  return files.flatMap((file) => {
    if (!file.endsWith('.jsonl')) return [programOf(path.resolve(file), {})];
    const folder = path.join(scratch, path.basename(file, '.jsonl'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "commonjs" }');
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim());
    return lines.flatMap((line) => writeProblem(JSON.parse(line) as Problem, folder));
  });
}

function writeProblem(problem: Problem, folder: string): OracleProgram[] {
  const base = problem.task_id.replace(/\W+/g, '-').toLowerCase();
  return (['canonical', 'buggy'] as const).map((kind) => {
    const file = path.join(folder, `${base}-${kind}.js`);
    writeFileSync(file, problem.declaration + problem[`${kind}_solution`] + problem.test);
    return programOf(file, { HINDCAST_ORACLE_ASSERT: '1' });
  });
}

function programOf(file: string, env: OracleProgram['env']): OracleProgram {
  const options = /^\/\/ node (--.*)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.split(' ') ?? [];
  return { name: path.basename(file), file, argv: [...options, file], cwd: path.dirname(file), env };
}
