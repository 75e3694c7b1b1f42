/** Of an exact run: what the program tells others and what it is told, compared with what was, up to the first difference. */
import { outgoingMark } from '../../model/outgoing.ts';
import type { ToldStream } from '../../model/recorded-world.ts';

export interface Teller {
  /** number of the tick that runs, from 1 */
  currentTick(): number;
  /** whether recorded code is on the stack */
  fromRecordedCode(): boolean;
  /** What differs first, and in which tick. */
  note(tick: number, what: string): void;
  /** The same of what it was given. */
  given(tick: number, what: string): void;
  /** At its end not all was said that had been. */
  missing(tick: number, what: string): void;
  /** Now it is. */
  made(): void;
  /** It goes on behind all that a thread that was killed had said; may not return. */
  beyond(): void;
  /** It has said all that one that was killed had. */
  allSaid(): void;
}

export interface Told {
  /** The program is about to print something. */
  prints(): void;
  /** All that was recorded was said, and nothing else. */
  isAllSaid(): boolean;
  /** The program tells others something: a record of the boundary, or output. */
  says(kind: string, detail: string): void;
  /** `check`: Runtime.check of the tick */
  tickEnds(check: number): void;
  /** Its last tick has ended. Who took `process.emit` over may say more: such as signal-exit, which shows the cursor again. */
  ends(): void;
}

export function createTold(recorded: ToldStream, teller: Teller): Told {
  const { currentTick, fromRecordedCode, note, given, missing, made, beyond, allSaid } = teller;
  const { checks, isWhole } = recorded;
  const printed = { ...recorded.printed, next: 0 };
  const said = { ...recorded.said, next: 0 };
  let isOther = false;
  let isGivenOther = false;
  let isMissing = false;

  const left = (): readonly number[] =>
    [printed, said].flatMap(({ marks, ticks, next }) => (next < marks.length ? [ticks[next]!] : []));

  function says(kind: string, detail: string): void {
    const mark = isOther ? undefined : outgoingMark(kind, detail);
    if (mark === undefined) return;
    const list = kind === 'output' ? printed : said;
    const { marks, ticks } = list;
    const at = list.next++;
    // one that was killed may have said more than is recorded
    if (at === marks.length && !isWhole) {
      beyond();
      return void (isOther = true);
    }
    const tick = ticks[at] ?? Infinity;
    const isSame = marks[at] === mark;
    // of what Node does by itself only the order counts
    if (isSame && (tick === currentTick() || !fromRecordedCode())) {
      if ((isMissing || !isWhole) && left().length === 0) (isMissing ? made : allSaid)();
      return;
    }
    isOther = true;
    note(Math.min(tick, currentTick()), otherwise(kind, isSame));
  }

  return {
    prints() {
      if (!isOther && !isWhole && printed.next === printed.marks.length) beyond();
    },
    isAllSaid: () => !isOther && left().length === 0,
    says,
    tickEnds(check) {
      const tick = currentTick();
      const recordedCheck = checks[tick];
      if (isGivenOther || recordedCheck === null || check === (recordedCheck ?? 0)) return;
      isGivenOther = true;
      given(tick, 'other data came in, or other values were computed');
    },
    ends() {
      const ticks = isOther ? [] : left();
      isMissing = ticks.length > 0;
      if (isMissing) missing(Math.min(...ticks), 'something was said that is not said now');
    },
  };
}

function otherwise(kind: string, isSame: boolean): string {
  const what = kind === 'output' ? 'printed' : `said (${kind})`;
  return isSame ? `something was ${what} that comes in another tick now` : `something else was ${what}`;
}
