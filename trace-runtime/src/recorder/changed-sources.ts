/** A rerun that tries a change: the text that is about to be instrumented gives way to the changed one. */
import { CHANGED_FILE, CHANGES_FILE, type ChangedSource } from '../model/recorded-world.ts';
import { natives, tryRead } from './natives.ts';

/** The text to take instead of that of a file; the same where nothing is changed in it. */
export type ChangeSource = (path: string, source: string) => string;

/** `scratch`: the folder of the rerun's world; undefined where this is none. */
export function changedSources(scratch: string | undefined): ChangeSource {
  const text = scratch === undefined ? undefined : tryRead(natives.join(scratch, CHANGES_FILE))?.toString('utf8');
  if (scratch === undefined || text === undefined) return (_, source) => source;
  const changes = JSON.parse(text) as readonly ChangedSource[];
  return (path, source) => {
    const change = changes.find((each) => each.path === path && each.before === source);
    if (!change) return source;
    natives.writeFile(natives.join(scratch, CHANGED_FILE), '', { mode: 0o600 });
    return change.after;
  };
}
