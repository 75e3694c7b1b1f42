import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readSidecarLock } from '../death/sidecar-pid.ts';
import { collect, json, project, recordingOf, run, start } from './kit.ts';

const busy = (calls: number): string => `let sum = 0;
function add(value) { return sum += value; }
for (let i = 0; i < ${calls}; i++) add(i & 7);
console.log(sum);
`;
/** calls after which each transport has no room left */
const WAYS = [
  [1.6e6, []],
  [4e6, ['--portable']],
] as const;

interface Info {
  readonly problems: readonly unknown[];
  readonly streams: readonly { readonly counts: { readonly boundary: number } }[];
}

/** The program then waits in the middle of records, and looks whether its sidecar lives. */
test.each(WAYS)(
  'a sidecar that stands still for a while leaves the stream as it is: %i calls %j',
  async (calls, how) => {
    const cwd = project({ 'busy.js': busy(calls) });
    const recordings = path.join(cwd, '.hindcast', 'recordings');
    const child = start(cwd, 'record', ...how, '--', 'node', 'busy.js');
    const ending = collect(child);
    const pid = await sidecarOf(recordings);
    process.kill(pid, 'SIGSTOP');
    await sleep(2500);
    process.kill(pid, 'SIGCONT');
    const ended = await ending;
    expect(ended).toMatchObject({ status: 0, stdout: `${(calls / 8) * 28}\n` });
    const info = json<Info>(run(cwd, 'info', recordingOf(ended), '--json'));
    expect(info.problems).toEqual([]);
    expect(info.streams[0]?.counts.boundary).toBeLessThan(10);
  },
);

async function sidecarOf(recordings: string): Promise<number> {
  for (;;) {
    const [id] = listOf(recordings);
    const pid = id === undefined ? undefined : readSidecarLock(path.join(recordings, id));
    if (pid !== undefined) return pid;
    await sleep(10);
  }
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}
