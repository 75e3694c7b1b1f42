/** Takes entries out of the cache of instrumented files that nobody has read for a month. */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;
/** Its time is that of the last look. */
const STAMP = 'pruned';

/** Looks at most once a day. Never throws. An entry goes with all its parts: one that was read lately keeps the others. */
export function pruneCache(cache: string, now: number = Date.now()): void {
  try {
    const stamp = path.join(cache, STAMP);
    if (now - (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0) < DAY_MS) return;
    writeFileSync(stamp, '', { mode: 0o600 });
    for (const name of readdirSync(cache)) if (/^[0-9a-f]{2}$/.test(name)) pruneFolder(path.join(cache, name), now);
  } catch {
    // What cannot be looked at stays.
  }
}

function pruneFolder(folder: string, now: number): void {
  const entries = new Map<string, { readonly files: string[]; latest: number }>();
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    const { atimeMs, mtimeMs } = statSync(file);
    const key = name.split('.', 1)[0] ?? name;
    const entry = entries.get(key) ?? { files: [], latest: 0 };
    entries.set(key, entry);
    entry.files.push(file);
    entry.latest = Math.max(entry.latest, atimeMs, mtimeMs);
  }
  for (const { files, latest } of entries.values()) {
    if (now - latest > KEEP_MS) for (const file of files) rmSync(file, { force: true });
  }
}
