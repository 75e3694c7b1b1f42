/** Modules of Node whose patches wait until the program can get at the module: loading them costs time. */
import { natives } from './natives.ts';

export interface LateBuiltins {
  when(id: string, install: () => void): void;
  /** The program is about to be handed a module of Node, or has been. */
  requested(id: string): void;
  /** The program is about to run this text: what it names is patched. Where requests are not seen. */
  named(text: string): void;
  /** The program is about to run this text: globals that it names may bring modules along. */
  mentioned(text: string): void;
  /** Whatever was loaded since the last look is patched. */
  look(): void;
  /** All that can be loaded unnoticed, at once: where neither requests nor texts are seen. */
  all(): void;
}

const NATIVE = 'NativeModule ';
const loaded = (process as unknown as { moduleLoadList: readonly string[] }).moduleLoadList;
const { getBuiltinModule } = process;
/** Globals that load `zlib`: for compressing, and for what is decompressed. */
const COMPRESSING = 'ompressionStream';
/** Node warns once it is loaded: not before the program names it. */
const WARNS = 'sqlite';

/** Whether a text has a module's name as a quoted word. Where most have not, the plain search is what costs. */
function isNamed(id: string, text: string): boolean {
  if (!text.includes(id)) return false;
  const scheme = id === WARNS ? 'node:' : '(?:node:)?';
  return new RegExp(`["'\`]${scheme}${id}["'\`]`).test(text);
}

/** `quietly` runs what is not the program's own doing. */
export function lateBuiltins(quietly: <T>(work: () => T) => T): LateBuiltins {
  const waiting = new Map<string, () => void>();
  let seen = 0;
  /** a text is told of more than once: where it is read, and where it is compiled */
  let lookedThrough = '';

  function look(): void {
    if (waiting.size === 0 || loaded.length === seen) return;
    seen = loaded.length;
    const found = [...waiting].filter(([id]) => loaded.includes(NATIVE + id));
    if (found.length > 0) install(found);
  }

  function install(found: readonly (readonly [string, () => void])[]): void {
    for (const [id] of found) waiting.delete(id);
    quietly(() => {
      for (const [, work] of found) work();
      natives.syncBuiltinESMExports();
    });
  }

  function requested(id: string): void {
    if (waiting.size === 0) return;
    natives.apply(getBuiltinModule, process, [id]);
    look();
  }

  return {
    when(id, work) {
      const before = waiting.get(id);
      const both = (): void => {
        before?.();
        work();
      };
      waiting.set(id, before ? both : work);
    },
    look,
    all() {
      const found = [...waiting].filter(([id]) => id !== WARNS);
      if (found.length > 0) install(found);
    },
    named(text) {
      if (waiting.size === 0) return;
      look();
      if (text === lookedThrough) return;
      lookedThrough = text;
      for (const id of waiting.keys()) if (isNamed(id, text)) requested(`node:${id}`);
    },
    mentioned(text) {
      if (waiting.has('zlib') && text.includes(COMPRESSING)) requested('zlib');
    },
    requested,
  };
}
