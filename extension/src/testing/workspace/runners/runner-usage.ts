/** What a package's scripts say about its runner: options that tests need, without those that pick tests or change the output. */
import { nodeOptions, runnerOptions } from './runner-options.ts';
import { baseName, scriptCommands, type ScriptCommand } from './script-commands.ts';
import type { RunnerName, RunnerUsage } from '../test-model.ts';

export const NO_USAGE: RunnerUsage = { env: {}, nodeArgs: [], args: [], patterns: [] };

/** From the script that most likely runs the tests: `test`, then `test:…`, then any. undefined: none runs this runner. */
export function usageInScripts(scripts: Readonly<Record<string, string>>, runner: RunnerName): RunnerUsage | undefined {
  const names = Object.keys(scripts).sort((a, b) => rank(a) - rank(b));
  for (const name of names) {
    for (const command of scriptCommands(scripts[name] ?? '')) {
      const usage = usageOf(command, runner);
      if (usage) return usage;
    }
  }
  return undefined;
}

function rank(name: string): number {
  if (name === 'test') return 0;
  if (/^test[:._-](?:unit|node|only|run|js|ts)$/.test(name)) return 1;
  if (/^tests?\b/.test(name)) return 2;
  return /\b(?:watch|coverage|debug|bench|perf)/.test(name) ? 4 : 3;
}

const PROGRAMS: Readonly<Record<string, Exclude<RunnerName, 'node'>>> = {
  vitest: 'vitest',
  'vitest.mjs': 'vitest',
  jest: 'jest',
  'jest.js': 'jest',
  mocha: 'mocha',
  _mocha: 'mocha',
  'mocha.js': 'mocha',
};

function usageOf({ env, words }: ScriptCommand, runner: RunnerName): RunnerUsage | undefined {
  const [first = '', ...rest] = words;
  const program = baseName(first).replace(/\.cmd$/, '');
  const named = PROGRAMS[program];
  if (named) return named === runner ? { env, nodeArgs: [], ...runnerOptions(named, rest) } : undefined;
  if (program === 'tsx') return runner === 'node' ? usageOfTsx(env, rest) : undefined;
  if (program !== 'node') return undefined;
  return runner === 'node' ? usageOfNode(env, rest) : usageThroughNode(env, rest, runner);
}

function usageOfNode(env: RunnerUsage['env'], words: readonly string[]): RunnerUsage | undefined {
  const { kept, rest, tests } = nodeOptions(words);
  return tests ? { env, nodeArgs: kept, args: [], patterns: rest } : undefined;
}

/** What `tsx` does for Node's own runner. */
function usageOfTsx(env: RunnerUsage['env'], words: readonly string[]): RunnerUsage | undefined {
  const at = words.indexOf('--tsconfig');
  const file = at < 0 ? undefined : words[at + 1];
  const rest = at < 0 ? words : words.toSpliced(at, 2);
  return usageOfNode(file === undefined ? env : { ...env, TSX_TSCONFIG_PATH: file }, ['--import', 'tsx', ...rest]);
}

/** `node --experimental-vm-modules node_modules/jest/bin/jest.js` */
function usageThroughNode(
  env: RunnerUsage['env'],
  words: readonly string[],
  runner: RunnerName,
): RunnerUsage | undefined {
  const { kept, rest } = nodeOptions(words);
  const [script = '', ...args] = rest;
  const named = PROGRAMS[baseName(script)];
  return named && named === runner ? { env, nodeArgs: kept, ...runnerOptions(named, args) } : undefined;
}
