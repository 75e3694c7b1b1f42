/**
 * Stack traces as they would be without Hindcast: columns are those of the original text, frames of ours are left out.
 *
 * V8 asks Node for the text of a stack, and Node reads `Error.prepareStackTrace` of the error's realm. That property
 * becomes an accessor: the program reads and writes what it would, Node gets a wrapper that hands on corrected frames.
 */
import type { Failed, LoadedFile, LoadedFiles } from './loaded-files.ts';
import { originalColumn, toldPosition } from './loaded-files.ts';
import { filePath } from './loader.ts';
import { CALLER } from './node-test.ts';
import { withOrigin } from './eval-origins.ts';
import { hasOwnPart, inferredName } from './inferred-names.ts';
import { nameOfMethod, nameOfTimersMethod, namedSite, overlaid } from './method-names.ts';
import { natives } from './natives.ts';
import type { StackTexts } from './stack-texts.ts';
import { asScriptOfVm, isScriptOfVm } from './vm-frames.ts';
import { getOwnPropertyDescriptor, getPrototypeOf, is, max, OwnWeakMap } from './primordials.ts';

type Prepare = (this: unknown, error: unknown, trace: NodeJS.CallSite[]) => unknown;
type ErrorClass = ErrorConstructor & { prepareStackTrace?: Prepare; stackTraceLimit?: number };

export interface StackTraces {
  /** `inherits`: a vm context, where Node falls back to the main realm's */
  install(errorClass: ErrorConstructor, inherits: boolean): void;
  /** corrected frames of the error */
  corrected(trace: readonly NodeJS.CallSite[], error?: unknown): NodeJS.CallSite[];
  /** Runs `work` below frames of ours: V8 takes so many more, and the trace is as long as the program asked for. */
  below<T>(work: () => T): T;
  /** The program looks at its limit: what `below` raised is taken back. */
  lowerLimit(): void;
  /** The stack as it is now, innermost frame first, without frames of ours; else as V8 has them: see `correct`. */
  frames(limit: number): readonly NodeJS.CallSite[];
  /** One of them, as the program would find it. */
  correct(frame: NodeJS.CallSite): NodeJS.CallSite;
  /** Whether a function of the program's, or of its tools, is giving an error's stack its text: no frames are to be had. */
  isFormatting(): boolean;
  /** Where an error came to be whose stack was made into a text, if that is code made of text. */
  placeInText(error: object): PlaceInText | undefined;
  /** How many stacks were made into texts so far. */
  formats(): number;
  /** The frames from the one on that called the function, which is on the stack; as V8 has them. */
  framesAbove(callee: Callable, limit: number): readonly NodeJS.CallSite[];
}

/** Frames of ours that may stand on the stack below. */
const MORE_FRAMES = 20;

/** What the program's `Error` is where it looks at its limit: see instrument/stack-limit.ts. `global`: of its realm. */
export function stackHook(global: { readonly Error: unknown }, lowerLimit: () => void): object {
  return {
    __proto__: null,
    get Error() {
      lowerLimit();
      return global.Error;
    },
  };
}

