/** What a project's files import from packages, and what that imports in turn: prepared ahead, too, nearest first. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { specifiersIn } from '../../trace-runtime/src/instrument/prefetch.ts';
import { goalsOf, requestOf } from '../../trace-runtime/src/instrument/source-request.ts';
import { isOfTool, selectFiles, type FileSelection } from '../../trace-runtime/src/model/file-selection.ts';
import type { InstrumentRequest } from '../../trace-runtime/src/model/instrument-cache.ts';
import type { Runner } from '../../trace-runtime/src/rerun/generate/workspace.ts';
import type { SelectionOptions } from './selection-options.ts';
import type { Packages } from './warm-files.ts';

/** Larger ones are bundles: one takes many seconds, and rarely all of it is needed. */
const MOST_BYTES = 1_000_000;
/** Of all files, in the life of this process: some twenty seconds of work, and 100 MB in the cache. */
const MOST_BYTES_OF_ALL = 10_000_000;
const MOST_FILES = 5000;

/** As a program comes to a file. `jest` gives what it does not compile to `vm.compileFunction`. */
type How = 'require' | 'import' | 'jest';

interface Found {
  readonly file: string;
  readonly how: How;
  /** the folder that counts as the project's root where it is recorded */
  readonly root: string;
}

/** Runners run as they are, but what they need is recorded as other packages are. */
const RUNS: Readonly<Record<Runner, readonly (readonly [How, string])[]>> = {
  jest: [
    ['require', 'jest'],
    ['require', 'jest/bin/jest'],
    ['require', 'jest-environment-node'],
    ['jest', 'jest-circus/runner'],
  ],
  mocha: [['require', 'mocha/lib/cli/cli.js']],
  vitest: [['import', 'vitest']],
  node: [],
};

export class PackageWalk {
  private readonly known = new Set<string>();
  private readonly waiting: Found[] = [];
  /** packages of the project whose runner was taken in */
  private readonly begun = new Set<string>();
  private readonly selections = new Map<string, FileSelection>();
  private resolver: ImportResolver | undefined;
  private bytes = 0;
  private files = 0;

  constructor(
    private readonly options: SelectionOptions,
    private readonly version: string,
  ) {}

  /** Takes in what a file of the project imports. */
  async add(file: string, packages: Packages): Promise<void> {
    const source = readText(file);
    if (source === undefined) return;
    const { root, runner, type } = packages.of(file);
    const isTyped = /\.[cm]?tsx?$/.test(file);
    const text = isTyped ? source.replaceAll(TYPES_ONLY, '') : source;
    // What compiles TypeScript makes calls of `require` of imports, unless the package or Vitest has ES modules.
    const isCompiled = runner === 'jest' || (isTyped && type !== 'module' && runner !== 'vitest');
    const required = runner === 'jest' ? 'jest' : 'require';
    await this.take(file, specifiersIn(text, 'require'), required, root);
    if (!this.begun.has(root)) {
      this.begun.add(root);
      for (const [how, name] of RUNS[runner]) await this.take(file, [name], how, root);
    }
    await this.take(file, specifiersIn(text, 'import'), isCompiled ? required : 'import', root);
  }

  /** The next file's requests, of which the recording of a program makes one; undefined where all are done. */
  async next(packages: Packages): Promise<readonly InstrumentRequest[] | undefined> {
    const found = this.waiting.shift();
    if (!found || this.files >= MOST_FILES) return undefined;
    const { file, how, root } = found;
    const level = this.selectionOf(root).level(file);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? Infinity;
    if (size > MOST_BYTES || this.bytes + size > MOST_BYTES_OF_ALL || (level === 'off' && !isOfTool(file))) return [];
    const source = readText(file);
    if (source === undefined) return [];
    this.bytes += size;
    this.files += 1;
    const goals = how === 'jest' ? (['function'] as const) : goalsOf(file, source, packages.of(file));
    for (const goal of goals) {
      if (goal === 'module') await this.take(file, specifiersIn(source, 'import'), 'import', root);
      else await this.take(file, specifiersIn(source, 'require'), how === 'jest' ? how : 'require', root);
    }
    if (level === 'off') return [];
    return goals.map((goal) => requestOf({ fileName: file, level, goal, source }, this.version));
  }

  async dispose(): Promise<void> {
    await this.resolver?.dispose();
  }

  private async take(from: string, specifiers: readonly string[], how: How, root: string): Promise<void> {
    for (const specifier of new Set(specifiers)) {
      if (isBuiltin(specifier)) continue;
      const file = how === 'import' ? await this.imported(from, specifier) : required(from, specifier);
      const key = `${how} ${file}`;
      if (file === undefined || !IN_PACKAGE.test(file) || !/\.[cm]?js$/.test(file) || this.known.has(key)) continue;
      this.known.add(key);
      this.waiting.push({ file, how, root });
    }
  }

  private imported(from: string, specifier: string): Promise<string | undefined> {
    this.resolver ??= new ImportResolver();
    return this.resolver.resolve(from, specifier);
  }

  private selectionOf(root: string): FileSelection {
    const known = this.selections.get(root) ?? selectFiles({ ...this.options, root });
    this.selections.set(root, known);
    return known;
  }
}

const IN_PACKAGE = /[\\/]node_modules[\\/]/;
/** Imports and exports that no compiler keeps. */
const TYPES_ONLY = /\b(?:import|export)\s+type\b[^;'"]*(['"])[^'"\n]*\1/g;

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function required(from: string, specifier: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}

/** Node's own way of finding what a file imports, which it gives for another file with this option only. */
class ImportResolver {
  private readonly worker = new Worker(RESOLVER, { eval: true, execArgv: ['--experimental-import-meta-resolve'] });

  async resolve(from: string, specifier: string): Promise<string | undefined> {
    const url = await new Promise<string | undefined>((done) => {
      this.worker.once('message', done);
      this.worker.postMessage({ from: pathToFileURL(from).href, specifier });
    });
    if (!url?.startsWith('file:')) return undefined;
    try {
      return realpathSync(fileURLToPath(url));
    } catch {
      return undefined;
    }
  }

  async dispose(): Promise<void> {
    await this.worker.terminate();
  }
}

const RESOLVER = `
const { parentPort } = require('node:worker_threads');
const made = import('data:text/javascript,export const resolve = (name, from) => import.meta.resolve(name, from)');
parentPort.on('message', async ({ specifier, from }) => {
  const { resolve } = await made;
  let url;
  try {
    url = resolve(specifier, from);
  } catch {
    // it is not installed
  }
  parentPort.postMessage(url);
});`;
