/** What V8 compiles is kept for the next process: compiling takes longer than many a command. Not on Node 20, which cannot. */
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';

const { enableCompileCache } = module as unknown as { enableCompileCache?: (folder: string) => unknown };

/** `name`: of the program, since Node keeps of a file what was compiled by the first that loads it. */
export function keepCompiledCode(name = '', cache: string = path.join(os.homedir(), '.cache', 'hindcast')): void {
  enableCompileCache?.(path.join(cache, 'code', name));
}
