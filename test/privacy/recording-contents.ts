/** Everything that a recording's files hold, compressed parts unpacked, for tests that look for what must not be there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readBlock, readSegmentIndex } from '../../trace-runtime/src/format/segment-reader.ts';

export interface Entry {
  readonly path: string;
  readonly folder: boolean;
  readonly mode: number;
}

/** The folder itself and all below it. */
export function entriesOf(folder: string): readonly Entry[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return ['.', ...names].map((name) => {
    const stats = statSync(path.join(folder, name));
    return { path: name, folder: stats.isDirectory(), mode: stats.mode & 0o777 };
  });
}

/** Each file's bytes and, of segments, its unpacked words. */
export function contentsOf(folder: string): readonly { readonly path: string; readonly bytes: Buffer }[] {
  return entriesOf(folder)
    .filter((entry) => !entry.folder)
    .flatMap(({ path: name }) => {
      const file = path.join(folder, name);
      const raw = { path: name, bytes: readFileSync(file) };
      return name.endsWith('.seg') ? [raw, { path: `${name} (words)`, bytes: unpacked(file) }] : [raw];
    });
}

function unpacked(file: string): Buffer {
  const parts = readSegmentIndex(file).blocks.map((block) => {
    const words = readBlock(file, block);
    if (!(words instanceof Int32Array)) throw new Error(`a block of ${file} cannot be read`);
    return Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  });
  return Buffer.concat(parts);
}

/** Paths of contents that hold the text in UTF-8 or UTF-16. */
export function holdersOf(folder: string, text: string): readonly string[] {
  const needles = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  return contentsOf(folder)
    .filter(({ bytes }) => needles.some((needle) => bytes.includes(needle)))
    .map(({ path: name }) => name);
}
