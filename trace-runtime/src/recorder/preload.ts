/** `node --require preload.cjs`: runs the recorder's bundle, start.ts, before the program. */
import path from 'node:path';
import { isMainThread, parentPort } from 'node:worker_threads';
import { OPTIONS_VARIABLE } from './environment.ts';
import { runBundle } from '../base/run-bundle.ts';

// Node 20 runs preloads on its loader thread too, which is not recorded.
if (isMainThread || parentPort !== null)
  runBundle(path.join(__dirname, 'recorder.cjs'), cacheFolder(), require, __filename);

function cacheFolder(): string | undefined {
  try {
    const { cache } = JSON.parse(process.env[OPTIONS_VARIABLE] ?? '{}') as { readonly cache?: unknown };
    return typeof cache === 'string' ? cache : undefined;
  } catch {
    return undefined;
  }
}
