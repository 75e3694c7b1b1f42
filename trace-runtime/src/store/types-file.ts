/**
 * `sites/HASH.types`: what TypeScript knows of a file's variables, as JSON: by index in the site table a type or null. A
 * pass after the run writes it; many recordings have none.
 */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PACKED, packFileNow } from '../format/packed-file.ts';
import { FILE_MODE, recordingPaths } from './recording-paths.ts';

export type VariableTypes = readonly (string | null)[];

export const typesFile = (folder: string, hash: string): string =>
  path.join(recordingPaths(folder).sites, `${hash}.types`);

/** Throws what the file system says. */
export function writeTypes(folder: string, hash: string, types: VariableTypes): void {
  const file = typesFile(folder, hash) + PACKED;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, packFileNow(Buffer.from(JSON.stringify(types))), { mode: FILE_MODE });
  renameSync(draft, file);
}

/** undefined where the bytes are not such a list */
export function parseTypes(bytes: Buffer): VariableTypes | undefined {
  try {
    const list: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(list) && list.every((type) => type === null || typeof type === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
