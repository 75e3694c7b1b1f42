/** The values of a light recording, made before it is replayed; the user can follow it and cancel. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Installation } from '../installation.ts';
import { whileShown } from '../recording/progress.ts';

const TELL_MS = 500;

/** False where the user cancelled it: nothing is changed then. What goes wrong, the replay itself will say. */
export async function makeValues(
  installation: Installation,
  recording: string,
  caseId: number | string | undefined,
): Promise<boolean> {
  if (!lacksValues(recording)) return true;
  return whileShown(`Executing ${path.basename(recording)} again for its values`, async (report, cancelled) => {
    const telling = setInterval(() => report(progressOf(recording)), TELL_MS);
    try {
      await installation.run(
        ['materialise', caseId === undefined ? recording : `${recording}#${caseId}`],
        undefined,
        cancelled,
      );
    } finally {
      clearInterval(telling);
    }
    return !cancelled.isCancellationRequested;
  });
}

/** Whether its program has to run again before it can be replayed. */
export function lacksValues(recording: string): boolean {
  try {
    const { options, imported } = JSON.parse(readFileSync(path.join(recording, 'manifest.json'), 'utf8')) as {
      readonly options?: { readonly level?: unknown };
      readonly imported?: unknown;
    };
    const isMade = existsSync(path.join(recording, 'materialised', 'verification.json'));
    return options?.level === 'light' && imported !== true && !isMade;
  } catch {
    return false;
  }
}

/** Whoever executes it writes its pid there, the ticks done, and of how many. */
function progressOf(recording: string): string {
  try {
    const [, done = 0, of = 0] = readFileSync(path.join(recording, 'materialising'), 'utf8').split(' ').map(Number);
    return of > 0 ? `${Math.floor((100 * done) / of)} %` : '';
  } catch {
    return '';
  }
}
