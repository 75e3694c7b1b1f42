/**
 * Changes of files that are watched: `fs.change` and `fs.polled` by the watcher's id, `fs.watching` a round of
 * `fs.promises.watch`. In an exact run nothing real is watched.
 */
import fs from 'node:fs';
import { arrivalKey, type RecordedCall } from '../model/recorded-world.ts';
import { returning, safely } from './calls.ts';
import { statJson } from './file-values.ts';
import type { Members } from './json.ts';
import { errorJson, pathJson, type BoundaryLog } from './log.ts';
import { override } from './patch.ts';
import { recordedFailure } from './recorded-calls.ts';
import { inRounds } from './rounds.ts';
import { statsFrom } from './serve/file-results.ts';

type Detail = RecordedCall['detail'];

const { apply } = Reflect;
const { getPrototypeOf } = Object;
const { isBuffer, from } = Buffer;
const { watch } = fs;
/** It does not change. */
const { execPath } = process;

interface Watching {
  readonly kind: string;
  readonly events: readonly string[];
  readonly told: (event: string, args: readonly unknown[]) => Members;
  /** the event's arguments again */
  readonly again: (detail: Detail) => readonly unknown[];
}

const CHANGES: Watching = {
  kind: 'fs.change',
  events: ['change', 'error'],
  told: (event, [first, name]) =>
    event === 'error'
      ? { event, error: errorJson(first) }
      : { event, type: pathJson(first), name: pathJson(name), isBuffer: isBuffer(name) ? true : undefined },
  again: ({ error, type, name, isBuffer: isBytes }) =>
    error === undefined ? [type, isBytes === true ? from(String(name)) : name] : [recordedFailure(error, [])],
};
const POLLS: Watching = {
  kind: 'fs.polled',
  events: ['change'],
  told: (event, [now, before]) => ({ event, now: statJson(now), before: statJson(before), bigint: isBigint(now) }),
  again: ({ now, before, bigint }) => [now, before].map((each) => statsFrom(String(each), { bigint })),
};

export function installWatching(log: BoundaryLog): void {
  const patched = new WeakSet<object>();
  /** watchers whose event is the recorded one */
  const due = new WeakSet<object>();
  const watching = (watcher: unknown, how: Watching): Members => {
    if (typeof watcher !== 'object' || watcher === null) return {};
    const prototype = getPrototypeOf(watcher) as object;
    if (!patched.has(prototype)) eventsInTurn(log, prototype, how, due);
    patched.add(prototype);
    return { watcher: inTurn(log, watcher as NodeJS.EventEmitter, how, due) };
  };
  returning(log, fs, 'watch', 'fs.watch', {
    args: ([path]) => ({ path: pathJson(path) }),
    result: ([watcher]) => watching(watcher, CHANGES),
    replay: (_, [, ...rest]) => [watch(execPath, ...(rest as [() => void]))],
  });
  returning(log, fs, 'watchFile', 'fs.watchFile', {
    args: ([path]) => ({ path: pathJson(path) }),
    result: ([watcher]) => watching(watcher, POLLS),
  });
}

/** Apart, as `fs.promises` is loaded late. */
export function installPromisedWatching(log: BoundaryLog): void {
  inRounds(log, fs.promises, ['watch'], {
    kind: 'fs.watching',
    args: ({ args: [path] }) => ({ path: pathJson(path) }),
    result: ({ value, done }) => {
      const { eventType, filename } = (value ?? {}) as { eventType?: unknown; filename?: unknown };
      return { last: done === true, type: pathJson(eventType), name: pathJson(filename) };
    },
    replay: ({ last, type, name }) =>
      last === false ? { value: { eventType: type, filename: name }, done: false } : undefined,
    given: ([path, ...rest]) => [log.recorded ? execPath : path, ...rest],
  });
}

const ids = (watcher: number, event: unknown): string => `${watcher} ${String(event)}`;

/** In an exact run its events are made when they are due. */
function inTurn(log: BoundaryLog, watcher: NodeJS.EventEmitter, how: Watching, due: WeakSet<object>): number {
  const isKnown = log.knows(watcher);
  const id = log.idOf(watcher, 'watcher');
  if (!log.recorded || isKnown) return id;
  for (const event of how.events)
    log.arrivals.made(arrivalKey(how.kind, ids(id, event)), {
      object: {},
      isOnce: false,
      fire() {
        const detail = log.recorded?.returned(how.kind);
        if (!detail) return;
        due.add(watcher);
        watcher.emit(event, ...how.again(detail));
        due.delete(watcher);
      },
    });
  return id;
}

function eventsInTurn(log: BoundaryLog, prototype: object, how: Watching, due: WeakSet<object>): void {
  override(
    prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, ...rest] = args;
        const watcher = this as object;
        if (typeof event !== 'string' || !how.events.includes(event) || log.fromRecordedCode || !log.knows(watcher))
          return apply(inherited(), this, args);
        // nothing real is heard of
        if (log.recorded && !due.has(watcher)) return true;
        const id = log.idOf(watcher);
        const deliver = (): unknown => {
          safely(log, () => log.report(how.kind, { watcher: id, ...how.told(event, rest) }));
          return apply(inherited(), this, args);
        };
        return log.inTurn(arrivalKey(how.kind, ids(id, event)), deliver, true);
      },
  );
}

function isBigint(stats: unknown): boolean {
  return typeof (stats as { readonly size?: unknown } | undefined)?.size === 'bigint';
}
