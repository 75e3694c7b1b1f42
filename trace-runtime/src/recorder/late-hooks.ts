/**
 * Before Node 22.15 nothing of a program's loading of ES modules is hooked until it may load its first one: as its main
 * file, or by an `import(` in code it compiles. Where the program brings load hooks of its own, modules are loaded on a
 * thread of Node's, which costs tens of milliseconds and is then there in any case.
 */
import { natives } from './natives.ts';
import { packageType } from './package-type.ts';

export interface LateHooks {
  /** true until the hooks are in place */
  readonly pending: boolean;
  /** to be called with each text that is compiled */
  compiling(source: string): void;
}

/** `start` puts the hooks in place. */
export function lateHooks(start: () => void): LateHooks {
  const late = {
    pending: true,
    compiling(source: string): void {
      if (late.pending && source.includes('import(')) begin();
    },
  };
  function begin(): void {
    late.pending = false;
    start();
  }
  if (mayStartWithModule(process.argv[1], flags())) begin();
  return late;
}

/** Flags by which modules are loaded on another thread, or their sources are not what this thread reads. */
const HOOKING_FLAGS = /^--(?:loader|experimental-loader|experimental-default-type|experimental-policy)\b/;
const MODULE_FLAGS = /^--(?:import|input-type)\b/;

/** Whether Node is told to load modules as only hooks on that thread can see. */
export function hasHookingFlags(): boolean {
  return flags().some((flag) => HOOKING_FLAGS.test(flag));
}

function flags(): readonly string[] {
  return [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
}

/** Whether Node begins with an ES module, or loads one before the main file. In doubt true. */
function mayStartWithModule(main: string | undefined, given: readonly string[]): boolean {
  if (given.some((flag) => MODULE_FLAGS.test(flag))) return true;
  const evaluated = (process as unknown as { _eval?: string })._eval;
  if (typeof evaluated === 'string') return evaluated.includes('import');
  if (!main || !natives.exists(main)) return true;
  if (/\.m[jt]s$/.test(main)) return true;
  return !/\.c[jt]s$/.test(main) && packageType(realPath(main)) === 'module';
}

function realPath(file: string): string {
  try {
    return natives.realpath(file);
  } catch {
    return file;
  }
}
