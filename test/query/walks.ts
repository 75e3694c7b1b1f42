import { Navigator } from '../../trace-runtime/src/query/navigator.ts';
import { finish, type Position, type Timeline } from '../../trace-runtime/src/query/timeline.ts';
import { stateDigest } from '../support/state-digest.ts';

export interface Walks {
  readonly walks: number;
  /** steps whose reverse was tried */
  readonly into: number;
  readonly over: number;
  readonly faults: readonly string[];
}

/** Repeatable. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * From random statements: `stepIn` and then `reverseInto` end where they began, always; so do `next` and `stepBack` where
 * both stayed in one activation. The state there is the same again. `digests`: compares all of it, else the place alone.
 */
export function randomWalks(timeline: Timeline, walks: number, seed: number, digests: boolean): Walks {
  const navigator = new Navigator(timeline);
  const next = random(seed);
  const { statements } = timeline.end!;
  const faults: string[] = [];
  let [into, over] = [0, 0];
  const own = (): number | undefined => timeline.replay.stack.at(-1)?.serial;
  const state = (): string => (digests ? stateDigest(timeline.replay).join('\n') : '');
  const check = (what: string, start: Position, before: string): void => {
    const { position } = timeline;
    const same = position.moment === start.moment && position.statements === start.statements;
    if (!same)
      faults.push(`${what} from ${start.moment}/${start.statements} came to ${position.moment}/${position.statements}`);
    else if (state() !== before) faults.push(`${what} from ${start.moment}/${start.statements} changed the state`);
  };
  for (let walk = 0; walk < walks && statements > 0; walk++) {
    timeline.seekStatement(next(statements));
    const start = timeline.position;
    const serial = own();
    const before = state();
    if (finish(navigator.stepIn())) {
      into++;
      finish(navigator.reverseInto());
      check('stepIn and reverseInto', start, before);
    }
    timeline.seek(start);
    if (!finish(navigator.next()) || own() !== serial) continue;
    over++;
    finish(navigator.stepBack());
    check('next and stepBack', start, before);
  }
  return { walks, into, over, faults };
}
