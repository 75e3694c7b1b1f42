/**
 * Node's own loading: `Module.prototype._compile` for what require() runs, load hooks for ES modules. Where load hooks
 * are synchronous (22.15, 24) they also serve plain CommonJS, so that no frame of ours stands on the program's stack.
 */
import fs from 'node:fs';
import Module from 'node:module';
import type { Disguises } from './disguise.ts';
import type { LateBuiltins } from './late-builtins.ts';
import { hasHookingFlags, lateHooks, type LateHooks } from './late-hooks.ts';
import { filePath, type Loader } from './loader.ts';
import type { ReadInTurn } from '../boundary/install.ts';
import { hookModuleReads, instrumentedModule, isModule, isModuleLoader, moduleAddress } from './module-reads.ts';
import { natives } from './natives.ts';
import { withoutAnyWarning } from '../boundary/without-warning.ts';
import type { StackTraces } from './stack-traces.ts';
import { hasModuleSyntax } from '../model/module-syntax.ts';

type Fn = (...args: never[]) => unknown;
/** runs what is not the program's own doing */
type Quietly = <T>(work: () => T) => T;
interface CompiledModule {
  readonly filename?: string | null;
}
interface LoadContext {
  readonly conditions?: readonly string[];
}
interface LoadResult {
  readonly format?: string | null;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null;
}
type NextLoad = (url: string, context: LoadContext) => LoadResult;
interface SyncHooks {
  readonly load: (url: string, context: LoadContext, next: NextLoad) => LoadResult;
}
interface Registered {
  deregister(): void;
}
type RegisterHooks = (hooks: SyncHooks) => Registered;
interface ModuleClass {
  readonly prototype: { _compile: Fn };
  readonly _extensions: Record<string, Fn | undefined>;
  registerHooks?: RegisterHooks;
  readonly stripTypeScriptTypes?: (text: string, options: object) => string;
  register: (specifier: string | URL, ...rest: unknown[]) => void;
}

const NodeModule = Module as unknown as ModuleClass;

/** `registerAsync` puts our hooks on the thread that loads modules, where hooks are asynchronous only. */
export function installModuleHooks(
  loader: Loader,
  disguises: Disguises,
  quietly: Quietly,
  registerAsync: () => void,
  builtins: LateBuiltins,
  stacks: StackTraces,
  readInTurn: ReadInTurn,
): void {
  hookGetBuiltin(disguises, builtins);
  const prepared = new Set<string>();
  const late = NodeModule.registerHooks ? undefined : moduleHooks(loader, disguises, builtins, stacks, readInTurn);
  const compile = hookCompile(loader, disguises, prepared, late);
  if (NodeModule.registerHooks)
    hookLoad(loader, disguises, quietly, NodeModule.registerHooks, compile, prepared, builtins, stacks);
  else if (late) {
    // A request could be seen in `_load` alone, where a frame of ours would shorten every stack trace.
    const evaluated = (process as unknown as { readonly _eval?: string })._eval;
    if (typeof evaluated === 'string') builtins.named(evaluated);
    else if (!process.argv[1]) builtins.all();
    hookRegister(disguises, registerAsync);
    hookRead(loader, disguises, quietly, late, compile, prepared, builtins, stacks);
    // Node's loader of ES modules takes hold of `fs` when it is first used
    if (hasHookingFlags()) registerAsync();
  }
}

interface Compile {
  /** whether Node itself, and no tool, turns that file into code */
  plain(path: string): boolean;
}

/**
 * `_compile` as an accessor: a module whose source the load hook has instrumented gets Node's own function, all others
 * one that instruments. Tools that replace `_compile`, on the prototype or on one module, find it as usual.
 */
