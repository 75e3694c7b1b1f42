/** Keeps what lies on disk around a loaded file: see model/code-file.ts. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { CODE_FILE, type CodeFile } from '../model/code-file.ts';

/** What loaders, compilers and the recorder itself look for in the folders around a file. */
const MANIFESTS = ['package.json', 'tsconfig.json', 'jsconfig.json', 'pnpm-workspace.yaml', 'lerna.json'];
const MOST_LINKS = 10_000;

/** `put` writes a file of the recording's folder of sources. What was loaded is there already. */
export function codeFiles(put: (name: string, content: string) => void): (file: string, loaded?: string) => void {
  const seen = new Set<string>();
  const keep = (file: CodeFile): void =>
    put(createHash('sha256').update(file.path).digest('hex') + CODE_FILE, JSON.stringify(file));

  function keepText(file: string, otherThan?: string): void {
    if (seen.has(file)) return;
    seen.add(file);
    const text = tryTo(() => readFileSync(file, 'utf8'));
    if (text !== undefined && text !== otherThan) keep({ path: file, text });
  }

  function keepFolder(folder: string): void {
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const name of MANIFESTS) keepText(path.join(folder, name));
    const packages = path.join(folder, 'node_modules');
    const links = linksIn(packages);
    if (Object.keys(links).length > 0) keep({ path: packages, links });
    const repository = path.join(folder, '.git');
    if (existsSync(repository)) keep({ path: repository, links: {} });
    keepFolder(path.dirname(folder));
  }

  return (given, loaded) => {
    const file = given.replace(/[?#].*$/, '');
    if (!path.isAbsolute(file)) return;
    keepText(file, loaded);
    keepFolder(path.dirname(file));
  };
}

/** Of packages, by their names. */
function linksIn(folder: string, scope = ''): Readonly<Record<string, string>> {
  const links: Record<string, string> = {};
  const entries = tryTo(() => readdirSync(path.join(folder, scope), { withFileTypes: true })) ?? [];
  for (const entry of entries.slice(0, MOST_LINKS)) {
    const name = path.join(scope, entry.name);
    if (entry.isSymbolicLink()) links[name] = readlinkSync(path.join(folder, name));
    else if (scope === '' && name.startsWith('@')) Object.assign(links, linksIn(folder, name));
  }
  return links;
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
