/** Sources as the recording has them; from disk only where the file is still the same. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';

export class Sources {
  /** by reference, from 1: texts that the disk does not have */
  private readonly texts: string[] = [''];
  private readonly known = new Map<string, DebugProtocol.Source>();

  /** `readsDisk`: whether a file that is still the same is opened in the place of the recording's text */
  constructor(
    private readonly places: Places,
    private readonly readsDisk: boolean,
  ) {}

  /** A source that a loaded file came from. */
  of(file: LoadedFile, sourcePath: string): DebugProtocol.Source {
    const key = `${file.hash} ${sourcePath}`;
    let source = this.known.get(key);
    if (source === undefined) {
      const text = this.places.sources(file).find((each) => each.path === sourcePath)?.text;
      this.known.set(key, (source = this.describe(sourcePath, text)));
    }
    return source;
  }

  /** The path of a source as a client names it: one that comes from the recording may have its reference alone. */
  pathOf(source: DebugProtocol.Source): string {
    if (source.path !== undefined) return source.path;
    const { sourceReference } = source;
    const found = [...this.known.values()].find((each) => sourceReference && each.sourceReference === sourceReference);
    return found?.path ?? '';
  }

  /** All that the files came from, each once. */
  all(files: readonly LoadedFile[]): DebugProtocol.Source[] {
    const found = new Map<string, DebugProtocol.Source>();
    for (const file of files)
      for (const { path: each } of this.places.sources(file)) found.set(`${file.hash} ${each}`, this.of(file, each));
    return [...new Set(found.values())];
  }

  /** undefined where there is no such reference */
  text(reference: number): string | undefined {
    return reference > 0 ? this.texts[reference] : undefined;
  }

  private describe(sourcePath: string, text: string | undefined): DebugProtocol.Source {
    const name = path.basename(sourcePath);
    if (text === undefined) return { name, path: sourcePath, origin: 'the recording does not hold this source' };
    const now = this.readsDisk ? readIfThere(sourcePath) : undefined;
    if (now === text) return { name, path: sourcePath };
    const sourceReference = this.texts.push(text) - 1;
    const origin = now === undefined ? 'from the recording' : 'from the recording: the file has changed since';
    return { name, path: sourcePath, sourceReference, origin };
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
