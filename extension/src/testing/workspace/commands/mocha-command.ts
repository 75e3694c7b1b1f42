/** `mocha FILE… --grep PATTERN` */
import { askMocha, type MochaAnswer } from '../runners/mocha-options.ts';
import { relativePath, runnerWords } from '../runners/runner-script.ts';
import { readPackage } from '../runners/packages.ts';
import { filesOf, joinedPattern, type Chosen, type Surroundings } from './chosen-tests.ts';
import { isTypeScript } from './type-script.ts';

/** Rejects where mocha cannot say what its configuration is. */
export async function mochaCommand(
  chosen: Chosen,
  { project }: Surroundings,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { nodeArgs, script, args } = runnerWords(project);
  const { folder, usage } = project;
  const start = ['node', ...nodeArgs, script, ...args];
  if (chosen.kind === 'all') return [...start, ...usage.patterns];
  const { options } = await askMocha(project, usage.args, signal);
  const files = filesOf(chosen);
  return [
    ...start,
    ...withoutSpecs(options, chosen.kind === 'tests'),
    ...(files.some(isTypeScript) && !loadsTypeScript([...nodeArgs, ...args], options) ? loaderOf(folder) : []),
    ...files.map((file) => relativePath(folder, file)),
    ...(chosen.kind === 'tests' ? [`--grep=${joinedPattern(chosen)}`] : []),
  ];
}

type Options = MochaAnswer['options'];

/** mocha runs the specs of its configuration beside the files it is given: then the rest of the configuration is given, too. */
function withoutSpecs(options: Options, picks: boolean): readonly string[] {
  const specs = [options._, options.spec].flat().filter((spec) => typeof spec === 'string');
  if (specs.length === 0) return [];
  const left = Object.entries(options).filter(([name]) => !OURS.has(name) && !(picks && PICKS.has(name)));
  return ['--no-config', '--no-package', ...left.flatMap(([name, value]) => wordsOf(name, value))];
}

const OURS = new Set([
  '_',
  '$0',
  'spec',
  'config',
  'package',
  'opts',
  'watch',
  'watch-files',
  'watch-ignore',
  'recursive',
]);
const PICKS = new Set(['grep', 'fgrep', 'invert']);
/** What mocha does without being told. */
const DEFAULTS: Readonly<Record<string, string>> = {
  diff: 'true',
  reporter: 'spec',
  slow: '75',
  timeout: '2000',
  ui: 'bdd',
  extension: 'js,cjs,mjs',
};

function wordsOf(name: string, value: unknown): readonly string[] {
  // Aliases repeat what their long names say.
  if (name.length === 1 || DEFAULTS[name] === String(value)) return [];
  if (Array.isArray(value)) return value.flatMap((each) => wordsOf(name, each));
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  return typeof value === 'string' || typeof value === 'number' ? [`--${name}`, String(value)] : [];
}

const LOADERS = /\b(?:tsx|ts-node|swc|esbuild|babel|sucrase|jiti|register|strip-types|transform-types)\b/;

function loadsTypeScript(words: readonly string[], options: Options): boolean {
  const told = [options.require, options.import, options.loader, options['node-option']].flat();
  return [...words, ...told].some((word) => typeof word === 'string' && LOADERS.test(word));
}

function loaderOf(folder: string): readonly string[] {
  const dependencies = readPackage(folder)?.dependencies;
  if (dependencies?.has('tsx')) return ['--require', 'tsx'];
  return dependencies?.has('ts-node') ? ['--require', 'ts-node/register'] : [];
}
