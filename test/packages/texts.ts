/**
 * `npm run proof:texts -- FOLDER… [--limit N] [--seed S]`: instruments the JavaScript files of folders, packages included, at
 * every level, and has V8 parse what comes out, never running any of it. Says which files could not be recorded for it.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import vm from 'node:vm';
import { instrument } from '../../trace-runtime/src/instrument/instrument.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' } },
});
/** Larger ones take long, and are many smaller ones in a row. */
const LARGEST = 400_000;
/** As the site words of an instrumented text stand in it before a recording gives them its own. */
const WORD = /\u0001([0-9a-f]{9})/g;
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

let checked = 0;
let failed = 0;
for (const file of inOrderOf(Number(flags.seed), positionals.flatMap(scriptsIn)).slice(0, Number(flags.limit))) {
  const source = readFileSync(file, 'utf8');
  const goal = goalOf(source);
  if (goal === undefined) continue;
  checked += 1;
  for (const level of ['steps', 'writes'] as const) {
    for (const why of faultsOf(source, file, level, goal)) {
      failed += 1;
      console.log(`${file} at level ${level}: ${why}`);
    }
  }
}
console.log(`${checked} files instrumented: ${failed} texts that V8 does not parse`);
if (failed > 0) process.exitCode = 1;

function scriptsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?js$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size <= LARGEST);
}

function inOrderOf(seed: number, files: readonly string[]): string[] {
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff);
  return files
    .map((file) => [random(), file] as const)
    .sort(([a], [b]) => a - b)
    .map(([, file]) => file);
}

function goalOf(source: string): 'commonjs' | 'module' | undefined {
  if (faultOf(source, 'commonjs') === undefined) return 'commonjs';
  return faultOf(source, 'module') === undefined ? 'module' : undefined;
}

function faultsOf(source: string, fileName: string, level: 'steps' | 'writes', goal: 'commonjs' | 'module'): string[] {
  try {
    const { code, light } = instrument(source, { fileName, level, goal });
    return [code, light.code].flatMap((text) => faultOf(text.replace(WORD, '0x$1'), goal) ?? []);
  } catch (error) {
    return [String(error)];
  }
}

function faultOf(text: string, goal: 'commonjs' | 'module'): string | undefined {
  try {
    if (goal === 'commonjs') vm.compileFunction(text, PARAMETERS);
    else new vm.SourceTextModule(text);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
