/** Which files are instrumented ahead: those of the project that Node loads as they are written. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { PackageFacts } from '../../trace-runtime/src/instrument/source-request.ts';
import { isWritten, writtenFiles } from '../../trace-runtime/src/model/written-files.ts';

/** Larger files are made, not written; instrumenting one takes seconds. */
const MOST_BYTES = 500_000;
/** Of all files: some twenty seconds of work, and 100 MB in the cache. */
const MOST_BYTES_OF_ALL = 10_000_000;
const MOST_FILES = 20_000;

/** Of files and folders, absolute; what was changed last comes first. What is not there is left out. */
export function filesToWarm(names: readonly string[], packages: Packages): readonly string[] {
  const found: { readonly file: string; readonly at: number; readonly bytes: number }[] = [];
  for (const name of names) {
    const stat = statSync(name, { throwIfNoEntry: false });
    if (!stat) continue;
    const files = stat.isDirectory() ? writtenFiles(name) : isWritten(name) ? [name] : [];
    for (const file of files) {
      if (found.length === MOST_FILES) break;
      const of = isLoadedByNode(file, packages) ? statSync(file, { throwIfNoEntry: false }) : undefined;
      if (of && of.size <= MOST_BYTES) found.push({ file, at: of.mtimeMs, bytes: of.size });
    }
  }
  let left = MOST_BYTES_OF_ALL;
  return found
    .sort((a, b) => b.at - a.at)
    .filter(({ bytes }) => (left -= bytes) >= 0)
    .map(({ file }) => file);
}

function isLoadedByNode(file: string, packages: Packages): boolean {
  if (/\.[cm]?js$/.test(file)) return true;
  return /(?<!\.d)\.[cm]?ts$/.test(file) && packages.of(file).stripsTypes;
}

/** What package.json says of the files below it; each is read once. */
export class Packages {
  private readonly known = new Map<string, PackageFacts & { readonly stripsTypes: boolean }>();

  of(file: string): PackageFacts & { readonly stripsTypes: boolean } {
    return this.ofFolder(path.dirname(file));
  }

  private ofFolder(folder: string): PackageFacts & { readonly stripsTypes: boolean } {
    const known = this.known.get(folder);
    if (known) return known;
    const parent = path.dirname(folder);
    const facts = readFacts(folder) ?? (parent === folder ? NO_PACKAGE : this.ofFolder(parent));
    this.known.set(folder, facts);
    return facts;
  }
}

const NO_PACKAGE = { type: undefined, stripsTypes: false };

function readFacts(folder: string): (PackageFacts & { readonly stripsTypes: boolean }) | undefined {
  try {
    const json = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    const { type, scripts } = json;
    const texts = Object.values((scripts ?? {}) as Record<string, unknown>).join('\n');
    return { type: type === 'module' || type === 'commonjs' ? type : undefined, stripsTypes: runsTypeScript(texts) };
  } catch {
    return undefined;
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
