/** Both sides of loading ES modules on another thread: what it is told, and how it tells which file was loaded. */
import type { RecordOptions } from '../model/record-options.ts';
import type { LoadedFile } from './loaded-files.ts';
import { natives } from './natives.ts';

export interface AsyncHooksData {
  readonly cache: string;
  readonly version: string;
  readonly level: 'full' | 'light';
  readonly node: string;
  readonly instrumenter: string;
  /** of a recording at level light: its spool */
  readonly spool: string | undefined;
  readonly options: Pick<RecordOptions, 'root' | 'deps' | 'include' | 'exclude'>;
  readonly extra: { readonly roots: readonly string[]; readonly own: readonly string[] };
  readonly environment: NodeJS.ProcessEnv;
  /** of a rerun */
  readonly scratch: string | undefined;
  /** shared: the next base */
  readonly bases: Int32Array;
}

interface Announced extends Pick<LoadedFile, 'base' | 'ops' | 'key' | 'path'> {
  /** as in a `file` record */
  readonly how: number;
}

const NAME = '__hcFile';

export function fileImport(file: Announced): string {
  const call = `${NAME}(${JSON.stringify(JSON.stringify(file))})`;
  return `import"data:text/javascript,${encodeURIComponent(call).replaceAll("'", '%27')}";`;
}

/** Defines the function that such an import calls; once a thread. */
export function receiveFiles(loaded: (file: Announced & Pick<LoadedFile, 'prefix'>) => void): void {
  const define = natives.runInThisContext(`let ${NAME};(f)=>{${NAME}=f}`) as (f: (text: string) => void) => void;
  define((text) => {
    const file = JSON.parse(text) as Announced;
    loaded({ ...file, prefix: fileImport(file).length });
  });
}
