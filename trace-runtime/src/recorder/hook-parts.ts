/** What the hooks of level full stand on. */
import type { FlowHash } from './flow-hash.ts';
import type { Newborns } from './newborns.ts';
import type { ParsedJson } from './parsed-json.ts';
import type { Room } from './room.ts';
import type { StackOverflows } from './stack-overflows.ts';
import type { Ticks } from './ticks.ts';
import type { UnrecordedParts } from './unrecorded-code.ts';
import type { Values } from './values.ts';

export interface HookParts extends Pick<UnrecordedParts, 'emitters' | 'objects' | 'textRan'> {
  readonly words: Int32Array;
  readonly registers: Int32Array;
  readonly room: Room;
  readonly values: Values;
  readonly ticks: Ticks;
  readonly retained: { add(list: unknown[]): void };
  readonly flowHash: FlowHash;
  readonly newborns: Newborns;
  readonly overflows: StackOverflows;
  readonly parsedJson: ParsedJson;
  /** whether code of the word's file stands on the stack below the innermost recorded code */
  readonly stands: (word: number) => boolean;
  /** a `throw` statement is about to throw the value */
  readonly throwing: (word: number, value: unknown, line: number, column: number) => void;
}
