/**
 * Where a program measures V8's coverage, it sees that of its own text: what Node writes for NODE_V8_COVERAGE is corrected
 * on disk, and what test runners ask the inspector for as it comes.
 */
import fs from 'node:fs';
import type { CoverageMap, ScriptCoverage, SourceMapEntry } from './coverage-map.ts';
import { natives } from './natives.ts';

type Callable = (...values: never[]) => unknown;
export type Disguise = <T extends object>(replacement: T, original: object) => T;

interface Written {
  result: ScriptCoverage[];
  readonly 'source-map-cache'?: Readonly<Record<string, SourceMapEntry>>;
}

const { readdirSync: list, openSync: open, closeSync: close } = fs;

/**
 * For a program that was started with NODE_V8_COVERAGE: to be called when its last code has run. Node would write the
 * coverage after that. So it is asked for now and corrected on disk, and then stopped; the complaint that Node makes of
 * that, the last words of a program, goes nowhere.
 */
export function coverageAtEnd(map: CoverageMap, folder: string): () => void {
  const { takeCoverage, stopCoverage } = process.getBuiltinModule('node:v8');
  const own = (): string[] =>
    natives.exists(folder) ? list(folder).filter((name) => name.startsWith(`coverage-${process.pid}-`)) : [];
  return () => {
    const before = new Set(own());
    takeCoverage();
    const written = own().filter((name) => !before.has(name));
    if (written.length === 0) return;
    for (const name of written) correct(map, natives.join(folder, name));
    stopCoverage();
    close(2);
    open('/dev/null', 'w');
  };
}

function correct(map: CoverageMap, file: string): void {
  const written = JSON.parse(natives.readFile(file, 'utf8')) as Written;
  map.scripts(written.result);
  map.sourceMaps(written['source-map-cache'] ?? {});
  natives.writeFile(file, JSON.stringify(written));
}

const ASKED: ReadonlySet<unknown> = new Set(['Profiler.takePreciseCoverage', 'Profiler.getBestEffortCoverage']);

interface SessionClass {
  readonly prototype: { post: Callable };
}

/** Sessions of the inspector, with callbacks and with promises, from the first call of the result on. */
export function inspectorCorrection(map: CoverageMap, disguise: Disguise): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    correctInspector(map, disguise);
  };
}

function correctInspector(map: CoverageMap, disguise: Disguise): void {
  const load = process.getBuiltinModule as (name: string) => { readonly Session: SessionClass } | undefined;
  const plain = load('node:inspector')?.Session;
  const promised = load('node:inspector/promises')?.Session;
  if (plain) replacePost(plain, disguise, (post) => withCallback(map, post));
  if (promised) replacePost(promised, disguise, (post) => withPromise(map, post));
}

function replacePost({ prototype }: SessionClass, disguise: Disguise, make: (post: Callable) => Callable): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'post');
  const post: unknown = descriptor?.value;
  if (typeof post !== 'function') return;
  Object.defineProperty(prototype, 'post', { ...descriptor, value: disguise(make(post as Callable), post) });
}

function withCallback(map: CoverageMap, original: Callable): Callable {
  return {
    post(this: unknown, method: unknown, parameters: unknown, callback: unknown): unknown {
      const last = typeof parameters === 'function' ? parameters : callback;
      if (!ASKED.has(method) || typeof last !== 'function')
        return natives.apply(original, this, [method, parameters, callback] as never);
      const answer = (error: unknown, result: unknown): unknown =>
        natives.apply(last as Callable, undefined, [error, corrected(map, result)] as never);
      const rest = typeof parameters === 'function' ? [answer] : [parameters, answer];
      return natives.apply(original, this, [method, ...rest] as never);
    },
  }.post as Callable;
}

function withPromise(map: CoverageMap, original: Callable): Callable {
  return {
    post(this: unknown, method: unknown, ...rest: unknown[]): unknown {
      const answer = natives.apply(original, this, [method, ...rest] as never);
      return ASKED.has(method) && answer instanceof Promise ? answer.then((result) => corrected(map, result)) : answer;
    },
  }.post as Callable;
}

function corrected(map: CoverageMap, result: unknown): unknown {
  const scripts = (result as { readonly result?: unknown } | undefined)?.result;
  if (Array.isArray(scripts)) map.scripts(scripts as ScriptCoverage[]);
  return result;
}