export interface PlaceInText extends Position {
  readonly file: LoadedFile;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column from 1, as frames give them; those of the original text. `failed`: in the frame itself. */
function originalPosition(
  files: LoadedFiles,
  file: LoadedFile | undefined,
  line: number,
  column: number,
  failed: Failed | undefined,
): Position {
  if (!file) return { line, column };
  const row = line - 1 - file.offsets.line;
  const shift = row === 0 ? file.offsets.column : 0;
  const prefix = row === 0 ? (file.prefix ?? 0) : 0;
  const edits = files.edits(file);
  const original = originalColumn(edits, row, column - 1 - shift - prefix);
  const told = failed && toldPosition(edits, row, original, failed);
  return told === undefined ? { line, column: original + shift + 1 } : positionOf(files, file, told);
}

function positionOf(files: LoadedFiles, file: LoadedFile, position: number): Position {
  const lines = files.source(file);
  let row = 0;
  let column = position;
  while (row < lines.length && column > lines[row]!.length) column -= lines[row++]!.length + 1;
  const shift = row === 0 ? file.offsets.column : 0;
  return { line: row + 1 + file.offsets.line, column: column + shift + 1 };
}

export function createStackTraces(
  files: LoadedFiles,
  own: (fileName: string) => boolean,
  texts: Pick<StackTexts, 'made' | 'repair'>,
): StackTraces {
  const corrections = new WeakMap<object, NodeJS.CallSite>();
  const wrappers = new WeakMap<Prepare, Prepare>();
  const known = new WeakSet<object>();
  const inTexts = new OwnWeakMap<object, PlaceInText>();
  let probing = false;
  let collecting = false;
  let formatting = 0;
  let formats = 0;
  /** the program's own limit while V8's is higher */
  let asked: number | undefined;
  let raised = false;

  function below<T>(work: () => T): T {
    const limit = MainError.stackTraceLimit;
    if (asked !== undefined || typeof limit !== 'number' || !setLimit(limit + MORE_FRAMES)) return work();
    asked = limit;
    raised = true;
    try {
      return work();
    } finally {
      lowerLimit();
      asked = undefined;
    }
  }

  function lowerLimit(): void {
    if (!raised || asked === undefined) return;
    raised = false;
    if (MainError.stackTraceLimit === asked + MORE_FRAMES) setLimit(asked);
  }

  /** Cuts what was taken beyond the program's limit. */
  function cut(trace: NodeJS.CallSite[]): NodeJS.CallSite[] {
    const now = MainError.stackTraceLimit;
    const limit = raised && asked !== undefined && now === asked + MORE_FRAMES ? asked : now;
    const most = (limit ?? 0) + MORE_FRAMES;
    return typeof limit === 'number' && trace.length > limit && trace.length <= most ? trace.slice(0, limit) : trace;
  }

  function correct(site: NodeJS.CallSite, failed?: Failed): NodeJS.CallSite {
    if (known.has(site)) return site;
    let better = corrections.get(site);
    if (!better) {
      better = correctedSite(files, site, failed);
      corrections.set(site, better);
      known.add(better);
    }
    return better;
  }

  function correctAny(site: NodeJS.CallSite, failed?: Failed): NodeJS.CallSite {
    const name = site.getFileName();
    if (!name)
      return withOrigin(fileOf(files, site) ? correct(site, failed) : site, (origin, ...place) =>
        originalPosition(files, fileNamed(files, origin), ...place, undefined),
      );
    if (isScriptOfVm(name, site)) return asScriptOfVm(site);
    return fileOf(files, site) || isCompile(name, site) ? correct(site, failed) : site;
  }

  function isOfOurs(site: NodeJS.CallSite): boolean {
    const name = site.getFileName();
    return Boolean(name) && (own(name!) || isInserted(site.getFunctionName()));
  }

  function corrected(trace: readonly NodeJS.CallSite[], error?: unknown): NodeJS.CallSite[] {
    const out: NodeJS.CallSite[] = [];
    /** the outermost of our frames that stand below the last one of `out` */
    let wrapper: NodeJS.CallSite | undefined;
    for (let i = 0; i < trace.length; i++) {
      const site = trace[i]!;
      if (isOfOurs(site)) {
        wrapper = site;
        continue;
      }
      if (wrapper) standIn(out, wrapper);
      wrapper = undefined;
      if (out.length === 0 && files.hasTexts) notePlace(site, error);
      // below the first one stand calls
      out.push(correctAny(site, out.length === 0 ? failedIn(error) : undefined));
      const method = isOutermost(trace, i) ? nameOfTimersMethod(site) : undefined;
      if (method !== undefined) nameLast(out, method);
    }
    if (wrapper) standIn(out, wrapper);
    return cut(out);
  }

  function notePlace(site: NodeJS.CallSite, error: unknown): void {
    const file = typeof error === 'object' && error !== null ? fileOf(files, site) : undefined;
    const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
    if (file?.script === undefined || line === null || column === null) return;
    const place = originalPosition(files, file, line, column, failedIn(error));
    inTexts.set(error as object, { file, ...place });
  }

  /** Whether nothing of the program's called it that is on the stack. Of a trace as long as the limit, what called the last frame is not known. */
  function isOutermost(trace: readonly NodeJS.CallSite[], index: number): boolean {
    const next = trace[index + 1];
    // Node has microtasks run
    if (next !== undefined) return next.isAsync() || (next.getFileName()?.startsWith('node:') ?? false);
    return typeof MainError.stackTraceLimit !== 'number' || trace.length < MainError.stackTraceLimit;
  }

  /** Node found the wrapper where it would have found the function of the last frame. */
  function standIn(out: NodeJS.CallSite[], wrapper: NodeJS.CallSite): void {
    const site = out.at(-1);
    const method = site && nameOfMethod(site, wrapper);
    if (method !== undefined) nameLast(out, method);
  }

  function nameLast(out: NodeJS.CallSite[], method: string): void {
    const last = out.length - 1;
    out[last] = namedSite(out[last]!, method);
    known.add(out[last]);
  }

  function wrap(prepare: Prepare): Prepare {
    let wrapper = wrappers.get(prepare);
    if (!wrapper) {
      wrapper = function prepareStackTrace(error, trace) {
        let better = trace;
        try {
          better = corrected(trace, error);
        } catch {
          // The frames as they are.
        }
        const isObject = typeof error === 'object' && error !== null;
        if (isObject) texts.repair(error);
        const text = format(() => natives.apply(prepare, this, [error, better]));
        if (typeof text === 'string' && isObject) texts.made(error, text);
        return text;
      };
      wrappers.set(prepare, wrapper);
    }
    return wrapper;
  }

  function format(work: () => unknown): unknown {
    formatting++;
    formats++;
    try {
      return work();
    } finally {
      formatting--;
    }
  }

  /** Whether Node, and not the program, reads the property: its frame is the second of a stack taken here. */
  function readByNode(getter: Callable): boolean {
    probing = true;
    const limit = Object.getOwnPropertyDescriptor(MainError, 'stackTraceLimit');
    try {
      if (!limit || limit.writable) MainError.stackTraceLimit = 1;
      const holder: { stack?: string } = {};
      captureStackTrace(holder, getter);
      return typeof holder.stack === 'string' && holder.stack.includes('(node:internal/errors:');
    } catch {
      return false;
    } finally {
      if (limit?.writable) Object.defineProperty(MainError, 'stackTraceLimit', limit);
      else if (!limit) Reflect.deleteProperty(MainError, 'stackTraceLimit');
      probing = false;
    }
  }

  /** Frames as V8 has them, from the one on that called `callee`. */
  function framesAbove(callee: Callable, limit: number): readonly NodeJS.CallSite[] {
    const before = Object.getOwnPropertyDescriptor(MainError, 'stackTraceLimit');
    const holder: { stack?: unknown } = {};
    collecting = true;
    try {
      if (!before || before.writable) MainError.stackTraceLimit = limit;
      captureStackTrace(holder, callee);
      return Array.isArray(holder.stack) ? (holder.stack as NodeJS.CallSite[]) : [];
    } catch {
      return [];
    } finally {
      collecting = false;
      if (before?.writable) Object.defineProperty(MainError, 'stackTraceLimit', before);
      else if (!before) Reflect.deleteProperty(MainError, 'stackTraceLimit');
    }
  }

  function frames(limit: number): readonly NodeJS.CallSite[] {
    try {
      return framesAbove(frames, limit).filter((site) => !isOfOurs(site));
    } catch {
      return [];
    }
  }

  function install(errorClass: ErrorClass, inherits: boolean): void {
    const before = Object.getOwnPropertyDescriptor(errorClass, 'prepareStackTrace');
    if (before && !before.configurable) return;
    let current: unknown = before?.value;
    const fallback: Prepare | undefined = inherits ? undefined : defaultPrepare;
    const accessor = {
      get prepareStackTrace(): unknown {
        if (probing) return undefined;
        if (collecting) return (_: unknown, trace: NodeJS.CallSite[]) => trace;
        if (!readByNode(getter)) return current;
        const prepare = typeof current === 'function' ? (current as Prepare) : fallback;
        return prepare && wrap(prepare);
      },
      set prepareStackTrace(value: unknown) {
        current = value;
      },
    };
    const getter = Object.getOwnPropertyDescriptor(accessor, 'prepareStackTrace')?.get as Callable;
    Object.defineProperty(errorClass, 'prepareStackTrace', {
      ...Object.getOwnPropertyDescriptor(accessor, 'prepareStackTrace'),
      enumerable: false,
      configurable: true,
    });
  }

  return {
    install,
    corrected,
    below,
    lowerLimit,
    frames,
    correct: (frame) => correctAny(frame),
    isFormatting: () => formatting > 0,
    formats: () => formats,
    placeInText: (error) => inTexts.get(error),
    framesAbove,
  };
}

/** What the error's first frame has failed at, if it is V8's. The program's code does not run. */
function failedIn(error: unknown): Failed | undefined {
  if (!is.isNativeError(error)) return undefined;
  for (let at: object | null = error; at !== null && !is.isProxy(at); at = getPrototypeOf(at) as object | null) {
    const name: unknown = getOwnPropertyDescriptor(at, 'name')?.value;
    if (name === 'ReferenceError') return 'read';
    if (name === 'TypeError') return 'asked';
  }
  return undefined;
}

type Callable = (...args: never[]) => unknown;
const MainError = Error as ErrorClass;
const mainCapture = Error.captureStackTrace;
const captureStackTrace = (holder: object, hideAbove: Callable): void =>
  natives.apply(mainCapture, MainError, [holder, hideAbove]);
const nodeDefault = MainError.prepareStackTrace;

/** Node's own text of a stack; honours --enable-source-maps where Node exposes its default. */
const defaultPrepare: Prepare = (error, trace) => {
  if (typeof nodeDefault === 'function') return natives.apply(nodeDefault, MainError, [error, trace]);
  const head = natives.apply(Error.prototype.toString, error, []) as string;
  return trace.length ? `${head}\n    at ${trace.join('\n    at ')}` : head;
};

function setLimit(limit: number): boolean {
  try {
    MainError.stackTraceLimit = limit;
    return true;
  } catch {
    return false;
  }
}

function fileNamed(files: LoadedFiles, name: string): LoadedFile | undefined {
  const path = filePath(name);
  return path === undefined ? undefined : files.byPath(path);
}

/** Code made of text has no name, or one that is no file's. */
function fileOf(files: LoadedFiles, site: NodeJS.CallSite): LoadedFile | undefined {
  const name = site.getFileName();
  const path = filePath(name ?? undefined);
  if (path !== undefined) return files.byPath(path);
  return files.hasTexts && !name?.startsWith('node:') ? files.byScript(site.getScriptHash()) : undefined;
}

const CJS_LOADER = 'node:internal/modules/cjs/loader';
const NAMELESS = 'Module.<anonymous> ';

/** V8 finds a method's name by its property; `_compile` is an accessor of ours (module-hooks.ts). */
function isCompile(name: string, site: NodeJS.CallSite): boolean {
  if (name !== CJS_LOADER) return false;
  const own = site.getFunctionName();
  // its text takes long to make: it is looked at only where there is no name
  return own === 'Module._compile' || (!own && site.toString().startsWith(NAMELESS));
}

/** What V8 has and @types/node lacks. */
interface Enclosed {
  getEnclosingLineNumber?(): number | null;
  getEnclosingColumnNumber?(): number | null;
}

/** A function that is no part of the text as written. */
function isInserted(name: string | null): boolean {
  return name !== null && (name === CALLER || name.endsWith(ASSIGNER));
}

/** Assigns one target of a pattern: see instrument/patterns.ts. */
const ASSIGNER = '__hcw';

/** V8 guesses the name of a nameless function by the next assignment, which may be an inserted one. */
export function isOurs(name: string | null): boolean {
  return name !== null && name.startsWith('__hc');
}

function nameless(frame: string): string {
  if (!frame.includes('__hc')) return frame;
  return frame.replace(/^((?:async )?)__hc\w* \((.*)\)$/, '$1$2').replace(/\.__hc\w*(?= )/, '.<anonymous>');
}

/** Names as V8 would infer them from the text as written. */
interface Names {
  readonly own: string | null;
  readonly type: string | null;
  readonly text: string;
}

function namesAsWritten(files: LoadedFiles, site: NodeJS.CallSite & Enclosed, column: () => number | null): Names {
  const [own, type, text] = [site.getFunctionName(), site.getTypeName(), site.toString()];
  if (!OWN_NAME.test(text)) return { own: isOurs(own) ? null : own, type, text };
  const { before, start } = textBefore(files, site, column());
  const written = (name: string): string => inferredName(name, before, start);
  const ownWritten = own !== null && hasOwnPart(own) ? written(own) : own;
  // a class, and a member of it
  const typeWritten = type !== null && hasOwnPart(type) ? written(`${type}.`).slice(0, -1) : type;
  const isPlain = ownWritten !== own && !ownWritten?.includes('.') && typeWritten !== null && !site.isToplevel();
  const prefix = isPlain ? `${typeWritten}.` : '';
  // a key of several words is no name that stands in a text by itself
  const whole = own !== null && /\s/.test(own) && text.includes(own) ? own : OWN_NAME;
  return { own: ownWritten, type: typeWritten, text: text.replace(whole, (name) => prefix + written(name)) };
}

/** In a frame's text: several names, of which one is of ours. V8 puts the type before one that stands alone. */
const OWN_NAME = /(?<=^(?:async |new )*)(?:[^\s.(/]+\.)*__hc\w*(?:\.[^\s.(]+)+/;

/** A target may begin on an earlier line than its function, and a class before its methods. */
const LINES_BEFORE = 500;

/** What is written before the function and in its first line; `column` is where it begins there. */
function textBefore(
  files: LoadedFiles,
  site: NodeJS.CallSite & Enclosed,
  column: number | null,
): { readonly before: string; readonly start: number } {
  const file = fileOf(files, site);
  const line = site.getEnclosingLineNumber?.();
  if (!file || !line || column === null) return { before: '', start: 0 };
  const row = line - file.offsets.line;
  const lines = files.source(file).slice(max(0, row - LINES_BEFORE), row);
  const before = lines.join('\n');
  return { before, start: before.length - (lines.at(-1)?.length ?? 0) + column - 1 };
}

/** A frame like `site`, but with the original's columns. Methods run on the real frame. */
function correctedSite(
  files: LoadedFiles,
  site: NodeJS.CallSite & Enclosed,
  failed: Failed | undefined,
): NodeJS.CallSite {
  const original = (line: number | null | undefined, now: number | null | undefined): Partial<Position> => {
    const file = line && now ? fileOf(files, site) : undefined;
    return file && line && now ? originalPosition(files, file, line, now, failed) : {};
  };
  const place = (): Partial<Position> => original(site.getLineNumber(), site.getColumnNumber());
  const column = (): number | null => place().column ?? site.getColumnNumber();
  const enclosing = (): number | null =>
    original(site.getEnclosingLineNumber?.(), site.getEnclosingColumnNumber?.()).column ??
    site.getEnclosingColumnNumber?.() ??
    null;
  const names = (): Names => namesAsWritten(files, site, enclosing);
  const text = (): string => {
    const [line, now] = [site.getLineNumber(), site.getColumnNumber()];
    const whole = nameless(names().text);
    const then = place();
    if (then.column === undefined || (now === then.column && line === then.line)) return whole;
    const written = `:${line}:${now}`;
    const at = whole.lastIndexOf(written);
    return at < 0 ? whole : `${whole.slice(0, at)}:${then.line}:${then.column}${whole.slice(at + written.length)}`;
  };
  const replaced = new Map<string | symbol, unknown>([
    ['getLineNumber', () => place().line ?? site.getLineNumber()],
    ['getColumnNumber', column],
    ['getEnclosingColumnNumber', enclosing],
    ['toString', text],
    ['getFunctionName', () => names().own],
    ['getTypeName', () => names().type],
  ]);
  if (site.getFileName() === CJS_LOADER) {
    replaced.set('getMethodName', () => '_compile');
    replaced.set('toString', () => site.toString().replace(NAMELESS, 'Module._compile '));
  }
  return overlaid(site, replaced);
}
