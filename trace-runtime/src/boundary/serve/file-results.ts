/** Results of file calls, made of what the boundary log kept of them. */
import fs from 'node:fs';
import path from 'node:path';
import type { WorldJson } from '../../model/recorded-world.ts';
import { VOLUME_FIELDS } from '../file-values.ts';
import { ownData } from '../patch.ts';

const { statSync, statfsSync, Dirent } = fs;
const { hasOwn } = Object;
const FIELDS = ['dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino', 'size', 'blocks'];
const TIMES = ['atime', 'mtime', 'ctime', 'birthtime'];

/** `text`: as `statJson` wrote it; `options`: of the call that asks now. */
export function statsFrom(text: string, options: unknown): unknown {
  const numbers = text.split(',');
  const bigint = ownData(options, 'bigint') === true;
  const stats = statSync('/', { bigint } as { bigint: true }) as unknown as Record<string, unknown>;
  FIELDS.forEach((name, i) => {
    const value = numbers[i] ?? 'undefined';
    if (value !== 'undefined') stats[name] = bigint ? BigInt(value) : Number(value);
  });
  TIMES.forEach((name, i) => {
    const milliseconds = Number(numbers[FIELDS.length + i]);
    stats[`${name}Ms`] = bigint ? BigInt(Math.trunc(milliseconds)) : milliseconds;
    if (bigint) stats[`${name}Ns`] = BigInt(numbers[FIELDS.length + 4 + i] ?? Math.trunc(milliseconds * 1e6));
    // as Node does, which makes them of the numbers when they are read, or at once
    if (hasOwn(stats, name)) stats[name] = new Date(bigint ? Math.trunc(milliseconds) : Math.round(milliseconds));
  });
  return stats;
}

/** What `statfs` tells of a file system. `recorded`: as `statfsJson` wrote it; `options`: of the call that asks now. */
export function volumeFrom(recorded: readonly unknown[], options: unknown): unknown {
  const bigint = ownData(options, 'bigint') === true;
  const stats = statfsSync('/', { bigint } as { bigint: true }) as unknown as Record<string, unknown>;
  VOLUME_FIELDS.forEach((name, i) => {
    const value = String(recorded[i]);
    if (value !== 'undefined') stats[name] = bigint ? BigInt(value) : Number(value);
  });
  return stats;
}

const FILE = 1;
const FOLDER = 2;

/** Names, or entries with types; what the program made since is added, what it removed left out. */
export function entriesFrom(
  recorded: WorldJson,
  folder: string,
  options: unknown,
  changes: { readonly made: readonly string[]; readonly gone: readonly string[] },
  isFolder: (name: string) => boolean,
): unknown[] {
  const list = Array.isArray(recorded) ? (recorded as readonly WorldJson[]) : [];
  const typed = ownData(options, 'withFileTypes') === true;
  const nameOf = (entry: WorldJson): string => String(Array.isArray(entry) ? entry[0] : entry);
  const kept = list.filter((entry) => !changes.gone.includes(nameOf(entry)));
  const names = new Set(kept.map(nameOf));
  const made = changes.made.filter((name) => !names.has(name));
  if (!typed) return [...kept.map(nameOf), ...made];
  const entry = (name: string, type: number, parent: string): unknown =>
    new (Dirent as unknown as new (...args: unknown[]) => unknown)(name, type, parent, path.join(parent, name));
  return [
    ...kept.map((each) => {
      const [name, type, parent] = Array.isArray(each) ? each : [each, FILE, folder];
      return entry(String(name), typeof type === 'number' ? type : FILE, typeof parent === 'string' ? parent : folder);
    }),
    ...made.map((name) => entry(name, isFolder(name) ? FOLDER : FILE, folder)),
  ];
}

/** Whether `open` with these flags may change the file. */
export function mayWrite(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & 0b11) !== 0 || (flags & fs.constants.O_CREAT) !== 0;
  return typeof flags === 'string' && /[wa+]/.test(flags);
}

/** Whether it begins with an empty file. */
export function empties(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & fs.constants.O_TRUNC) !== 0;
  return typeof flags === 'string' && flags.startsWith('w');
}

/** Whether there must be none before. */
export function mustMake(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & fs.constants.O_EXCL) !== 0;
  return typeof flags === 'string' && flags.includes('x');
}
