/**
 * Where load hooks need a thread of their own (before Node 22.15), starting it costs a program tens of milliseconds. It
 * is started when the program may load its first ES module: as its main file, or by an `import(` in code it compiles.
 */
import { natives } from './natives.ts';

export interface LateHooks {
  /** true until the hooks are in place */
  readonly pending: boolean;
  /** to be called with each text that is compiled */
  compiling(source: string): void;
  /** puts the hooks in place, if they are not */
  start(): void;
}

export function lateHooks(register: () => void): LateHooks {
  const late = {
    pending: true,
    compiling(source: string): void {
      if (late.pending && source.includes('import(')) late.start();
    },
    start(): void {
      if (!late.pending) return;
      late.pending = false;
      register();
    },
  };
  if (mayStartWithModule(process.argv[1], process.execArgv, process.env.NODE_OPTIONS ?? '')) late.start();
  return late;
}

const MODULE_FLAGS = /^--(?:import|loader|experimental-loader|input-type|experimental-default-type)\b/;

/** Whether Node begins with an ES module, or loads one before the main file. In doubt true. */
export function mayStartWithModule(
  main: string | undefined,
  execArgv: readonly string[],
  nodeOptions: string,
): boolean {
  const flags = [...execArgv, ...nodeOptions.split(/\s+/)];
  if (flags.some((flag) => MODULE_FLAGS.test(flag))) return true;
  const evaluated = (process as unknown as { _eval?: string })._eval;
  if (typeof evaluated === 'string') return evaluated.includes('import');
  if (!main || !natives.exists(main)) return true;
  if (/\.m[jt]s$/.test(main)) return true;
  return !/\.c[jt]s$/.test(main) && packageType(realPath(main)) === 'module';
}

function packageType(file: string): string | undefined {
  for (let folder = natives.dirname(file); ; folder = natives.dirname(folder)) {
    try {
      const { type } = JSON.parse(natives.readFile(natives.join(folder, 'package.json'), 'utf8')) as { type?: string };
      return type;
    } catch {
      if (natives.dirname(folder) === folder) return undefined;
    }
  }
}

function realPath(file: string): string {
  try {
    return natives.realpath(file);
  } catch {
    return file;
  }
}
