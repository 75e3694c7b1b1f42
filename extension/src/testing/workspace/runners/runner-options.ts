/** Options of node and of the runners: which take a value, and which a command of ours keeps. */
import type { RunnerName } from '../test-model.ts';

interface Known {
  /** kept; `value`: with the word that follows */
  readonly kept: Readonly<Record<string, 'flag' | 'value'>>;
  /** dropped, with the word that follows */
  readonly droppedValues: readonly string[];
  /** further options that are kept where they stand alone */
  readonly also?: RegExp;
}

const NODE: Known = {
  kept: {
    '-r': 'value',
    '--require': 'value',
    '--import': 'value',
    '--loader': 'value',
    '--experimental-loader': 'value',
    '-C': 'value',
    '--conditions': 'value',
    '--env-file': 'value',
    '--env-file-if-exists': 'value',
    '--test-concurrency': 'value',
    '--test-timeout': 'value',
    '--test-global-setup': 'value',
  },
  droppedValues: [
    '--test-name-pattern',
    '--test-skip-pattern',
    '--test-reporter',
    '--test-reporter-destination',
    '--test-shard',
    '--test-coverage-include',
    '--test-coverage-exclude',
    '--watch-path',
  ],
  also: /^--(?!test$|test-only|test-reporter|test-name|test-skip|test-coverage|test-shard|test-rerun|watch|inspect|experimental-test-coverage|prof|cpu-prof|heap-prof)/,
};

const RUNNERS: Readonly<Record<Exclude<RunnerName, 'node'>, Known>> = {
  vitest: {
    kept: {
      '-c': 'value',
      '--config': 'value',
      '-r': 'value',
      '--root': 'value',
      '--dir': 'value',
      '--project': 'value',
      '--workspace': 'value',
      '--environment': 'value',
      '--mode': 'value',
      '--pool': 'value',
      '--globals': 'flag',
      '--dom': 'flag',
      '--no-isolate': 'flag',
      '--no-file-parallelism': 'flag',
    },
    droppedValues: ['-t', '--testNamePattern', '--reporter', '--outputFile', '--exclude', '--shard', '--changed'],
  },
  jest: {
    kept: {
      '-c': 'value',
      '--config': 'value',
      '--rootDir': 'value',
      '--env': 'value',
      '--testEnvironment': 'value',
      '--preset': 'value',
      '--testTimeout': 'value',
      '-w': 'value',
      '--maxWorkers': 'value',
      '--selectProjects': 'value',
      '-i': 'flag',
      '--runInBand': 'flag',
      '--forceExit': 'flag',
    },
    droppedValues: [
      '-t',
      '--testNamePattern',
      '--reporters',
      '--outputFile',
      '--shard',
      '--changedSince',
      '--testPathPattern',
    ],
  },
  mocha: {
    kept: {
      '-r': 'value',
      '--require': 'value',
      '--import': 'value',
      '--loader': 'value',
      '--config': 'value',
      '--package': 'value',
      '--extension': 'value',
      '-u': 'value',
      '--ui': 'value',
      '-t': 'value',
      '--timeout': 'value',
      '--file': 'value',
      '-n': 'value',
      '--node-option': 'value',
      '--ignore': 'value',
      '--exclude': 'value',
      '--recursive': 'flag',
      '--exit': 'flag',
      '--check-leaks': 'flag',
      '--async-only': 'flag',
      '-A': 'flag',
      '--no-config': 'flag',
      '--no-package': 'flag',
    },
    droppedValues: [
      '-g',
      '--grep',
      '-f',
      '--fgrep',
      '-R',
      '--reporter',
      '-O',
      '--reporter-option',
      '--reporter-options',
      '-j',
      '--jobs',
      '-s',
      '--slow',
      '--retries',
      '--spec',
      '--watch-files',
      '--watch-ignore',
    ],
    also: /^--(?:experimental-|enable-source-maps|no-warnings|expose-gc|trace-|stack-trace-limit=)/,
  },
};

interface Sorted {
  readonly kept: readonly string[];
  readonly rest: readonly string[];
}

/** Up to the script that node runs; `rest` begins with it. `tests`: it is told to run tests. */
export function nodeOptions(words: readonly string[]): Sorted & { readonly tests: boolean } {
  const tests = words.includes('--test');
  return { ...sort(words, NODE, !tests), tests };
}

export function runnerOptions(
  runner: Exclude<RunnerName, 'node'>,
  words: readonly string[],
): { readonly args: readonly string[]; readonly patterns: readonly string[] } {
  const { kept, rest } = sort(words, RUNNERS[runner], false);
  const patterns = runner === 'vitest' ? rest.filter((word, index) => index > 0 || !VITEST_COMMANDS.has(word)) : rest;
  return { args: kept, patterns };
}

const VITEST_COMMANDS = new Set(['run', 'watch', 'dev', 'related', 'bench', 'list']);

function sort(words: readonly string[], { kept, droppedValues, also }: Known, toFirst: boolean): Sorted {
  const out: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') {
      if (toFirst) return { kept: out, rest: words.slice(at) };
      rest.push(word);
      continue;
    }
    const [name = ''] = word.split('=', 1);
    const alone = name !== word;
    const kind = Object.hasOwn(kept, name) ? kept[name] : undefined;
    if (kind === 'value' && !alone) out.push(word, words[(at += 1)] ?? '');
    else if (kind || also?.test(word)) out.push(word);
    else if (!alone && droppedValues.includes(name)) at += 1;
  }
  return { kept: out, rest };
}
