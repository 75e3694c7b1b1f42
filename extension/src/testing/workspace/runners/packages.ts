/** Packages: folders with a package.json, and what is found from there upward. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export interface Package {
  readonly folder: string;
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** of all kinds */
  readonly dependencies: ReadonlySet<string>;
  readonly isModule: boolean;
  /** the whole of package.json */
  readonly json: Readonly<Record<string, unknown>>;
}

/** undefined where the folder has no package.json, or one that cannot be read. */
export function readPackage(folder: string): Package | undefined {
  const json = readObject(path.join(folder, 'package.json'));
  if (!json) return undefined;
  const { name, scripts, type } = json;
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  return {
    folder,
    name: typeof name === 'string' && name !== '' ? name : path.basename(folder),
    scripts: textsOf(scripts),
    dependencies: new Set(kinds.flatMap((kind) => Object.keys(textsOf(json[kind])))),
    isModule: type === 'module',
    json,
  };
}

/** The packages around a file or folder, nearest first, up to the repository's root. */
export function packagesAround(file: string): readonly Package[] {
  return foldersUpward(file).flatMap((folder) => readPackage(folder) ?? []);
}

/** From a file's folder, or the folder itself, up to the one that holds `.git`, or the file system's root. */
export function foldersUpward(from: string): readonly string[] {
  const start = isFolder(from) ? from : path.dirname(from);
  const folders: string[] = [];
  for (let folder = start; ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (exists(path.join(folder, '.git')) || path.dirname(folder) === folder) return folders;
  }
}

/** The script of a package's command, from the nearest node_modules upward; undefined where it is not installed. */
export function findBin(folder: string, packageName: string, bin: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const home = path.join(at, 'node_modules', packageName);
    const entry = readObject(path.join(home, 'package.json'))?.bin;
    const script = typeof entry === 'string' ? entry : textsOf(entry)[bin];
    if (script !== undefined) return path.join(home, script);
    if (path.dirname(at) === at) return undefined;
  }
}

export function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Names in a folder; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function readObject(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The entries of an object whose values are texts. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
