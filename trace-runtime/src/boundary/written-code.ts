/** What the program wrote in an exact run and may load as code: nothing real is written there. */
import path from 'node:path';
import { types } from 'node:util';
import { pathJson } from './log.ts';

const LOADABLE = /\.(?:[cm]?[jt]sx?|json)$/;
const { isUint8Array } = types;

export class WrittenCode {
  readonly #texts = new Map<string, string>();

  text(file: string): string | undefined {
    return this.#texts.get(file);
  }

  isFolder(folder: string): boolean {
    for (const file of this.#texts.keys()) if (file.startsWith(folder + path.sep)) return true;
    return false;
  }

  write(given: unknown, data: unknown): void {
    const file = fileOf(given);
    if (file === undefined || !LOADABLE.test(file)) return;
    if (typeof data === 'string' || isUint8Array(data)) this.#texts.set(file, textOf(data));
    else this.#texts.delete(file);
  }

  append(given: unknown, data: unknown): void {
    const file = fileOf(given);
    const before = file === undefined ? undefined : this.#texts.get(file);
    if (typeof data === 'string' || isUint8Array(data)) this.write(given, (before ?? '') + textOf(data));
  }

  copy(from: unknown, to: unknown): void {
    const file = fileOf(from);
    this.write(to, file === undefined ? undefined : this.#texts.get(file));
  }

  /** A file, or a folder with all that is in it. */
  remove(given: unknown): void {
    const gone = fileOf(given);
    if (gone === undefined) return;
    for (const file of this.#texts.keys())
      if (file === gone || file.startsWith(gone + path.sep)) this.#texts.delete(file);
  }
}

function textOf(data: string | Uint8Array): string {
  return typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
}

function fileOf(given: unknown): string | undefined {
  const name = pathJson(given);
  if (typeof name !== 'string') return undefined;
  return path.resolve(name.startsWith('file:') ? decodeURIComponent(new URL(name).pathname) : name);
}
