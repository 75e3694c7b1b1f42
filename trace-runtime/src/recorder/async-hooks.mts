/**
 * Load hooks for Node versions whose hooks run on a thread of their own (before 22.15). The instrumented module begins
 * with an import that tells the program's thread which file its control words belong to, before any of its code runs.
 */
import { openCache } from './cache.ts';
import { changedSources } from './changed-sources.ts';
import { fileImport, type AsyncHooksData } from './async-loading.ts';
import { instrumentClient } from './instrument-client.ts';
import { countBases, createLoader, type Loader } from './loader.ts';
import { loadedFiles } from './loaded-files.ts';
import { tellPlainFiles } from './plain-files.ts';
import { selectFiles } from '../model/file-selection.ts';

interface LoadResult {
  readonly format?: string | null;
  readonly source?: string | ArrayBuffer | Uint8Array | null;
}
type NextLoad = (url: string, context: unknown) => Promise<LoadResult>;

let loader: Loader | undefined;
/** what the last transformed file has to say to the program's thread */
let prefix = '';

export function initialize(data: AsyncHooksData): void {
  const cache = openCache(data.cache, data.version, data.level);
  const { environment } = data;
  loader = createLoader({
    selection: selectFiles(data.options, data.extra),
    cache,
    client: instrumentClient({ ...data, script: data.instrumenter, cache, environment: () => environment }),
    files: loadedFiles(cache),
    bases: countBases(data.bases),
    changed: changedSources(data.scratch),
    announce: (base, ops, key, path, how) => {
      prefix = fileImport({ base, ops, key, path, how });
    },
    ...(data.spool === undefined ? {} : { plain: tellPlainFiles(data.spool) }),
    ledger: () => undefined,
    quietly: (work) => work(),
  });
}

/** being loaded by the program's tools, below an outer one of these hooks */
const inside = new Set<string>();

/** Registered again behind every hook of the program's tools; only the outermost, which sees what they made, counts. */
export async function load(url: string, context: unknown, next: NextLoad): Promise<LoadResult> {
  if (inside.has(url)) return next(url, context);
  inside.add(url);
  try {
    return instrumented(url, await next(url, context));
  } finally {
    inside.delete(url);
  }
}

function instrumented(url: string, result: LoadResult): LoadResult {
  if (!loader?.wants(url) || !result.source || !result.format?.startsWith('module')) return result;
  const source =
    typeof result.source === 'string' ? result.source : Buffer.from(result.source as ArrayBuffer).toString('utf8');
  prefix = '';
  const code = loader.transform(source, url, 'module');
  if (code === source) return result;
  // A hashbang has to stay first; an import that stands last is evaluated before the module's body all the same.
  return { ...result, source: code.startsWith('#!') ? `${code}\n${prefix}` : prefix + code };
}
