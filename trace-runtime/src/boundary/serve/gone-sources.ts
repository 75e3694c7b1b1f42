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
import { withoutAnyWarning } from '../without-warning.ts';
import type { WrittenCode } from '../written-code.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const { fileURLToPath, pathToFileURL } = url;
const NewPromise = Promise;
/** Node's loader gives its own cache along: so its calls are told from the program's. */
const AS_LOADER = { [Symbol('cache')]: undefined };
/** What Node's `Module._stat` answers. */
const FILE = 0;
const FOLDER = 1;

type Stat = (file: string) => number;
type ReadFile = (this: unknown, ...args: unknown[]) => Promise<unknown>;
/** What of Node's own bindings its loader of ES modules takes hold of when it is first used. */
interface FileBinding {
  internalModuleStat: (...args: unknown[]) => unknown;
}

interface Sources {
  /** what is read of it comes from here */
  hasText(file: string): boolean;
  text(file: string): string;
}

interface Resolved {
  readonly url: string;
}
interface Found extends Resolved {
  readonly shortCircuit: true;
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
  const inputs = new Set(Object.keys(serving.world.files).filter((file) => isLoadedInput(serving, file)));
  const folders = new Set([...Object.keys(gone), ...inputs].flatMap(foldersOf));
  const hasText = (file: string): boolean => Object.hasOwn(gone, file) || written.text(file) !== undefined;
  const isThere = (file: string): boolean => hasText(file) || inputs.has(file);
  const text = (file: string): string => written.text(file) ?? readWhole(gone[file]!, 'utf8');
  const stat =
    (real: Stat): Stat =>
    (file) => {
      if (isThere(file)) return FILE;
      return folders.has(file) || written.isFolder(file) ? FOLDER : real(file);
    };
  const real = replaceStat(stat);
  const isGone = (file: string): boolean => isThere(file) && real !== undefined && real(file) !== FILE;
  replace(
    fs,
    'readFileSync',
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const [given, options] = args;
        const file = typeof given === 'string' || given instanceof URL ? fileOf(String(given), undefined) : undefined;
        if (file === undefined || !hasText(file) || serving.caller().by !== 'loader')
          return apply(original, this, args);
        return options === undefined ? Buffer.from(text(file)) : text(file);
      },
  );
  replace(
    fs,
    'realpathSync',
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const [file] = args;
        return typeof file === 'string' && isThere(file) && serving.caller().by === 'loader'
          ? file
          : apply(original, this, args);
      },
  );
  const { registerHooks } = Module as unknown as { registerHooks?: (hooks: { readonly resolve: Resolve }) => void };
  if (registerHooks) apply(registerHooks, Module, [{ resolve: resolving(isThere, isGone) }]);
  else serveImports(serving, stat, { hasText, text });
}

/** JSON that was required is input, and its reading is answered as any: it only has to be found. */
function isLoadedInput({ world }: Serving, file: string): boolean {
  const { answers, changed } = world.files[file]!;
  return file.endsWith('.json') && !changed && answers['readFile']?.[0]?.content !== undefined;
}

/** Where Node has no synchronous hooks (before 22.15): what its loader of ES modules asks the file system. */
function serveImports(serving: Serving, stat: (real: Stat) => Stat, { hasText, text }: Sources): void {
  withoutAnyWarning(() => {
    const binding = (process as unknown as { binding(name: 'fs'): FileBinding }).binding('fs');
    const { internalModuleStat: real } = binding;
    // some versions are given the binding first
    binding.internalModuleStat = (...args) =>
      stat((file) => apply(real, binding, [...args.slice(0, -1), file]) as number)(String(args.at(-1)));
  });
  const promises = fs.promises as unknown as { readFile: ReadFile };
  replace(
    promises,
    'readFile',
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const [url] = args;
        const file = args.length === 1 && url instanceof URL ? fileOf(url.href, undefined) : undefined;
        // after the first try, which is ours, no frame of the loader's is on the stack
        const isLoading = file !== undefined && hasText(file) && /^(?:loader|node)$/.test(serving.caller().by);
        return isLoading ? NewPromise.resolve(Buffer.from(text(file))) : apply(original, this, args);
      },
  );
}

function foldersOf(file: string): readonly string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [folder, ...foldersOf(folder)];
}

/** Node warns where it is replaced, and where its bindings are asked for. */
function replaceStat(make: (real: Stat) => Stat): Stat | undefined {
  const loader = Module as unknown as { _stat?: Stat };
  const real = loader._stat;
  if (!real) return undefined;
  withoutAnyWarning(() => {
    loader._stat = make(real);
  });
  return real;
}

/** Of `import`, which looks for files by its own means. Where Node finds none, it looks for what may have been meant, too. */
function resolving(isThere: (file: string) => boolean, isGone: (file: string) => boolean): Resolve {
  return (specifier, context, next) => {
    const file = fileOf(specifier, context.parentURL);
    const found = (): Found => {
      const url = pathToFileURL(realPath(file!));
      url.search = /\?[^#]*/.exec(specifier)?.[0] ?? '';
      return { url: url.href, shortCircuit: true };
    };
    if (file !== undefined && isGone(file)) return found();
    try {
      return next(specifier, context);
    } catch (error) {
      if (file === undefined || !isThere(file)) throw error;
      return found();
    }
  };
}

/** Node asks for it as soon as it has found a file, which is recorded where the program was running then. */
function realPath(file: string): string {
  try {
    return fs.realpathSync(file, AS_LOADER);
  } catch {
    return file;
  }
}

function fileOf(specifier: string, parent: string | undefined): string | undefined {
  if (path.isAbsolute(specifier)) return specifier;
  try {
    return fileURLToPath(new URL(specifier, parent));
  } catch {
    return undefined;
  }
}