function hookCompile(
  loader: Loader,
  { disguise }: Disguises,
  prepared: Set<string>,
  late: LateHooks | undefined,
): Compile {
  const { prototype, _extensions: extensions } = NodeModule;
  const original = prototype._compile;
  const originalExtensions = { ...extensions };
  const { apply } = natives;
  const { _compile: instrumenting } = {
    _compile(this: unknown, content: unknown, name: unknown, format: unknown, ...rest: unknown[]) {
      if (late && typeof content === 'string') late.compiling(content);
      const text =
        typeof content === 'string' && typeof name === 'string'
          ? loader.transform(content, name, goalOf(format, name))
          : content;
      return apply(original, this, [text, name, format, ...rest] as never);
    },
  };
  disguise(instrumenting, original);
  /** what a tool has put in its place; it calls `instrumenting` with what it made of the source */
  let replaced: Fn | undefined;

  Object.defineProperty(prototype, '_compile', {
    configurable: true,
    enumerable: true,
    get(this: CompiledModule) {
      if (replaced) return replaced;
      const name = this === (prototype as unknown) ? undefined : this?.filename;
      return name && (prepared.delete(name) || !loader.wants(name)) ? original : instrumenting;
    },
    set(this: object, value: Fn) {
      if (this === prototype) replaced = value === instrumenting || value === original ? undefined : value;
      else Object.defineProperty(this, '_compile', { value, writable: true, enumerable: true, configurable: true });
    },
  });

  return {
    plain(path) {
      const dot = path.lastIndexOf('.');
      const own = dot > path.lastIndexOf('/') ? path.slice(dot) : '';
      const extension = extensions[own] ? own : '.js';
      return !replaced && extensions[extension] === originalExtensions[extension];
    },
  };
}

function goalOf(format: unknown, name: string): 'module' | 'commonjs' {
  return (typeof format === 'string' && format.startsWith('module')) || /\.m[jt]s$/.test(name) ? 'module' : 'commonjs';
}

/** Ours runs after every hook of the program's tools: it is registered anew behind each of theirs. */
function hookLoad(
  loader: Loader,
  { disguise }: Disguises,
  quietly: Quietly,
  registerHooks: RegisterHooks,
  compile: Compile,
  prepared: Set<string>,
  builtins: LateBuiltins,
  stacks: StackTraces,
): void {
  const transforms = (process.features as { typescript?: unknown }).typescript === 'transform';
  const load: SyncHooks['load'] = (url, context, next) => {
    if (url.startsWith('node:')) builtins.requested(url);
    const loaded = readsQuietly || url.endsWith('.json') ? next(url, context) : quietly(() => next(url, context));
    if (!loader.wants(url)) return loaded;
    const result = transforms ? transformed(loaded, url, quietly) : loaded;
    if (!result.source) return result;
    const isModule = Boolean(result.format?.startsWith('module'));
    if (isModule) return withSource(result, loader.transform(textOf(result.source), url, 'module'));
    const path = filePath(url);
    const plain = path !== undefined && context.conditions?.includes('require') && compile.plain(path);
    // Node has no format yet for a `.js` file whose package does not tell one.
    const format = result.format ?? 'commonjs';
    if (!plain || !format.startsWith('commonjs') || isOnlyRead(stacks, stacks.frames(HOOK_FRAMES))) return result;
    const source = textOf(result.source);
    const isUntoldModule = !result.format && hasModuleSyntax(source);
    const code = loader.transform(source, url, isUntoldModule ? 'module' : 'commonjs');
    prepared.add(path);
    return code === source ? result : withSource(result, code);
  };
  const hooks = { load };
  let mine = natives.apply(registerHooks, NodeModule, [hooks]) as Registered;
  /** Node's own load hook is quiet by itself: those of the program's tools, which come before it, are not */
  let readsQuietly = false;

  function readQuietly(): void {
    if (readsQuietly) return;
    readsQuietly = true;
    const read: SyncHooks['load'] = (url, context, next) =>
      url.endsWith('.json') ? next(url, context) : quietly(() => next(url, context));
    natives.apply(registerHooks, NodeModule, [{ load: read }]);
  }

  const { registerHooks: replacement } = {
    registerHooks(this: unknown, theirs: SyncHooks): Registered {
      mine.deregister();
      readQuietly();
      try {
        return natives.apply(registerHooks, this, [theirs]) as Registered;
      } finally {
        mine = natives.apply(registerHooks, NodeModule, [hooks]) as Registered;
      }
    },
  };
  NodeModule.registerHooks = disguise(replacement, registerHooks);
}

