/**
 * `npm run bench:why [-- --only NAME]`: whether the answers name what was wrong in ten failures such as happen in real
 * programs, each of several files (test/bench/failures; the wrong line ends with the comment `wrong`, which nothing
 * reads). Of each it prints where `hindcast why` and the first suspect point, and the seconds that they take. Then what the
 * questions cost in recordings of 10⁷ events (bench:why-speed, bench:diff).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({ options: { only: { type: 'string' } } });
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const hindcast = path.join(repository, 'cli/dist/hindcast.cjs');
const failures = path.join(repository, 'test/bench/failures');

interface PlaceJson {
  readonly path: string;
  readonly line: number;
}
interface WhyJson {
  readonly sentence: string;
  readonly root: { readonly place: PlaceJson } | null;
}
interface SuspectsJson {
  readonly suspects: readonly { readonly place: PlaceJson; readonly sentence: string }[];
}

let right = 0;
const names = readdirSync(failures).filter((name) => flags.only === undefined || name === flags.only);
for (const name of names) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-why-'));
  try {
    if (measure(name, folder)) right++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`\nnamed first or second: ${right} of ${names.length}`);
if (flags.only === undefined)
  for (const bench of ['why-speed', 'diff']) {
    console.log(`\n${bench}`);
    const args = [path.join(repository, 'scripts/run.mjs'), path.join(repository, `test/bench/${bench}.ts`)];
    spawnSync(process.execPath, args, { cwd: repository, stdio: 'inherit' });
  }

function measure(name: string, folder: string): boolean {
  cpSync(path.join(failures, name), folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{}');
  const files = readdirSync(folder);
  const test = files.find((file) => file.endsWith('.test.js'))!;
  const wanted = wrongLine(folder, files);
  run(folder, 'record', '--', process.execPath, test);
  const why = timed(() => JSON.parse(run(folder, 'why', '--json')) as WhyJson);
  const suspects = timed(() => JSON.parse(run(folder, 'suspects', '--json')) as SuspectsJson);
  const [first] = suspects.result.suspects;
  const isIt = (place: PlaceJson | null | undefined): boolean =>
    place ? `${path.basename(place.path)}:${place.line}` === wanted : false;
  const isNamed = isIt(why.result.root?.place) || isIt(first?.place);
  console.log(`${name}: ${wanted}${isNamed ? '' : '  MISSED'}`);
  console.log(
    `  why, ${why.seconds.toFixed(1)} s: ${isIt(why.result.root?.place) ? 'it' : 'another line'}; ${why.result.sentence}`,
  );
  console.log(
    `  suspect, ${suspects.seconds.toFixed(1)} s: ${isIt(first?.place) ? 'it' : 'another line'}; ${first?.sentence}`,
  );
  return isNamed;
}

/** FILE:LINE of the comment. */
function wrongLine(folder: string, files: readonly string[]): string {
  for (const file of files) {
    const lines = readFileSync(path.join(folder, file), 'utf8').split('\n');
    const at = lines.findIndex((line) => line.endsWith('// wrong'));
    if (at >= 0) return `${file}:${at + 1}`;
  }
  throw new Error(`${folder} has no wrong line.`);
}

function run(cwd: string, ...args: readonly string[]): string {
  // of the failure that shows in a zone behind Coordinated Universal Time alone
  const env = { ...process.env, TZ: 'America/New_York' };
  return spawnSync(process.execPath, [hindcast, ...args], { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout;
}

function timed<T>(work: () => T): { readonly result: T; readonly seconds: number } {
  const before = performance.now();
  const result = work();
  return { result, seconds: (performance.now() - before) / 1000 };
}
