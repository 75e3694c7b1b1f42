/** Where Hindcast's own programs lie: beside the bundle that runs, or in `dist` where the sources run. */
import { natives } from './natives.ts';

export interface OwnFiles {
  readonly folder: string;
  readonly preload: string;
  readonly asyncHooks: string;
  readonly instrumenter: string;
  readonly sidecar: string;
  /** answers a rerun's program from a recording */
  readonly serving: string;
  readonly helper: string;
}

export function ownFiles(folder: string): OwnFiles {
  const at = (name: string): string => natives.join(folder, name);
  return {
    folder,
    preload: at('preload.cjs'),
    asyncHooks: at('async-hooks.mjs'),
    instrumenter: at('instrument-server.cjs'),
    sidecar: at('sidecar.cjs'),
    serving: at('serve.cjs'),
    helper: at('helper.node'),
  };
}

/** The nearest folder upwards that holds a package.json, or one further up that has it as a workspace; else `from`. */
export function projectRoot(from: string): string {
  let nearest: string | undefined;
  for (let folder = from; ; folder = natives.dirname(folder)) {
    const text = readText(natives.join(folder, 'package.json'));
    if (text !== undefined) {
      nearest ??= folder;
      if (/"workspaces"\s*:/.test(text)) return folder;
    }
    if (natives.dirname(folder) === folder) return nearest ?? from;
  }
}

function readText(file: string): string | undefined {
  try {
    return natives.readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
