/**
 * Puts the boundary's patches in place, once per thread, before the program's first line. What each record holds is
 * listed in README.md beside this file.
 */
import Module from 'node:module';
import { installChildProcesses } from './children.ts';
import { installProcessClocks, installRealmClocks, type Realm } from './clocks.ts';
import { installCollected } from './collected.ts';
import { installDns } from './dns.ts';
import { installFiles } from './files.ts';
import { installHttp } from './http.ts';
import { installKeys } from './keys.ts';
import { BoundaryLog } from './log.ts';
import { installMessages } from './messages.ts';
import { numberRecords } from './number-words.ts';
import { tellNativeFiles, watchNativeFiles } from './native-files.ts';
import { installPerformance } from './performance.ts';
import { installPool } from './pool.ts';
import { installRandom } from './random.ts';
import { installTimerTimes } from './timer-times.ts';
import { installTimers } from './timers.ts';
import type { BoundaryOptions, BoundarySink } from './sink.ts';
import type { WindowJump } from '../model/window-mark.ts';
import { safely } from './calls.ts';
import { arrivalKey } from '../model/recorded-world.ts';
import { WindowMarks } from './window-marks.ts';
import { installScripts } from './scripts.ts';
import { installSockets } from './sockets.ts';
import { installWebAssembly } from './web-assembly.ts';
import { installSystem, reportStart } from './system.ts';
import { installTerminal } from './terminal.ts';
import { noteUnrepeatable } from './unrepeatable.ts';
import { installWatching } from './watching.ts';

export interface Boundary {
  /** For each further realm (a vm context): its own Date, Math and Intl. */
  installRealm(global: Realm): void;
  /** An exact run passes over what its recording has not. */
  jump(to: WindowJump): void;
  /** The last word is near: reports what has come by itself. */
  ends(): void;
  /** Work of the recorder's own: what it calls in Node meanwhile is no crossing. */
  quietly<T>(work: () => T): T;
  /** Node reads a module for its loader, several at once: of a light recording they come in their order. */
  readInTurn: ReadInTurn;
}

export type ReadInTurn = (url: string, read: Promise<unknown>) => Promise<unknown>;

export function installBoundary(sink: BoundarySink, options: BoundaryOptions): Boundary {
  const log = new BoundaryLog(sink, options);
  if (options.window) log.window = new WindowMarks(log, options.window);
  const records = numberRecords(log);
  const later = options.late ?? ((_id: string, install: () => void): void => install());
  const patchLater = (id: string, install: () => void): void => later(id, () => attempt(id, install));
  const nativeParts = { hide: log.hide, late: patchLater, quietly: sink.quietly, recording: options.recording };
  const steps: readonly (readonly [string, () => unknown])[] = [
    ['start', () => reportStart(log)],
    ['clocks', () => installProcessClocks(log, records)],
    ['realm', () => installRealmClocks(log, records, globalThis)],
    ['randomness', () => installRandom(log)],
    ['files', () => installFiles(log, patchLater)],
    ['watching', () => installWatching(log)],
    ['sockets and child processes', () => installChildProcesses(log, installSockets(log, patchLater))],
    ['http', () => installHttp(log, patchLater, (id) => options.need?.(id))],
    ['dns', () => installDns(log)],
    ...(options.turns && !options.recorded
      ? [
          [
            'what cannot be executed again',
            () =>
              (log.unrepeatable = noteUnrepeatable(log, options.recording, () => options.turns?.isByNode() ?? false)),
          ] as const,
        ]
      : []),
    ...(options.native
      ? [['native code', () => options.native && watchNativeFiles(log, { ...options.native, ...nativeParts })] as const]
      : []),
    ['what native code found', () => tellNativeFiles(log, options.foundNatively ?? [])],
    ['messages', () => installMessages(log)],
    ['system', () => installSystem(log)],
    ...(options.turns
      ? ([
          ['timers', () => installTimers(log)],
          ['terminal', () => installTerminal(log)],
          // first: it imports keys by a function that the pool's part replaces
          ['keys', () => installKeys(log)],
          ['thread pool', () => installPool(log, patchLater)],
          ['collected memory', () => installCollected(log)],
          ['WebAssembly', () => installWebAssembly(log)],
          ['scripts', () => installScripts(log)],
          ['performance', () => installPerformance(log)],
        ] as const)
      : ([['timers', () => installTimerTimes(log)]] as const)),
  ];
  for (const [subject, install] of steps) attempt(subject, install);
  Module.syncBuiltinESMExports();

  function attempt(subject: string, install: () => unknown): void {
    try {
      install();
    } catch (error) {
      sink.emitLedger({ kind: 'opaque', subject: `boundary: ${subject}`, reason: String(error) });
    }
  }

  return {
    installRealm: (global) => installRealmClocks(log, records, global),
    jump(to) {
      log.giveFrom(to);
      if (to.tick !== undefined) sink.countTicksFrom?.(to.tick);
    },
    ends: () => log.beforeReport?.(),
    readInTurn(url, read) {
      if (!log.hasTurns) return read;
      const told = (): void => safely(log, () => log.report('module.read', { url }));
      return log.arrivals.settle(arrivalKey('module.read', url), read, told, told) as Promise<unknown>;
    },
    quietly(work) {
      log.depth++;
      try {
        return work();
      } finally {
        log.depth--;
      }
    },
  };
}
