/**
 * The order in which things reached the program, kept: what comes before its turn waits, a timer runs when its turn has
 * come and not when its time has. Each gets a turn of the event loop to itself, as it had.
 */
import { AsyncResource } from 'node:async_hooks';
import { arrivalKey, LOOP_END } from '../../model/recorded-world.ts';
import type { WindowJump } from '../../model/window-mark.ts';
import type { Arrivals, Firing, Player } from '../arrivals.ts';

const later = setImmediate;
const every = setInterval;
const stopEvery = clearInterval;
const { apply } = Reflect;
const { then } = Promise.prototype;
const NewPromise = Promise;
const resolved = Promise.resolve();
/** Keys of messages of which Node reads several at once. */
const BETWEEN_PROCESSES = /^(?:message\.in (?:child |parent)|cluster\.in )/;
/** The longest delay that a timer takes. */
const NEVER = 2 ** 31 - 1;
const { pid } = process;
const sendSignal = process.kill.bind(process);
const LOOK_MS = 50;
/** Looks after which a signal that was recorded has to come from here. */
const SIGNAL_LOOKS = 4;
/** Begins the key of what is no arrival: `WindowJump` follows. */
const JUMP = 'jump ';
const IMMEDIATE = arrivalKey('immediate', '');
const LOOP_ENDS = arrivalKey(LOOP_END, '');
/** Looks after which something of ours keeps the event loop going, and its end is played. */
const EXIT_LOOKS = 60;
/** In the place of what came before its turn. */
const CAME = '';
/** Looks without anything having come, after which the order is given up. */
const PATIENCE = 100;
/** The same, where something cannot come. */
const LITTLE_PATIENCE = 20;
/** Looks after which a child that was killed does not end by itself. */
const END_LOOKS = 70;
/** Looks after which what has come is not kept any longer for ticks that were before it. */
const TICK_PATIENCE = 20;
/** Looks after which what is left of a tick is not held any longer: what comes next may come of it. */
const LEFT_LOOKS = 4;
/** How often what has come waits for a turn of the event loop, before it waits for a look. */
const MOST_TURNS = 30;

interface Waiting {
  readonly key: string;
  readonly resource: AsyncResource;
  readonly deliver: () => void;
  readonly isPromise: boolean;
}

/** After what Node has queued of its own, which has no turn here. */
function soon(work: () => void): void {
  later(() => later(() => later(work)));
}

/** The program itself has brought it about, just now. */
function isAborted(value: unknown): boolean {
  return value instanceof Error && value.name === 'AbortError';
}

export interface TurnsTold {
  /** what was waited for did not come; `at`: how many had come before it */
  gaveUp(key: string, at: number): void;
  /** A child's end is waited for, and nothing else comes. */
  late(): void;
  /** Something is delivered, or none of it comes soon. */
  comes(): void;
  /** all has come, or the order is given up: what follows is not the recorded run */
  arrived(): void;
  /** What a window has not is passed over. */
  jump(to: WindowJump): void;
  currentTick(): number;
}

/**
 * `recorded`: keys of what reached the program, in order; `ticks`: how many ticks had begun before each. A tick may come of
 * what Node does by itself and nothing tells: what came after it waits for it. `readAtOnce`: places of those that come with
 * the one before.
 */
