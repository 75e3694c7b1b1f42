/** Files with nothing to record in them, such as those that only export what others do: the sidecar keeps them, too. */
import { PLAIN_FILE } from '../wire/spool.ts';
import { natives } from './natives.ts';

/** To be told of each that is loaded. `spool`: of the recording. */
export function tellPlainFiles(spool: string): (path: string) => void {
  const told = new Set<string>();
  return (path) => {
    if (told.has(path)) return;
    told.add(path);
    natives.appendFile(natives.join(spool, PLAIN_FILE), `${path}\n`, { mode: 0o600 });
  };
}
