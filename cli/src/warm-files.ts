/** The files of a project: those that Node loads as they are written are instrumented ahead, and what packages all of them name. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { PackageFacts } from '../../trace-runtime/src/instrument/source-request.ts';
import { runnerOf, type Runner } from '../../trace-runtime/src/rerun/generate/workspace.ts';
import { isWritten, writtenFiles } from '../../trace-runtime/src/model/written-files.ts';

/** Larger files are made, not written; instrumenting one takes seconds. */
const MOST_BYTES = 500_000;
/** Of all files: some twenty seconds of work, and 100 MB in the cache. */
const MOST_BYTES_OF_ALL = 10_000_000;
const MOST_FILES = 20_000;
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;

export interface ProjectFile {
  readonly file: string;
  /** Node loads it as it is written */
  readonly isPlain: boolean;
}

/** Of files and folders, absolute; what was changed last comes first. What is not there is left out. */
export function projectFiles(names: readonly string[], packages: Packages): readonly ProjectFile[] {
  const found: (ProjectFile & { readonly at: number; readonly bytes: number })[] = [];
  for (const name of names) {
    const stat = statSync(name, { throwIfNoEntry: false });
    if (!stat) continue;
    const files = stat.isDirectory() ? writtenFiles(name) : isWritten(name) ? [name] : [];
    for (const file of files) {
      if (found.length === MOST_FILES) break;
      const of = SOURCE.test(file) ? statSync(file, { throwIfNoEntry: false }) : undefined;
      if (!of || of.size > MOST_BYTES) continue;
      found.push({ file, isPlain: isLoadedByNode(file, packages), at: of.mtimeMs, bytes: of.size });
    }
  }
  let left = MOST_BYTES_OF_ALL;
  return found.sort((a, b) => b.at - a.at).filter(({ bytes }) => (left -= bytes) >= 0);
}

function isLoadedByNode(file: string, packages: Packages): boolean {
  if (/\.[cm]?js$/.test(file)) return true;
  return /\.[cm]?ts$/.test(file) && packages.of(file).stripsTypes;
}

export interface ProjectFacts extends PackageFacts {
  /** the package's folder */
  readonly root: string;
  readonly stripsTypes: boolean;
  /** also where only a package around it names one, as in a monorepo */
  readonly runner: Runner;
}

/** What package.json says of the files below it; each is read once. */
export class Packages {
  private readonly known = new Map<string, ProjectFacts>();

  of(file: string): ProjectFacts {
    return this.ofFolder(path.dirname(file));
  }

  private ofFolder(folder: string): ProjectFacts {
    const known = this.known.get(folder);
    if (known) return known;
    const facts = this.read(folder);
    this.known.set(folder, facts);
    return facts;
  }

  private read(folder: string): ProjectFacts {
    const parent = path.dirname(folder);
    const around = (): ProjectFacts =>
      parent === folder ? { root: folder, type: undefined, stripsTypes: false, runner: 'node' } : this.ofFolder(parent);
    try {
      const json = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
      const { type, scripts } = json;
      const texts = Object.values((scripts ?? {}) as Record<string, unknown>).join('\n');
      const runner = runnerOf(json);
      return {
        root: folder,
        type: type === 'module' || type === 'commonjs' ? type : undefined,
        stripsTypes: runsTypeScript(texts),
        runner: runner === 'node' ? around().runner : runner,
      };
    } catch {
      return around();
    }
  }
}

/** Whether a script has Node itself run TypeScript. What tsx, ts-node and test runners make of it differs from its text. */
function runsTypeScript(scripts: string): boolean {
  return scripts
    .split(/&&|\|\||[;|\n]/)
    .some(
      (command) => /\bnode\b/.test(command) && !/tsx|ts-node|swc/.test(command) && /\.[cm]?ts\b|-types\b/.test(command),
    );
}
