/** SIGKILL at random moments: how much of what the program had counted is in the recording. */
import { rmSync } from 'node:fs';
import { lagOf, openCounted, programPid, readLines, sleep, startRecorded, until } from './kit.ts';

export const WAYS = ['busy', 'timers', 'ticks', 'still', 'slowing'] as const;
const TRANSPORTS = ['ring', 'portable'] as const;
const LATEST_MS = 500;
const AT_ONCE = 2;

export interface Kill {
  readonly name: string;
  readonly way: string;
  readonly transport: string;
  /** milliseconds after the first line */
  readonly after: number;
  readonly lag: number;
  readonly counted: number;
  /** why the recording is no good; undefined where it is */
  readonly fault: string | undefined;
}

export async function killMany(
  folder: string,
  kills: number,
  seed: number,
  told: (kill: Kill) => void,
): Promise<readonly Kill[]> {
  const random = generator(seed);
  const plan = Array.from({ length: kills }, (_, index) => ({
    name: `kill-${index}`,
    way: WAYS[index % WAYS.length]!,
    transport: TRANSPORTS[Math.floor(index / WAYS.length) % TRANSPORTS.length]!,
    after: random() * LATEST_MS,
  }));
  const results: Kill[] = [];
  const next = plan.values();
  async function work(): Promise<void> {
    for (const each of next) {
      const kill = await killOne(folder, each);
      results.push(kill);
      told(kill);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

type Planned = Pick<Kill, 'name' | 'way' | 'transport' | 'after'>;

async function killOne(folder: string, planned: Planned): Promise<Kill> {
  const { name, way, transport, after } = planned;
  const running = startRecorded({
    folder,
    name,
    program: 'count.cjs',
    args: [way],
    portable: transport === 'portable',
  });
  await until(() => readLines(running.lines)[0]);
  await sleep(after);
  process.kill(programPid(running.store)!, 'SIGKILL');
  const ended = await running.ended;
  const lines = readLines(running.lines);
  try {
    const { count, problems, recording } = openCounted(running.store);
    const died = recording.ledger.some(({ kind }) => kind === 'died');
    const fault =
      ended.signal !== 'SIGKILL'
        ? `record ended with ${ended.signal ?? ended.code}`
        : problems > 0
          ? `${problems} problems`
          : died
            ? undefined
            : 'the ledger does not say that the program was killed';
    if (fault === undefined)
      for (const each of [running.store, running.lines]) rmSync(each, { recursive: true, force: true });
    return { ...planned, lag: lagOf(lines, count), counted: lines.at(-1)?.count ?? 0, fault };
  } catch (error) {
    return { ...planned, lag: Infinity, counted: lines.at(-1)?.count ?? 0, fault: String(error) };
  }
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