/**
 * Without synchronous load hooks: what Node's own `.js` handler reads is handed to it instrumented. The handler is about
 * to read when Node has just taken it from `Module._extensions`, and it is its frame that calls.
 */
function hookRead(
  loader: Loader,
  { disguise }: Disguises,
  quietly: Quietly,
  late: LateHooks,
  compile: Compile,
  prepared: Set<string>,
  builtins: LateBuiltins,
  stacks: StackTraces,
): void {
  const extensions = NodeModule._extensions;
  let handler = extensions['.js'];
  let expected = false;
  Object.defineProperty(extensions, '.js', {
    enumerable: true,
    configurable: true,
    get() {
      expected = true;
      return handler;
    },
    set(value: Fn) {
      handler = value;
    },
  });
  const { readFileSync } = fs;
  const { apply } = natives;
  const { readFileSync: replacement } = {
    readFileSync(this: unknown, ...args: unknown[]): unknown {
      const [name, encoding] = args;
      // before it runs CommonJS that is imported, Node looks through its text for what it exports
      if (mayBeLookedThrough(name, encoding) && caller()?.getFileName() === ESM_TRANSLATORS)
        return quietly(() => apply(readFileSync, this, args as never));
      const module = moduleAddress(args);
      if (module !== undefined && isModuleLoader(caller())) return requiredModule(module, args);
      // A JSON module is input, like any file.
      if (!expected || encoding !== 'utf8' || typeof name !== 'string' || name.endsWith('.json'))
        return apply(readFileSync, this, args as never);
      const near = stacks.framesAbove(disguised, READ_FRAMES);
      if (!isLoader(near[0])) return apply(readFileSync, this, args as never);
      expected = false;
      const source = quietly(() => apply(readFileSync, this, args as never) as unknown);
      if (typeof source !== 'string') return source;
      late.compiling(source);
      builtins.named(source);
      if (!loader.wants(name) || !compile.plain(name) || isOnlyRead(stacks, near)) return source;
      const code = loader.transform(source, name, isModule(name, source) ? 'module' : 'commonjs');
      prepared.add(name);
      return code;
    },
  };
  const caller = (): NodeJS.CallSite | undefined => stacks.framesAbove(disguised, 1)[0];
  /** What an ES module that was required imports: read at once, by the loader of ES modules (from 20.19 on). */
  function requiredModule(url: string, args: readonly unknown[]): unknown {
    const bytes = quietly(() => apply(readFileSync, fs, args as never) as unknown);
    if (!Buffer.isBuffer(bytes)) return bytes;
    const source = bytes.toString();
    late.compiling(source);
    builtins.named(source);
    return loader.wants(url) ? instrumentedModule(loader, url, bytes) : bytes;
  }
  const disguised = disguise(replacement, readFileSync);
  (fs as { readFileSync: unknown }).readFileSync = disguised;
}

/**
 * Whether nothing is compiled of a text: Node asks for it only to find what it exports, which only the text as written tells; or a
 * tool has called Node's handler of files itself, as nyc does for files that nothing loads.
 */
function isOnlyRead(stacks: StackTraces, near: readonly NodeJS.CallSite[]): boolean {
  // as nearly always: its handler was called by Node's loader
  const nearest = handlerIn(near);
  if (nearest >= 0 && isLoader(near[nearest + 1])) return false;
  const frames = stacks.frames(LOADING_FRAMES);
  if (frames.some((frame) => frame.getFunctionName() === 'cjsPreparseModuleExports')) return true;
  const handler = handlerIn(frames);
  return handler >= 0 && !isLoader(frames[handler + 1]);
}

