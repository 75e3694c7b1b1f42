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
