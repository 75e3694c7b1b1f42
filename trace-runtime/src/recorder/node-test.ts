/**
 * node:test as recorded programs get it (`__hcTest`): tests are cases. Each test's own `file:line:column` is that of the
 * program's call: Node takes it from the frame that calls `test`, so ours stands at the program's position.
 */
import Module from 'node:module';
import type { Cases, FailedHook } from './cases.ts';
import type { Disguises } from './disguise.ts';
import { filePath } from './loader.ts';
import { natives } from './natives.ts';
import type { StackTraces } from './stack-traces.ts';
import { Outcome } from '../wire/words.ts';

type Fn = (this: unknown, ...args: unknown[]) => unknown;
type When = FailedHook['when'];
type Kind = 'test' | 'suite' | 'skipped' | When;

const HOOKS: Readonly<Record<string, When>> = {
  before: 'before all',
  after: 'after all',
  beforeEach: 'before each',
  afterEach: 'after each',
};
/** A test that runs; `failed`: a subtest's error. */
interface Running {
  readonly name: string;
  failed?: { readonly error: unknown };
}
interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Name of the function at the program's position; stack traces leave it out. */
export const CALLER = '__hcCaller';

export function nodeTest(
  cases: Cases,
  guard: (work: () => void) => void,
  { disguise }: Disguises,
  { below }: Pick<StackTraces, 'below'>,
): () => unknown {
  const callers = new Map<string, (f: Fn, self: unknown, args: unknown[]) => unknown>();
  const wrappers = new WeakMap<object, Fn>();
  const prefix: string[] = [];
  /** what runs with a test's context */
  const contexts = new WeakMap<object, Running>();
  let wrapped: unknown;

  function call(original: Fn, self: unknown, args: unknown[], place: Place | undefined): unknown {
    if (!place) return natives.apply(original, self, args as never);
    const key = `${place.file}:${place.line}:${place.column}`;
    let caller = callers.get(key);
    if (!caller) {
      const head = `(function ${CALLER}(f,t,a){return `;
      const script = new natives.Script(`${head}f.apply(t,a)})`, {
        filename: place.file,
        lineOffset: place.line - 1,
        columnOffset: place.column - 1 - head.length - 2,
      });
      caller = script.runInThisContext() as (f: Fn, self: unknown, args: unknown[]) => unknown;
      callers.set(key, caller);
    }
    const from = caller;
    return below(() => from(original, self, args));
  }

  /** `kind`: what a function given to it is */
  function wrap(original: Fn, kind: Kind): Fn {
    const known = wrappers.get(original);
    if (known) return known;
    const wrapper = new Proxy(original, {
      apply(target, self, args: unknown[]) {
        const place = callerPlace();
        const handed = isHook(kind) ? watchedHook(args, kind, place) : watched(args, kind, place);
        return call(target, self, handed, place);
      },
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver === wrapper ? target : receiver);
        if (typeof value !== 'function') return value;
        if (value === original) return wrapper;
        if (key === 'describe' || key === 'suite') return wrap(value as Fn, 'suite');
        if (typeof key === 'string' && Object.hasOwn(HOOKS, key)) return wrap(value as Fn, HOOKS[key]!);
        return key === 'test' ||
          key === 'it' ||
          key === 'skip' ||
          key === 'todo' ||
          key === 'only' ||
          key === 'expectFailure'
          ? wrap(value as Fn, key === 'test' || key === 'it' ? 'test' : key === 'skip' ? 'skipped' : kind)
          : value;
      },
    });
    disguise(wrapper, original);
    wrappers.set(original, wrapper);
    return wrapper;
  }

  function watched(args: unknown[], kind: Kind, place: Place | undefined, parent?: Running): unknown[] {
    const at = args.findIndex((value) => typeof value === 'function');
    const fn = args[at] as Fn | undefined;
    const name = typeof args[0] === 'string' ? args[0] : fn?.name || '<anonymous>';
    const full = [...(parent ? [parent.name] : prefix), name].join(' > ');
    if (kind !== 'suite' && (kind === 'skipped' || !fn || skips(args))) {
      guard(() => cases.skipped(full, filePath(place?.file) ?? '', place?.line));
      return args;
    }
    if (!fn) return args;
    const out = [...args];
    out[at] = kind === 'suite' ? suiteFunction(fn, name) : testFunction(fn, { name: full }, place, parent);
    return out;
  }

  /** Node tells of a hook that fails by the tests that it then does not run, or by their suite. */
  function watchedHook(args: unknown[], when: When, place: Place | undefined): unknown[] {
    const [fn, ...rest] = args;
    if (typeof fn !== 'function') return args;
    const hook = { when, suite: prefix.join(' > '), title: prefix.at(-1) ?? '', file: filePath(place?.file) ?? '' };
    let isTold = false;
    const failed = (error: unknown): void => {
      if (!isTold) guard(() => cases.hookFailed(hook, error));
      isTold = true;
    };
    return [
      like(
        fn as Fn,
        watchedCall(fn as Fn, () => (outcome, error) => outcome === Outcome.failed && failed(error)),
      ),
      ...rest,
    ];
  }

  function suiteFunction(fn: Fn, name: string): Fn {
    return like(fn, function (this: unknown, ...args: unknown[]) {
      prefix.push(name);
      try {
        return below(() => natives.apply(fn, this, args as never));
      } finally {
        prefix.pop();
      }
    });
  }

  function testFunction(fn: Fn, running: Running, place: Place | undefined, parent: Running | undefined): Fn {
    return like(
      fn,
      watchedCall(fn, (args) => {
        const key = {};
        guard(() => {
          cases.begin(key, running.name, filePath(place?.file) ?? '', place?.line);
          wrapContext(args[0], running);
        });
        const end = (outcome: number, error: unknown): void => {
          const below = outcome === Outcome.passed ? running.failed : undefined;
          if (below) return end(Outcome.failed, below.error);
          if (parent && outcome === Outcome.failed) parent.failed ??= { error };
          guard(() => cases.end(key, outcome, error));
        };
        return end;
      }),
    );
  }

  /** Calls a test's or a hook's function, and says how it ended: by its return, its promise or its callback. */
  function watchedCall(fn: Fn, start: (args: readonly unknown[]) => (outcome: number, error: unknown) => void): Fn {
    return function (this: unknown, ...args: unknown[]) {
      const end = start(args);
      const [context, done] = args;
      const handed = typeof done === 'function' ? [context, like(done as Fn, finish)] : args;
      function finish(this: unknown, ...results: unknown[]): unknown {
        end(results[0] ? Outcome.failed : Outcome.passed, results[0] ?? undefined);
        return natives.apply(done as Fn, this, results as never);
      }
      let result: unknown;
      try {
        result = below(() => natives.apply(fn, this, handed as never));
      } catch (error) {
        end(Outcome.failed, error);
        throw error;
      }
      if (result instanceof Promise) return ending(result, end);
      if (typeof done !== 'function') end(Outcome.passed, undefined);
      return result;
    };
  }

  /** `t.test` makes tests too. */
  function wrapContext(context: unknown, running: Running): void {
    if (typeof context === 'object' && context !== null) contexts.set(context, running);
    const prototype =
      typeof context === 'object' && context !== null ? (Object.getPrototypeOf(context) as object) : null;
    const descriptor = prototype && Object.getOwnPropertyDescriptor(prototype, 'test');
    if (!prototype || typeof descriptor?.value !== 'function' || !descriptor.configurable) return;
    const original = descriptor.value as Fn;
    if (ours.has(original)) return;
    const { test } = {
      test(this: unknown, ...args: unknown[]): unknown {
        const place = callerPlace();
        const parent = typeof this === 'object' && this !== null ? contexts.get(this) : undefined;
        return call(original, this, watched(args, 'test', place, parent), place);
      },
    };
    ours.add(test);
    Object.defineProperty(prototype, 'test', { ...descriptor, value: disguise(test, original) });
  }

  const ours = new WeakSet<object>();
  return () => (wrapped ??= wrap(requireTest() as Fn, 'test'));
}

