/**
 * Messages of several threads and processes, in the order that they had: one that comes before its turn waits a while for
 * those before it. Where these do not come the code is another one, and from then on each comes when it comes.
 */
import { AsyncResource } from 'node:async_hooks';
import { atOnce, type Arrivals } from '../arrivals.ts';

const after = setTimeout;
/** What takes longer has become another thing. */
const PATIENCE_MS = 1000;

interface Waiting {
  readonly key: string;
  readonly deliver: () => void;
}

/** `recorded`: keys of messages of the thread, in order. */
export function keepOrder(recorded: readonly string[]): Arrivals {
  const known = new Set(recorded);
  const waiting: Waiting[] = [];
  let isGivenUp = known.size < 2;
  let turn = 0;

  function goOn(): void {
    for (let at: number; (at = waiting.findIndex(({ key }) => isDue(key))) >= 0;) {
      const [{ key, deliver }] = waiting.splice(at, 1) as [Waiting];
      take(key);
      deliver();
    }
  }

  function isDue(key: string): boolean {
    return isGivenUp || turn >= recorded.length || recorded[turn] === key || !known.has(key);
  }

  function take(key: string): void {
    if (recorded[turn] === key) turn++;
  }

  /** `at`: where it stood a while ago */
  function look(at: number): void {
    if (waiting.length === 0) return;
    if (turn !== at) return watch();
    isGivenUp = true;
    goOn();
  }

  function watch(): void {
    const at = turn;
    after(() => look(at), PATIENCE_MS);
  }

  return {
    ...atOnce,
    arrive(key, deliver) {
      if (isDue(key) && !waiting.some((each) => each.key === key)) {
        take(key);
        deliver();
        return goOn();
      }
      waiting.push({ key, deliver: AsyncResource.bind(deliver) });
      if (waiting.length === 1) watch();
    },
  };
}
