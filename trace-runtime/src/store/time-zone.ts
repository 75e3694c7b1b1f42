/** The time zone that the recorded program ran in. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** undefined where the recording does not tell */
export function timeZoneOf({ folder }: { readonly folder: string }): string | undefined {
  try {
    const { timeZone } = JSON.parse(readFileSync(path.join(folder, 'environment.json'), 'utf8')) as {
      readonly timeZone?: unknown;
    };
    // what is no name of a zone would be Coordinated Universal Time to Node
    return typeof timeZone === 'string' && /^[\w+/-]{1,64}$/.test(timeZone) ? timeZone : undefined;
  } catch {
    return undefined;
  }
}