export function createTurns(
  recorded: readonly string[],
  ticks: readonly number[],
  readAtOnce: readonly number[],
  { gaveUp, arrived, late, jump, comes, currentTick }: TurnsTold,
): Arrivals {
  const order = [...recorded];
  const joined = new Set(readAtOnce);
  let next = 0;
  let isOpen = false;
  let isPumping = false;
  let isPlaying = false;
  let isReading = false;
  let looks = 0;
  let patience = PATIENCE;
  let delivered = 0;
  let turns = 0;
  let hasTicks = ticks.length > 0;
  const waiting = new Map<string, Waiting[]>();
  const firings = new Map<string, Firing>();
  const keys = new WeakMap<object, string>();
  const armed = new Set<string>();
  const players: Player[] = [];
  const watch = order.length > 0 ? every(look, LOOK_MS) : undefined;

  function advance(): void {
    next++;
    delivered++;
    looks = 0;
    turns = 0;
    watch?.ref();
    while (order[next] === CAME) next++;
    if (next >= order.length) finish();
    else comeOn();
  }

  function finish(): void {
    if (watch) stopEvery(watch);
    comes();
    arrived();
  }

  /** Gets what is due to come: what waits already, a timer, or what is played. */
  function comeOn(): void {
    const due = order[next];
    if (due === undefined) return;
    if (due.startsWith(JUMP)) return passOver(due);
    if (waiting.has(due)) return pump();
    // it comes by itself, and beside another one, of ours, Node would run what it queues in another place
    if (due.startsWith(IMMEDIATE)) return;
    if (due === LOOP_ENDS && looks < EXIT_LOOKS) return void watch?.unref();
    const firing = firings.get(due);
    if (!firing) return play();
    if (armed.has(due)) return;
    armed.add(due);
    later(() => firing.fire());
  }

  /** The program has done what it did before. */
  function isReady(): boolean {
    return !hasTicks || isOpen || currentTick() >= (ticks[next] ?? 0);
  }

  /** As soon as all before has happened. */
  function passOver(key: string): void {
    soon(() => {
      if (isOpen || order[next] !== key) return;
      const to = JSON.parse(key.slice(JUMP.length)) as WindowJump;
      if (currentTick() < to.after) return;
      jump(to);
      advance();
    });
  }

  function play(): void {
    if (players.length === 0 || isPlaying) return;
    isPlaying = true;
    soon(() => {
      isPlaying = false;
      const due = order[next];
      if (isOpen || due === undefined || firings.has(due)) return;
      if (waiting.has(due)) pump();
      else
        for (const player of players) {
          const comes = player.find(due);
          if (comes) return comes();
        }
    });
  }

  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    soon(() => {
      isPumping = false;
      if (!isReady()) {
        if (++turns < MOST_TURNS) pump();
        return;
      }
      if (!isOpen && !isAllThere()) return;
      let found = isOpen ? anyWaiting() : takeWaiting(order[next] ?? '');
      if (!found) return comeOn();
      if (isOpen && waiting.size > 0) pump();
      while (found) {
        const { resource, isPromise, key, deliver }: Waiting = found;
        const tick = ticks[next];
        resource.runInAsyncScope(() => run({ key, deliver }));
        found = isPromise ? settledWith(tick) : !isOpen && joined.has(next) ? takeWaiting(order[next]!) : undefined;
      }
    });
  }

  /** A promise that is there, too, where none of the program's code ran between two: they were settled side by side. */
  function settledWith(tick: number | undefined): Waiting | undefined {
    const key = order[next] ?? '';
    const isTogether = !isOpen && hasTicks && tick === ticks[next] && waiting.get(key)?.[0]?.isPromise === true;
    return isTogether ? takeWaiting(key) : undefined;
  }

  /** What was read at once with the next one has come, too. */
  function isAllThere(): boolean {
    if (!joined.has(next + 1)) return true;
    const needed = new Map<string, number>();
    for (let at = next; at === next || joined.has(at); at++) {
      const key = order[at] ?? CAME;
      if (key !== CAME) needed.set(key, (needed.get(key) ?? 0) + 1);
    }
    return [...needed].every(([key, count]) => (waiting.get(key)?.length ?? 0) >= count);
  }

  function takeWaiting(key: string): Waiting | undefined {
    const list = waiting.get(key);
    const found = list?.shift();
    if (list?.length === 0) waiting.delete(key);
    return found;
  }

  function anyWaiting(): Waiting | undefined {
    const [key] = waiting.keys();
    return key === undefined ? undefined : takeWaiting(key);
  }

  function run({ key, deliver }: Pick<Waiting, 'key' | 'deliver'>): void {
    armed.delete(key);
    if (firings.get(key)?.isOnce) firings.delete(key);
    comes();
    // before the program runs: it may throw
    came(key);
    if (BETWEEN_PROCESSES.test(key)) reads();
    deliver();
  }

  /** Node may have read another one at once with it, which was apart from it. */
  function reads(): void {
    isReading = true;
    apply(then, resolved, [
      () => {
        isReading = false;
      },
    ]);
  }

  function came(key: string): void {
    if (isOpen) return;
    if (order[next] === key) return advance();
    const at = order.indexOf(key, next + 1);
    if (at > 0) order[at] = CAME;
  }

  function wait(key: string, deliver: () => void, isPromise = false): void {
    const found: Waiting = { key, deliver, isPromise, resource: new AsyncResource('HINDCAST') };
    const list = waiting.get(key);
    if (list) list.push(found);
    else waiting.set(key, [found]);
    if (isOpen || order[next] === key || joined.has(next + 1)) pump();
  }

  function arrive(key: string, deliver: () => void): void {
    const isApart = isReading && BETWEEN_PROCESSES.test(key);
    const isAlone = order[next] === key && !waiting.has(key) && !joined.has(next + 1) && !isApart;
    if (isOpen || (isAlone && isReady())) run({ key, deliver });
    else if (!isOver()) wait(key, deliver);
  }

  function look(): void {
    looks++;
    if (looks === LEFT_LOOKS) comes();
    if (order[next]?.startsWith(JUMP)) passOver(order[next]!);
    const [kind, name] = (order[next] ?? '').split(' ');
    // nobody else sends it
    if (looks === SIGNAL_LOOKS && kind === 'signal' && process.listenerCount(name ?? '') > 0) sendSignal(pid, name);
    if (looks === END_LOOKS && kind === 'child.exit') late();
    if (looks >= TICK_PATIENCE && waiting.has(order[next] ?? '')) hasTicks = false;
    comeOn();
    if (looks < patience) return;
    isOpen = true;
    gaveUp(order[next] ?? '', delivered);
    finish();
    for (const { fire } of firings.values()) fire();
    if (waiting.size > 0) pump();
  }

  /** What the recorded run did not come to does not come. */
  const isOver = (): boolean => !isOpen && next >= order.length;

  return {
    begins: () => undefined,
    thrown: () => undefined,
    came,
    arrive,
    isNext: (key) => !isOpen && order[next] === key,
    playedBy(by) {
      players.push(by);
    },
    settle(key, promise, fulfilled, rejected) {
      return new NewPromise((resolve, reject) => {
        const settled =
          (tell: (value: unknown) => void, settle: (value: unknown) => void) =>
          (value: unknown): void => {
            const deliver = (): void => {
              tell(value);
              settle(value);
            };
            if (order[next] === key && isAborted(value)) run({ key, deliver });
            else wait(key, deliver, true);
          };
        apply(then, promise, [settled(fulfilled, resolve), settled(rejected, reject)]);
      });
    },
    timer: (key, delay) => (isOpen ? delay : key === '' ? 1 : NEVER),
    made(key, firing) {
      firings.set(key, firing);
      keys.set(firing.object, key);
      if (order[next] === key) comeOn();
    },
    hurry() {
      patience = LITTLE_PATIENCE;
    },
    cancel(timer) {
      const key = keys.get(timer);
      if (key === undefined) return;
      firings.delete(key);
      waiting.delete(key);
    },
  };
}