function isHook(kind: Kind): kind is When {
  return kind.includes(' ');
}

function skips(args: readonly unknown[]): boolean {
  const options = args.find((value) => typeof value === 'object' && value !== null);
  return Boolean(options && Object.getOwnPropertyDescriptor(options, 'skip')?.value);
}

const { then } = Promise.prototype;

/** V8 follows a promise to what awaits it only where one does: nothing else may wait for the test's own. */
function ending(test: Promise<unknown>, end: (outcome: number, error: unknown) => void): unknown {
  return natives.apply(then, test, [
    (value: unknown) => (end(Outcome.passed, undefined), value),
    (error: unknown) => {
      end(Outcome.failed, error);
      throw error;
    },
  ]);
}

function requireTest(): unknown {
  return Module.createRequire(`${process.execPath}`)('node:test');
}

function like(original: Fn, replacement: Fn): Fn {
  for (const key of ['name', 'length'] as const) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor) Object.defineProperty(replacement, key, descriptor);
  }
  return replacement;
}

/** Where the program calls; in the columns that the developer wrote (stack-traces.ts corrects frames). */
function callerPlace(): Place | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 5;
    Error.prepareStackTrace = (_error, frames) => frames;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder);
    const [frame] = holder.stack as NodeJS.CallSite[];
    const [file, line, column] = [frame?.getFileName(), frame?.getLineNumber(), frame?.getColumnNumber()];
    return file && line && column ? { file, line, column } : undefined;
  } catch {
    return undefined;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
