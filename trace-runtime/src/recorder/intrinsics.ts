/**
 * Objects that every program finds: those of the language, one set a realm, and those of Node's modules. They are
 * recorded by their path, `Array.prototype.push` or `node:fs.readFile`, and never carry a word: a private field would
 * change the shape of prototypes that V8 keeps fast paths for.
 *
 * Finding them all takes milliseconds at the start of each thread. Where hardly any value is recorded they are looked for
 * when the first one is (`deferred`); what the program has put in their places by then is taken for them.
 */
import {
  OwnWeakMap,
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  is,
  sliceString,
  startsWith,
  symbolDescription,
} from './primordials.ts';

export interface Intrinsic {
  readonly path: string;
  /** whether it is Node's and not the language's */
  readonly node: boolean;
  /** the object's word; 0: not written yet */
  word: number;
}

export interface Intrinsics {
  /** undefined for other objects */
  entryOf(object: object): Intrinsic | undefined;
  /** true where the object is Node's and not the language's */
  isNodes(object: object): boolean;
  addRealm(globalObject: object, main: boolean, run: (code: string) => unknown): void;
  /** Looks at modules of Node that were loaded since. */
  refresh(): void;
  /** Tells of a class of Node that no module exports. */
  addClass(constructor: object, path: string): void;
  /** Lets a replacement of a builtin pass for it. */
  alias(replacement: object, original: object): void;
}

const LANGUAGE = [
  'Object',
  'Function',
  'Array',
  'String',
  'Number',
  'Boolean',
  'Symbol',
  'BigInt',
  'Date',
  'RegExp',
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
  'Promise',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'FinalizationRegistry',
  'Proxy',
  'Reflect',
  'Math',
  'JSON',
  'Atomics',
  'Intl',
  'WebAssembly',
  'Iterator',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'eval',
  'encodeURI',
  'encodeURIComponent',
  'decodeURI',
  'decodeURIComponent',
  'escape',
  'unescape',
] as const;

/** Language objects without a global name. */
const HIDDEN = `({'%TypedArray%':Object.getPrototypeOf(Uint8Array),
  '%GeneratorFunction%':Object.getPrototypeOf(function*(){}).constructor,
  '%AsyncGeneratorFunction%':Object.getPrototypeOf(async function*(){}).constructor,
  '%AsyncFunction%':Object.getPrototypeOf(async()=>{}).constructor,
  '%ArrayIteratorPrototype%':Object.getPrototypeOf([][Symbol.iterator]()),
  '%MapIteratorPrototype%':Object.getPrototypeOf(new Map().entries()),
  '%SetIteratorPrototype%':Object.getPrototypeOf(new Set().entries()),
  '%StringIteratorPrototype%':Object.getPrototypeOf(''[Symbol.iterator]()),
  '%RegExpStringIteratorPrototype%':Object.getPrototypeOf(''.matchAll(/x/g)),
  '%AsyncIteratorPrototype%':Object.getPrototypeOf(Object.getPrototypeOf(async function*(){}).prototype)})`;

/** Values of `process` that are the program's own business. */
const NOT_FIXED = [
  'env',
  'argv',
  'execArgv',
  'mainModule',
  'argv0',
  'title',
  'exitCode',
  'report',
  'stdin',
  'stdout',
  'stderr',
];

/**
 * Globals that Node makes when they are first described, by the module that this loads, which costs up to 70 ms. They are
 * left alone until something else has loaded it: the program's use of one of them is enough.
 */
const LATE: readonly (readonly [string, RegExp])[] = [
  [
    'internal/deps/undici/undici',
    /^(?:FormData|Headers|Request|Response|MessageEvent|CloseEvent|ErrorEvent|WebSocket|EventSource)$/,
  ],
  [
    'internal/webstreams/readablestream',
    /^(?:Readable(?:Byte)?|Writable|Transform|TextEncoder|TextDecoder|Compression|Decompression)Stream/,
  ],
  ['perf_hooks', /^Performance/],
  ['internal/file', /^File$/],
];

/** Globals with getters, of modules that Node loads as it starts. */
const LOADED: readonly (readonly [string, RegExp])[] = [
  ['internal/abort_controller', /^Abort/],
  ['internal/blob', /^Blob$/],
];

