/**
 * The surroundings of a run that the program itself need not be asked for: versions, time zone, locale, commit and
 * uncommitted changes. For the command that records; it works beside the program and delays nothing.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { redactor } from './secrets.ts';
import { secretsOf } from '../model/secret-names.ts';

export interface EnvironmentDescription {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly release: string;
  readonly timeZone: string;
  readonly locale: string;
  /** Node's flags from NODE_OPTIONS, Hindcast's own excepted */
  readonly flags: string;
  readonly dependencies: Dependencies | null;
  readonly git: GitState | null;
}

export interface Dependencies {
  /** the file that fixes the versions, relative to the working folder, and its SHA-256 */
  readonly lockfile: string | null;
  readonly lockfileHash: string | null;
  /** installed version by the path of each package below node_modules */
  readonly versions: Readonly<Record<string, string>>;
}

export interface GitState {
  readonly commit: string;
  readonly branch: string;
  /** `git diff HEAD`, secrets redacted */
  readonly diff: string;
  /** relative to the repository's top, as in the diff */
  readonly untracked: readonly string[];
}

const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];
const LARGEST_DIFF = 64 << 20;

/** Never rejects: what cannot be found out is null. */
export async function describeEnvironment(
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<EnvironmentDescription> {
  const { text } = redactor(secretsOf(env));
  const asked = isInRepository(cwd, env) ? gitState(cwd, text).catch(() => null) : null;
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  const dependencies = orNull(() => dependenciesOf(cwd));
  const git = await asked;
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    release: os.release(),
    timeZone,
    locale,
    flags: text((env.NODE_OPTIONS ?? '').replace(/--require "[^"]*preload\.cjs"\s*/, '')),
    dependencies,
    git,
  };
}

function dependenciesOf(cwd: string): Dependencies | null {
  const manifest = nearest(cwd, ['package.json']);
  if (!manifest) return null;
  const lock = nearest(path.dirname(manifest.file), LOCKFILES);
  return {
    lockfile: lock ? path.relative(cwd, lock.file) : null,
    lockfileHash: lock
      ? process.getBuiltinModule('node:crypto').createHash('sha256').update(lock.text).digest('hex')
      : null,
    versions: (lock?.file.endsWith('.json') ? lockedVersions(lock.text) : undefined) ?? installedVersions(manifest),
  };
}

interface FoundFile {
  readonly file: string;
  readonly text: string;
}

/** The first of the names in the folder or the nearest one above it. */
function nearest(folder: string, names: readonly string[]): FoundFile | undefined {
  for (const name of names) {
    const file = path.join(folder, name);
    const text = tryRead(file);
    if (text !== undefined) return { file, text };
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : nearest(parent, names);
}

function lockedVersions(lock: string): Record<string, string> | undefined {
  const { packages } = parseObject(lock) as { packages?: Record<string, { version?: unknown }> };
  if (typeof packages !== 'object') return undefined;
  const versions: Record<string, string> = {};
  for (const [where, entry] of Object.entries(packages)) {
    if (where.startsWith('node_modules/') && typeof entry.version === 'string') {
      versions[where.slice('node_modules/'.length)] = entry.version;
    }
  }
  return versions;
}

/** Of the direct dependencies, from what is installed. */
function installedVersions(manifest: FoundFile): Record<string, string> {
  const { dependencies, devDependencies } = parseObject(manifest.text) as Record<string, object | undefined>;
  const names = Object.keys({ ...dependencies, ...devDependencies });
  const versions: Record<string, string> = {};
  for (const name of names) {
    const file = path.join(path.dirname(manifest.file), 'node_modules', name, 'package.json');
    const { version } = parseObject(tryRead(file) ?? '{}');
    if (typeof version === 'string') versions[name] = version;
  }
  return versions;
}

async function gitState(cwd: string, redact: (text: string) => string): Promise<GitState> {
  const status = await git(cwd, [
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=all',
    '--no-renames',
    '-z',
  ]);
  const lines = status.split('\0');
  const starting = (start: string): readonly string[] =>
    lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  const isChanged = lines.some((line) => /^[12u] /.test(line));
  const diff = isChanged ? await git(cwd, ['diff', 'HEAD', '--no-ext-diff', '--no-textconv', '--no-color']) : '';
  const [commit = ''] = starting('# branch.oid ');
  const [branch = ''] = starting('# branch.head ');
  if (!/^[0-9a-f]+$/.test(commit)) throw new Error('there is no commit yet');
  return { commit, branch, diff: redact(diff), untracked: starting('? ').map(redact) };
}

/** Starting git where there is nothing to ask costs the recorded program time. */
function isInRepository(cwd: string, env: NodeJS.ProcessEnv): boolean {
  if (env.GIT_DIR) return true;
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git'))) return true;
    if (path.dirname(folder) === folder) return false;
  }
}

/** Takes no lock, so that it never meets a git command of the program's. */
function git(cwd: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', NODE_OPTIONS: '' };
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd, env, maxBuffer: LARGEST_DIFF, timeout: 30_000 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}

function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function tryRead(file: string): string | undefined {
  return orNull(() => readFileSync(file, 'utf8')) ?? undefined;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
