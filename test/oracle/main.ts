/**
 * `npm run oracle -- FILE… [--pauses 200|all] [--json] [--rows FILE] [--node PATH] [--keep] [--verbose]
 *  [--suite NAME] [--level light]`
 *
 * Runs programs under V8's inspector, not instrumented, and under `hindcast record`, and compares their state. At
 * level light the recordings are executed again first; a program whose run is not proven then is named, and not compared.
 */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { check, type Outcome } from './check.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { listPrograms, whyNoProgram } from './programs.ts';
import { listSuite } from './suite.ts';

continueInReaderNode();
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pauses: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
    rows: { type: 'string' },
    node: { type: 'string', default: programNode },
    keep: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    suite: { type: 'string', multiple: true },
    timeout: { type: 'string' },
    level: { type: 'string', default: 'full' },
  },
});

const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const own = path.join(repository, 'test/oracle/programs');
const files =
  positionals.length > 0
    ? positionals.filter(isProgram)
    : readdirSync(own)
        .filter((name) => /\.m?[jt]s$/.test(name))
        .map((name) => path.join(own, name));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-oracle-'));
const total = { programs: 0, pauses: 0, values: 0, mismatches: 0, opaque: 0, unproven: 0 };
if (flags.rows !== undefined) writeFileSync(flags.rows, '');

const suites = (flags.suite ?? []).flatMap(listSuite);
for (const program of suites.length > 0 ? suites : listPrograms(files, scratch)) {
  const outcome = await check(program, {
    repository,
    scratch,
    node: flags.node,
    pauses: flags.pauses === 'all' ? Number.POSITIVE_INFINITY : Number(flags.pauses),
    timeoutMs: Number(flags.timeout ?? (suites.length > 0 ? 600 : 120)) * 1000,
    level: flags.level === 'light' ? 'light' : 'full',
    keep: flags.keep,
  }).catch((error: unknown) => failed(program.name, error));
  total.programs++;
  total.pauses += outcome.pauses;
  total.values += outcome.values;
  total.mismatches += outcome.mismatches;
  total.opaque += outcome.opaque;
  if (outcome.unproven !== undefined) total.unproven++;
  console.log(lineOf(outcome));
  for (const line of details(outcome)) console.log(line);
  if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(outcome)}\n`);
}
if (flags.keep) console.log(`kept in ${scratch}`);
else rmSync(scratch, { recursive: true, force: true });
console.log(
  `${total.programs} programs: ${total.pauses} pauses, ${total.values} values, ${total.mismatches} mismatches, ${total.opaque} opaque${total.unproven > 0 ? `, ${total.unproven} not proven` : ''}`,
);
if (flags.json) console.log(JSON.stringify(total));
process.exitCode = total.mismatches === 0 && total.programs > 0 ? 0 : 1;

function isProgram(file: string): boolean {
  const why = whyNoProgram(file);
  if (why !== undefined) console.error(why);
  return why === undefined;
}

function failed(program: string, error: unknown): Outcome {
  const recording = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const differences = [{ times: 1, at: 'oracle', path: 'run', inspector: 'a comparison', recording }];
  return {
    program,
    pauses: 0,
    values: 1,
    mismatches: 1,
    opaque: 0,
    executions: 0,
    differences,
    opaquePaths: [],
    problems: [],
  };
}

function lineOf({ program, pauses, values, mismatches, opaque, unproven }: Outcome): string {
  if (unproven !== undefined) return `unproven ${program}: ${unproven}`;
  const share = opaque ? `, ${opaque} opaque (${((100 * opaque) / values).toFixed(2)} %)` : '';
  return `${mismatches ? 'DIFFERS' : 'equal  '} ${program.padEnd(34)} ${pauses} pauses, ${values} values, ${mismatches} mismatches${share}`;
}

function details({ differences, opaquePaths, problems }: Outcome): string[] {
  const shown = flags.verbose ? differences : differences.slice(0, 4);
  return [
    ...shown.map(
      (d) =>
        `    at ${d.at}\n        ${d.path}: inspector ${d.inspector} | recording ${d.recording}${d.times > 1 ? ` (${d.times} times)` : ''}`,
    ),
    ...(flags.verbose ? opaquePaths.slice(0, 20).map((path) => `    opaque: ${path}`) : []),
    ...problems.slice(0, flags.verbose ? 20 : 2).map((problem) => `    reader: ${problem}`),
  ];
}
