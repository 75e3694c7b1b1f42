/**
 * Reading older formats. `upgraders[n]` turns a footer of version n into one of version n + 1; a change of the stored
 * format adds one here, an entry to the changelog and a fixture recording of the version it leaves behind. What stands
 * in the words themselves is upgraded by the reader that decodes them, by the segment's version.
 *
 * Version 1 is the first: nothing to upgrade.
 */
import { FOOTER_VERSION, type SegmentFooter } from './footer.ts';

type Upgrader = (footer: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

const upgraders: ReadonlyMap<number, Upgrader> = new Map();

/** undefined where the footer is newer than this code, or no path leads from its version to ours */
export function upgradeFooter(footer: SegmentFooter): SegmentFooter | undefined {
  let current: Readonly<Record<string, unknown>> = { ...footer };
  while (current.version !== FOOTER_VERSION) {
    const upgrade = upgraders.get(Number(current.version));
    if (!upgrade) return undefined;
    current = upgrade(current);
  }
  return current as unknown as SegmentFooter;
}