/** Exports that Node makes when they are first asked for, by the internal module that this loads. */
const LATE_EXPORTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['internal/fs/promises', 'fs', ['promises']],
  ['internal/fs/streams', 'fs', ['ReadStream', 'WriteStream']],
  ['internal/mime', 'util', ['MIMEType', 'MIMEParams']],
  ['internal/util/parse_args/parse_args', 'util', ['parseArgs']],
  ['internal/util/diff', 'util', ['diff']],
  ['internal/async_local_storage/async_hooks', 'async_hooks', ['AsyncLocalStorage']],
  ['internal/async_local_storage/async_context_frame', 'async_hooks', ['AsyncLocalStorage']],
  ['internal/blocklist', 'net', ['BlockList', 'SocketAddress']],
  ['internal/file', 'buffer', ['File']],
];

const NATIVE = 'NativeModule ';
const modules = (process as unknown as { moduleLoadList: readonly string[] }).moduleLoadList;
const getBuiltin = process.getBuiltinModule?.bind(process) as ((id: string) => unknown) | undefined;

export function createIntrinsics(builtinModules: readonly string[], deferred = false): Intrinsics {
  const paths = new OwnWeakMap<object, Intrinsic>();
  /** globals of the main realm that are not made yet */
  const late: { readonly by: string; readonly name: string }[] = [];
  const main: { global: object } = { global: globalThis };
  /** what was put off; undefined: nothing any more */
  let waiting: (() => void)[] | undefined = deferred ? [] : undefined;
  let seen = 0;

  /** Does what was put off. Getters are left alone: the program may have put them there. */
  function catchUp(): void {
    if (waiting === undefined) return;
    const actions = waiting;
    waiting = undefined;
    for (let i = 0; i < actions.length; i++) actions[i]!();
  }

  function visit(value: unknown, path: string, depth: number, node: boolean): void {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return;
    if (paths.has(value) || is.isProxy(value)) return;
    paths.set(value, { path, node, word: 0 });
    if (depth === 0) return;
    const names = getOwnPropertyNames(value);
    for (let i = 0; i < names.length; i++) visitProperty(value, names[i]!, `${path}.${names[i]!}`, depth, node);
    const symbols = getOwnPropertySymbols(value);
    for (let i = 0; i < symbols.length; i++) {
      visitProperty(value, symbols[i]!, `${path}[${symbolDescription(symbols[i]!) ?? ''}]`, depth, node);
    }
  }

  function visitProperty(holder: object, key: string | symbol, path: string, depth: number, node: boolean): void {
    if (key === 'arguments' || key === 'caller' || isUnmade(path)) return;
    const descriptor = getOwnPropertyDescriptor(holder, key);
    if (descriptor === undefined) return;
    if (descriptor.get === undefined && descriptor.set === undefined) {
      const shallow = node && (typeof key === 'symbol' || startsWith(key, '_'));
      visit(descriptor.value, path, shallow ? 0 : depth - 1, node);
      return;
    }
    visit(descriptor.get, `get ${path}`, 0, node);
    visit(descriptor.set, `set ${path}`, 0, node);
  }

  function addGlobals(globalObject: object): void {
    const names = getOwnPropertyNames(globalObject);
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (name === 'process') continue;
      const by = lateModule(name);
      if (by === undefined) addGlobal(globalObject, name, !deferred && isLoaded(name));
      else late.push({ by, name });
    }
    paths.set(process, { path: 'process', node: true, word: 0 });
    const keys = getOwnPropertyNames(process);
    for (let i = 0; i < keys.length; i++) {
      if (!includes(NOT_FIXED, keys[i]!)) visitProperty(process, keys[i]!, `process.${keys[i]!}`, 2, true);
    }
  }

  /** `loaded`: a getter only hands out what is there already */
  function addGlobal(globalObject: object, name: string, loaded: boolean): void {
    const descriptor = getOwnPropertyDescriptor(globalObject, name);
    if (descriptor === undefined) return;
    if (descriptor.get === undefined) visit(descriptor.value, name, 3, true);
    else if (loaded) {
      visit(apply(descriptor.get, globalObject, []), name, 3, true);
      // the getter has put the value in its own place
      defineProperty(globalObject, name, descriptor);
    }
  }

  /** Those globals that a module, loaded just now, has brought. */
  function addLate(id: string): void {
    for (let i = 0; i < late.length; i++) if (late[i]!.by === id) addGlobal(main.global, late[i]!.name, true);
  }

  function addModule(id: string): void {
    if (id === 'process' || !includes(builtinModules, id)) return;
    try {
      visit(getBuiltin?.(id), `node:${id}`, 3, true);
    } catch {
      // a module that this Node does not give out has no path
    }
  }

  /** Getters hand out what is loaded now. */
  function addExportsLate(id: string): void {
    for (let i = 0; i < LATE_EXPORTS.length; i++) {
      const [by, holder, names] = LATE_EXPORTS[i]!;
      if (by !== id) continue;
      const exports = getBuiltin?.(holder) as Readonly<Record<string, unknown>> | undefined;
      for (let n = 0; exports !== undefined && n < names.length; n++) {
        const name = names[n]!;
        visit(exports[name], `node:${holder}${name === 'promises' ? '/' : '.'}${name}`, 3, true);
      }
    }
  }

  function refresh(): void {
    const count = modules.length;
    if (count === seen) return;
    const from = seen;
    seen = count;
    for (let i = from; i < count; i++) {
      const entry = modules[i]!;
      if (!startsWith(entry, NATIVE)) continue;
      const id = sliceString(entry, NATIVE.length);
      addLate(id);
      addExportsLate(id);
      addModule(id);
    }
    // giving a module out may load others
    seen = modules.length;
  }

  function addRealm(globalObject: object, isMain: boolean, run: (code: string) => unknown): void {
    if (!paths.has(globalObject)) paths.set(globalObject, { path: 'globalThis', node: true, word: 0 });
    for (const name of LANGUAGE) {
      const descriptor = getOwnPropertyDescriptor(globalObject, name);
      if (descriptor && descriptor.get === undefined) visit(descriptor.value, name, 3, false);
    }
    const hidden = run(HIDDEN) as object;
    for (const name of getOwnPropertyNames(hidden)) {
      visit(getOwnPropertyDescriptor(hidden, name)?.value, name, 3, false);
    }
    if (!isMain) return;
    main.global = globalObject;
    addGlobals(globalObject);
    refresh();
  }

  return {
    entryOf(object) {
      catchUp();
      return paths.get(object);
    },
    isNodes(object) {
      catchUp();
      return paths.get(object)?.node === true;
    },
    refresh() {
      catchUp();
      refresh();
    },
    addRealm(globalObject, isMain, run) {
      if (waiting === undefined) addRealm(globalObject, isMain, run);
      else waiting.push(() => addRealm(globalObject, isMain, run));
    },
    addClass(constructor, path) {
      if (waiting === undefined) visit(constructor, path, 3, true);
      else waiting.push(() => visit(constructor, path, 3, true));
    },
    alias(replacement, original) {
      // until then the replacement stands in the original's place, and is found there
      if (waiting !== undefined) return;
      const known = paths.get(original);
      if (known !== undefined) paths.set(replacement, { path: known.path, node: known.node, word: 0 });
    },
  };
}

const OF_UTIL = 'node:util.';

/** An export of `util` that describing it makes, and so loads a module: one of them makes the stream of stderr. */
function isUnmade(path: string): boolean {
  if (!startsWith(path, OF_UTIL)) return false;
  for (let i = 0; i < LATE_EXPORTS.length; i++) {
    const [by, holder, names] = LATE_EXPORTS[i]!;
    if (holder === 'util' && includes(names, sliceString(path, OF_UTIL.length))) return !includes(modules, NATIVE + by);
  }
  return false;
}

/** Whether the getter of a global only hands out what Node has loaded as it started. */
function isLoaded(name: string): boolean {
  for (let i = 0; i < LOADED.length; i++) {
    if (LOADED[i]![1].test(name)) return includes(modules, `${NATIVE}${LOADED[i]![0]}`);
  }
  return false;
}

/** Called before the program runs. */
function lateModule(name: string): string | undefined {
  for (let i = 0; i < LATE.length; i++) if (LATE[i]![1].test(name)) return LATE[i]![0];
  return undefined;
}

function includes(list: readonly string[], item: string): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === item) return true;
  return false;
}
