/** A call log without the calls of some functions: what these called stands where they did. */
import { CallLog, NONE } from './call-log.ts';

/** `sites`: of the functions' first ops. The log itself where none of them was called. Calls keep their serials. */
export function callsWithout(log: CallLog, sites: ReadonlySet<number>): CallLog {
  if (sites.size === 0) return log;
  let count = 0;
  for (let span = 0; span < log.count; span++) if (!sites.has(log.site[span]!)) count++;
  if (count === log.count) return log;
  const columns = {
    enter: new Uint32Array(count),
    exit: new Uint32Array(count),
    depth: new Uint16Array(count),
    site: new Uint32Array(count),
    serial: new Uint32Array(count),
    parent: new Uint32Array(count).fill(NONE),
    flags: new Uint8Array(count),
  };
  const first = new Uint32Array(log.calls + 1).fill(NONE);
  /** by span of the log: the row that stands for it, which is its caller's where it is left out */
  const rows = new Uint32Array(log.count);
  let deepest = 0;
  let row = 0;
  for (let span = 0; span < log.count; span++) {
    const above = log.parentOf(span);
    const parent = above < 0 ? NONE : rows[above]!;
    if (sites.has(log.site[span]!)) {
      rows[span] = parent;
      continue;
    }
    const depth = parent === NONE ? 0 : Math.min(columns.depth[parent]! + 1, log.deepest);
    rows[span] = row;
    columns.enter[row] = log.enter[span]!;
    columns.exit[row] = log.exit[span]!;
    columns.depth[row] = depth;
    columns.site[row] = log.site[span]!;
    columns.serial[row] = log.serial[span]!;
    columns.parent[row] = parent;
    columns.flags[row] = log.flags[span]!;
    if (depth > deepest) deepest = depth;
    if (!log.isResumed(span)) first[log.serial[span]!] = row;
    row++;
  }
  return new CallLog({ ...columns, count, calls: log.calls, deepest, first });
}
