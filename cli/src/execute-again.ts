/** A light recording executed again, by this process or by another that is at it already; told to whoever waits. */
import path from 'node:path';
import { interrupted, notExecuted } from '../../trace-runtime/src/base/errors.ts';
import { materialise } from '../../trace-runtime/src/rerun/materialise.ts';
import { takeTurn, whileAnother, type Progress } from '../../trace-runtime/src/rerun/materialising.ts';
import { readVerification, type Verification } from '../../trace-runtime/src/store/materialised.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { defaultStore } from '../../trace-runtime/src/store/recordings.ts';
import { findInstallation } from './installation.ts';

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  readonly told: (progress: Progress) => void;
  /** milliseconds; default: a generous multiple of the recorded time */
  readonly timeout?: number | undefined;
  /** also where it was executed before */
  readonly again?: boolean;
  /** indexes of streams that are executed in any case, where many others may be left out; undefined: all are wanted */
  readonly wanted?: ReadonlySet<number> | undefined;
}

/** Rejects where it is interrupted: then nothing is changed, and the next one who asks begins anew. */
export async function executeAgain(recording: Recording, options: ExecuteOptions): Promise<Verification> {
  const { folder } = recording;
  const { signal, told, again = false, wanted } = options;
  for (;;) {
    if (signal.aborted) throw interrupted(folder);
    const known = again ? undefined : readVerification(folder);
    if (known && holds(known, wanted)) return known;
    const turn = takeTurn(folder);
    if (!turn) {
      await whileAnother(folder, told, signal);
      continue;
    }
    try {
      const tellAll = (progress: Progress): void => {
        turn.tell(progress);
        told(progress);
      };
      return await materialise(recording, { ...ownOptions(recording), ...options, told: tellAll });
    } finally {
      turn.dispose();
    }
  }
}

function holds({ left = [] }: Verification, wanted: ReadonlySet<number> | undefined): boolean {
  return left.length === 0 || (wanted !== undefined && !left.some((stream) => wanted.has(stream - 1)));
}

function ownOptions({ manifest, folder }: Recording) {
  const { cache } = manifest.options;
  const { runtime } = findInstallation();
  return {
    record: [process.execPath, path.join(__dirname, 'record.cjs'), 'record'],
    own: [runtime, defaultStore(manifest.cwd), folder, ...(typeof cache === 'string' ? [cache] : [])],
    timeout: undefined,
  };
}

/** Of an imported recording the command may be anybody's. */
export function mayNotRun({ folder }: Recording): Error {
  return notExecuted(
    folder,
    'it was imported',
    'Run `hindcast materialise RECORDING --allow-run` if its command may run on this machine.',
  );
}
