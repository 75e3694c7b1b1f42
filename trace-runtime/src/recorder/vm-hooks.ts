/**
 * Code that test runners compile by `node:vm`: jest by compileFunction and SourceTextModule, vitest by runInThisContext
 * and runInContext. A context gets the recorder's hooks before the first instrumented code runs in it.
 */
import vm from 'node:vm';
import type { Disguises } from './disguise.ts';
import { filePath, type Loader } from './loader.ts';
import { natives } from './natives.ts';
import type { Realms } from './realms.ts';

type Fn = (...args: never[]) => unknown;
type Options = {
  filename?: string;
  lineOffset?: number;
  columnOffset?: number;
  parsingContext?: object;
  identifier?: string;
};

/**
 * `first`: runs before the first code that is instrumented here. Then a test runner is at work. `running`: has code run that
 * is not instrumented, in the context, or in this one.
 */
export function installVmHooks(
  given: Loader,
  realms: Realms,
  disguises: Disguises,
  first: () => void,
  running: <T>(contexts: readonly object[], work: () => T) => T,
): void {
  const { disguise } = disguises;
  const { apply, construct } = natives;
  let begun = false;
  const loader: Omit<Loader, 'transformText'> = {
    wants: given.wants,
    transform(source, name, goal, offsets) {
      const text = given.transform(source, name, goal, offsets);
      if (!begun && text !== source) {
        begun = true;
        first();
      }
      return text;
    },
  };
  /** scripts with hooks in them: the contexts that they run in need the hooks */
  const instrumented = new WeakSet<object>();
  const script = (code: unknown, options: unknown): unknown => {
    const { filename, lineOffset, columnOffset } = read(options);
    if (!loader.wants(filename)) return code;
    return loader.transform(String(code), filename, 'script', { line: lineOffset ?? 0, column: columnOffset ?? 0 });
  };

  const { Script, compileFunction, createContext, runInThisContext, runInContext, runInNewContext } = vm;
  const exports = vm as unknown as Record<string, unknown>;
  const replace = (name: string, original: Fn, replacement: Fn): void => {
    exports[name] = disguise(replacement, original);
  };

  replace(
    'createContext',
    createContext,
    {
      createContext(this: unknown, ...args: unknown[]) {
        const context = apply(createContext, this, args as never) as object;
        realms.addClocks(context);
        return context;
      },
    }.createContext as Fn,
  );
  replace(
    'compileFunction',
    compileFunction,
    {
      compileFunction(this: unknown, code: unknown, parameters: unknown, options: unknown, ...rest: unknown[]) {
        const { filename, lineOffset, columnOffset, parsingContext } = read(options);
        let text = code;
        if (typeof code === 'string' && filePath(filename) === undefined && !parsingContext) {
          text = given.transformText(code, 'function', filename ?? '', {
            line: lineOffset ?? 0,
            column: columnOffset ?? 0,
          });
        } else if (typeof code === 'string' && loader.wants(filename)) {
          if (parsingContext) realms.addContext(parsingContext);
          text = loader.transform(code, filename, 'function', { line: lineOffset ?? 0, column: columnOffset ?? 0 });
        }
        return apply(compileFunction, this, [text, parameters, options, ...rest] as never);
      },
    }.compileFunction as Fn,
  );
  replace(
    'runInThisContext',
    runInThisContext,
    {
      runInThisContext(this: unknown, code: unknown, options: unknown) {
        return apply(runInThisContext, this, [script(code, options), options] as never);
      },
    }.runInThisContext as Fn,
  );
  replace(
    'runInContext',
    runInContext,
    {
      runInContext(this: unknown, code: unknown, context: object, options: unknown) {
        if (loader.wants(read(options).filename) && isContext(context)) realms.addContext(context);
        return apply(runInContext, this, [script(code, options), context, options] as never);
      },
    }.runInContext as Fn,
  );
  replace(
    'runInNewContext',
    runInNewContext,
    {
      runInNewContext(this: unknown, code: unknown, sandbox: object | undefined, options: unknown) {
        if (!loader.wants(read(options).filename))
          return apply(runInNewContext, this, [code, sandbox, options] as never);
        return apply(runInNewContext, this, [prepared(code, options), sandbox, options] as never);
      },
    }.runInNewContext as Fn,
  );

  /** A new context has no hooks: its code runs as it is. */
  function prepared(code: unknown, _options: unknown): unknown {
    return code;
  }

  const prototype = Script.prototype as unknown as Record<string, Fn>;
  const runScript = prototype.runInContext as Fn;
  prototype.runInContext = disguise(
    {
      runInContext(this: unknown, context: object, ...rest: unknown[]) {
        if (!isContext(context)) return apply(runScript, this, [context, ...rest] as never);
        // one that `runInNewContext` has just made, too
        if (instrumented.has(this as object)) {
          realms.addContext(context);
          return apply(runScript, this, [context, ...rest] as never);
        }
        realms.addClocks(context);
        return running([context], () => apply(runScript, this, [context, ...rest] as never));
      },
    }.runInContext as Fn,
    runScript,
  );
  const runScriptHere = prototype.runInThisContext as Fn;
  prototype.runInThisContext = disguise(
    {
      runInThisContext(this: unknown, ...args: unknown[]) {
        if (instrumented.has(this as object)) return apply(runScriptHere, this, args as never);
        return running([], () => apply(runScriptHere, this, args as never));
      },
    }.runInThisContext as Fn,
    runScriptHere,
  );
  exports.Script = disguise(
    new Proxy(Script, {
      construct(target, [code, options, ...rest], newTarget) {
        const text = script(code, options);
        const made = construct(
          target,
          [text, options, ...rest],
          newTarget === vm.Script ? target : newTarget,
        ) as object;
        if (text !== code) instrumented.add(made);
        return made;
      },
    }),
    Script,
  );
  (Script.prototype as { constructor: unknown }).constructor = vm.Script;

  const SourceTextModule = exports.SourceTextModule as (new (...args: unknown[]) => object) | undefined;
  if (SourceTextModule) {
    exports.SourceTextModule = disguise(
      new Proxy(SourceTextModule, {
        construct(target, [code, options, ...rest], newTarget) {
          const { identifier, lineOffset, columnOffset, context } = read(options) as Options & { context?: object };
          let text = code as unknown;
          if (typeof code === 'string' && loader.wants(identifier)) {
            if (context) realms.addContext(context);
            text = loader.transform(code, identifier, 'module', { line: lineOffset ?? 0, column: columnOffset ?? 0 });
          }
          return construct(
            target,
            [text, options, ...rest],
            newTarget === exports.SourceTextModule ? target : newTarget,
          ) as object;
        },
      }),
      SourceTextModule,
    );
  }
}

function read(options: unknown): Options {
  if (typeof options === 'string') return { filename: options };
  return typeof options === 'object' && options !== null ? (options as Options) : {};
}

function isContext(value: unknown): value is object {
  return typeof value === 'object' && value !== null && natives.isContext(value);
}
