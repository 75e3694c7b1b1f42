/** Folders outside a recording: where instrumented files are kept, and what this user may do in a folder. */
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where instrumented files are kept, unless somebody says otherwise. */
export function cacheFolder(): string {
  return path.join(os.homedir(), '.cache', 'hindcast');
}

/** Whether the user whose process this is can keep files in the folder. */
export function isWritable(folder: string): boolean {
  return isAllowed(folder, constants.W_OK);
}

/** Whether the user whose process this is can make the folder a process's own. */
export function isEnterable(folder: string): boolean {
  return isAllowed(folder, constants.X_OK);
}

function isAllowed(folder: string, access: number): boolean {
  try {
    accessSync(folder, access);
    return true;
  } catch {
    return false;
  }
}
