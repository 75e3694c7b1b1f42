/** The sidecar as the command sees it: started, watched, told to finish. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startDetached } from '../../trace-runtime/src/base/processes.ts';
import { appendLedger } from '../../trace-runtime/src/store/ledger.ts';
import { recordingPaths } from '../../trace-runtime/src/store/recording-paths.ts';
import { sidecarLives, wakeSidecar } from '../../trace-runtime/src/wire/sidecar-lock.ts';
import { FINISH_FILE } from '../../trace-runtime/src/wire/spool.ts';
import type { Installation } from './installation.ts';

const WATCH_MS = 500;
const POLL_MS = 1;
const CHECK_MS = 100;
/** A sidecar that was just started has no lock yet. */
const START_MS = 3000;
const ATTEMPTS = 3;

export interface Supervision {
  dispose(): void;
}

type Tools = Pick<Installation, 'node' | 'sidecar'>;

/** Starts a sidecar, and another whenever it dies. */
export function superviseSidecar(recording: string, tools: Tools): Supervision {
  let startedAt = start(recording, tools);
  const watch = setInterval(() => {
    if (Date.now() - startedAt > START_MS && !sidecarLives(recording)) startedAt = start(recording, tools);
  }, WATCH_MS);
  return { dispose: () => clearInterval(watch) };
}

/** Resolves once all that is in the spool is in segments, or nobody can be found to do it. */
export async function finishSidecar(recording: string, tools: Tools): Promise<void> {
  const { spool } = recordingPaths(recording);
  askToFinish(recording);
  let attempts = 0;
  let lastSeen = Date.now();
  let checkedAt = lastSeen;
  for (; existsSync(spool); await pause()) {
    const now = Date.now();
    if (now - checkedAt < CHECK_MS) continue;
    checkedAt = now;
    if (sidecarLives(recording)) lastSeen = now;
    else if (now - lastSeen > (attempts === 0 ? 1000 : START_MS)) {
      if (attempts++ === ATTEMPTS) {
        const reason = 'no collector could be kept alive; the words in the spool are not in segments';
        appendLedger(recording, { kind: 'sidecar', subject: 'collector', reason });
        return;
      }
      askToFinish(recording);
      start(recording, tools);
      lastSeen = now;
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

function askToFinish(recording: string): void {
  try {
    writeFileSync(path.join(recording, FINISH_FILE), '', { mode: 0o600 });
  } catch {
    // On a full disk the sidecar finds by itself that nobody is left.
  }
  wakeSidecar(recording);
}

function start(recording: string, { node, sidecar }: Tools): number {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  startDetached(node, [sidecar, recording], env);
  return Date.now();
}
