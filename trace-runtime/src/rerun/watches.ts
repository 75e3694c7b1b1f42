/** What a thread heard of files that it watched. */
import path from 'node:path';
import type { RecordedError, Watch, WatchedChange } from '../model/recorded-world.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';

interface Growing extends Watch {
  readonly changes: WatchedChange[];
  last: number;
}

type Detail = BoundaryEntry['detail'];

export function watchesOf({ entries }: ReadStream, cwd: string): readonly Watch[] {
  const all: Growing[] = [];
  const byWatcher = new Map<unknown, Growing>();
  const asked = new Map<unknown, Growing>();
  const add = (call: Watch['call'], { path: given, time, error }: Detail): Growing => {
    const failed = error === undefined ? {} : { error: error as RecordedError };
    const watch = { call, path: path.resolve(cwd, String(given)), ...failed, changes: [], last: Number(time ?? 0) };
    all.push(watch);
    return watch;
  };
  const change = (watch: Growing, time: unknown, what: Omit<WatchedChange, 'after'>): void => {
    const now = Number(time ?? watch.last);
    watch.changes.push({ ...what, after: Math.max(0, now - watch.last) });
    watch.last = now;
  };
  for (const { kind, detail } of entries) {
    const { watcher, time, id } = detail;
    if (kind === 'fs.watch') byWatcher.set(watcher, add('watch', detail));
    else if (kind === 'fs.watchFile') {
      if (!byWatcher.has(watcher)) byWatcher.set(watcher, add('watchFile', detail));
    } else if (kind === 'fs.change' || kind === 'fs.polled') {
      const watch = byWatcher.get(watcher);
      if (watch && detail['error'] === undefined) change(watch, time, changeOf(detail));
    } else if (kind === 'fs.watching') {
      const known = all.findLast(
        (each) => each.call === 'promises' && each.path === path.resolve(cwd, String(detail['path'])),
      );
      asked.set(id, known ?? add('promises', detail));
    } else if (kind === 'fs.watching.done') {
      const watch = asked.get(id);
      if (watch && detail['last'] === false) change(watch, time, changeOf(detail));
    }
  }
  return all.map(({ last: _last, ...watch }) => watch);
}

function changeOf({ type, name, now, before }: Detail): Omit<WatchedChange, 'after'> {
  if (typeof now === 'string') return { stats: [now, String(before)] };
  return { type: String(type), name: typeof name === 'string' ? name : null };
}
