/** The folder whose code is the developer's: a package, the monorepo that it belongs to, or the repository around it. */
import { globToRegExp } from '../model/glob.ts';
import { natives } from './natives.ts';

/**
 * The monorepo that has the nearest package upwards of `from` as a workspace (npm, yarn, pnpm, lerna); else the repository
 * around it, unless that is a person's home; else the package; else `from`.
 */
export function projectRoot(from: string): string {
  let nearest: string | undefined;
  let repository: string | undefined;
  for (let folder = from; ; folder = natives.dirname(folder)) {
    const manifest = readText(natives.join(folder, 'package.json'));
    if (manifest !== undefined) nearest ??= folder;
    if (nearest !== undefined && hasWorkspace(folder, nearest, manifest)) return folder;
    if (repository === undefined && !isHome(folder) && natives.exists(natives.join(folder, '.git')))
      repository = folder;
    if (natives.dirname(folder) === folder) return repository ?? nearest ?? from;
  }
}

/** `manifest`: the text of the folder's package.json, where it has one. */
function hasWorkspace(folder: string, member: string, manifest: string | undefined): boolean {
  const globs = [
    ...(manifest?.includes('"workspaces"') ? listOf(parse(manifest)['workspaces']) : []),
    ...itemsOf(readText(natives.join(folder, 'pnpm-workspace.yaml'))),
    ...listOf(parse(readText(natives.join(folder, 'lerna.json')))['packages']),
  ];
  if (globs.length === 0 || folder === member) return globs.length > 0;
  const path = member.slice(folder.length).replaceAll('\\', '/').replace(/^\//, '');
  const matches = (glob: string): boolean =>
    globToRegExp(glob.replace(/^!?(?:\.\/)?/, '').replace(/\/$/, '')).test(path);
  return (
    globs.some((glob) => !glob.startsWith('!') && matches(glob)) &&
    !globs.some((glob) => glob.startsWith('!') && matches(glob))
  );
}

/** Workspaces as npm has them, or in the `packages` of an object, as yarn may have them. */
function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((each) => typeof each === 'string');
  return typeof value === 'object' && value !== null && 'packages' in value ? listOf(value.packages) : [];
}

/** The items of `packages:` in YAML, which pnpm wants one a line. */
function itemsOf(yaml: string | undefined): readonly string[] {
  const [, list = ''] = /^packages:[ \t]*\r?\n((?:[ \t]*(?:-.*|#.*)?(?:\r?\n|$))*)/m.exec(yaml ?? '') ?? [];
  return [...list.matchAll(/^[ \t]*-[ \t]*(['"]?)([^'"#\r\n]+)\1/gm)].map(([, , item = '']) => item.trim());
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isHome(folder: string): boolean {
  const { HOME, USERPROFILE } = process.env;
  return folder === HOME || folder === USERPROFILE;
}

function readText(file: string): string | undefined {
  try {
    return natives.readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
