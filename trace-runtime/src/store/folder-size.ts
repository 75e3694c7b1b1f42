/** How much of the disk a folder takes. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Bytes of all files below a folder; 0 where there is none. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of listEntries(folder)) {
    const file = path.join(folder, entry.name);
    bytes += entry.isDirectory() ? folderBytes(file) : sizeOf(file);
  }
  return bytes;
}

export function listEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