function handlerIn(frames: readonly NodeJS.CallSite[]): number {
  return frames.findIndex(
    (frame) => isLoader(frame) && (frame.getFunctionName() || frame.getMethodName())?.endsWith('.js'),
  );
}

/** The loader's function that reads, its handler of files, and who has called that; of a load hook, what Node has between, too. */
const READ_FRAMES = 3;
const HOOK_FRAMES = 8;

/** Between a load hook and who wants the module. */
const LOADING_FRAMES = 20;
const ESM_TRANSLATORS = 'node:internal/modules/esm/translators';

/** Whether the loader of ES modules reads a file so. */
function mayBeLookedThrough(name: unknown, encoding: unknown): boolean {
  return encoding === 'utf-8' || (encoding === 'utf8' && typeof name === 'object' && name !== null);
}

/** Node's CommonJS loader. */
function isLoader(caller: NodeJS.CallSite | undefined): boolean {
  return caller?.getFileName() === 'node:internal/modules/cjs/loader';
}

/** Without synchronous load hooks: every module of Node that require() hands out comes through `Module._load`. */
function hookGetBuiltin({ disguise }: Disguises, builtins: LateBuiltins): void {
  const { getBuiltinModule: original } = process;
  const { getBuiltinModule: replacement } = {
    getBuiltinModule(this: unknown, _id: string): unknown {
      const exports: unknown = natives.apply(original, this, arguments as never);
      builtins.look();
      return exports;
    },
  };
  process.getBuiltinModule = disguise(replacement, original) as typeof original;
}

function moduleHooks(
  loader: Loader,
  disguises: Disguises,
  builtins: LateBuiltins,
  stacks: StackTraces,
  readInTurn: ReadInTurn,
): LateHooks {
  const compiling = (source: string): void => {
    if (COMPUTED_IMPORT.test(source)) builtins.all();
  };
  const late = lateHooks(() => hookModuleReads({ loader, disguises, builtins, stacks, compiling, readInTurn }));
  return {
    get pending() {
      return late.pending;
    },
    compiling(source) {
      late.compiling(source);
      compiling(source);
    },
  };
}

/** What is imported may be a module of Node, and no text names it. */
const COMPUTED_IMPORT = /\bimport\(\s*[^\s"']/;

function hookRegister({ disguise }: Disguises, registerAsync: () => void): void {
  const { register } = NodeModule;
  const { register: replacement } = {
    register(this: unknown, ...args: Parameters<ModuleClass['register']>): void {
      natives.apply(register, this, args);
      registerAsync();
    },
  };
  NodeModule.register = disguise(replacement, register);
}

/** Under --experimental-transform-types: what Node makes of namespaces and enums is instrumented, not what they are made of. */
function transformed(result: LoadResult, url: string, quietly: Quietly): LoadResult {
  const { stripTypeScriptTypes: strip } = NodeModule;
  if (!strip || !result.source || !result.format?.endsWith('typescript')) return result;
  try {
    const text = textOf(result.source);
    const path = filePath(url) ?? url;
    const source = withoutAnyWarning(() =>
      quietly(() => strip(text, { mode: 'transform', sourceMap: true, sourceUrl: path })),
    );
    if (source === undefined) return result;
    const told = /^(.*)-typescript$/.exec(result.format)?.[1];
    // Node tells by trying to compile it; a module can also be one by an `await` alone
    const found = hasModuleSyntax(source) ? 'module' : source.includes('await') ? undefined : 'commonjs';
    const format = told ?? found;
    return format === undefined ? result : { ...result, source, format };
  } catch {
    // Node itself tells what is wrong with the text
    return result;
  }
}

function withSource(result: LoadResult, source: string): LoadResult {
  return { ...result, source };
}

function textOf(source: NonNullable<LoadResult['source']>): string {
  if (typeof source === 'string') return source;
  return Buffer.from(source as ArrayBuffer).toString('utf8');
}
