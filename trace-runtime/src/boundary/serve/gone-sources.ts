/**
 * Files that were loaded as code and are not there any more, as those that the program itself wrote: Node's loader finds
 * them where they were.
 */
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import url from 'node:url';
import { readWhole } from '../../base/whole-files.ts';
import { replace, type AnyFunction } from '../patch.ts';
import type { WrittenCode } from '../written-code.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const { fileURLToPath, pathToFileURL } = url;
/** What Node's `Module._stat` answers. */
const FILE = 0;
const FOLDER = 1;

type Stat = (file: string) => number;

interface Resolved {
  readonly url: string;
}
interface Context {
  readonly parentURL?: string;
}
type Resolve = (
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
) => unknown;

/** `written`: by the program, in this run. */
export function serveGoneSources(serving: Serving, written: WrittenCode): void {
  const { gone = {} } = serving.world.exact ?? {};
  const folders = new Set(Object.keys(gone).flatMap(foldersOf));
  const isThere = (file: string): boolean => Object.hasOwn(gone, file) || written.text(file) !== undefined;
  replaceStat((real) => (file) => {
    if (isThere(file)) return FILE;
    return folders.has(file) || written.isFolder(file) ? FOLDER : real(file);
  });
  replace(
    fs,
    'readFileSync',
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const [given, options] = args;
        const file = typeof given === 'string' || given instanceof URL ? fileOf(String(given), undefined) : undefined;
        if (file === undefined || !isThere(file) || serving.caller().by !== 'loader')
          return apply(original, this, args);
        const text = written.text(file) ?? readWhole(gone[file]!, 'utf8');
        return options === undefined ? Buffer.from(text) : text;
      },
  );
  const { registerHooks } = Module as unknown as { registerHooks?: (hooks: { readonly resolve: Resolve }) => void };
  if (registerHooks) apply(registerHooks, Module, [{ resolve: resolving(isThere) }]);
}

function foldersOf(file: string): readonly string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [folder, ...foldersOf(folder)];
}

/** Node warns where it is replaced. */
function replaceStat(make: (real: Stat) => Stat): void {
  const loader = Module as unknown as { _stat?: Stat };
  const real = loader._stat;
  const warning = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  if (!real || !warning?.configurable) return;
  try {
    Object.defineProperty(process, 'emitWarning', { value: () => {}, configurable: true });
    loader._stat = make(real);
  } finally {
    Object.defineProperty(process, 'emitWarning', warning);
  }
}

/** Of `import`, which looks for files by its own means. */
function resolving(isThere: (file: string) => boolean): Resolve {
  return (specifier, context, next) => {
    try {
      return next(specifier, context);
    } catch (error) {
      const file = fileOf(specifier, context.parentURL);
      if (file === undefined || !isThere(file)) throw error;
      return { url: pathToFileURL(file).href, shortCircuit: true };
    }
  };
}

function fileOf(specifier: string, parent: string | undefined): string | undefined {
  if (path.isAbsolute(specifier)) return specifier;
  try {
    return fileURLToPath(new URL(specifier, parent));
  } catch {
    return undefined;
  }
}
