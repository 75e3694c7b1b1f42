/**
 * Of an exact run: what children wrote comes from the records, portion by portion, as soon as as much has really come, or all
 * has. What Node says in their names, such as the stack of what ended one, may be another one now.
 */
import type { RecordedCalls } from './recorded-calls.ts';

export interface Outputs {
  /** `of`: CHILD.STREAM. What the program gets for what has come; `bytes` undefined: its end. */
  came(of: string, bytes: number | undefined): Iterable<Uint8Array>;
}

export function recordedOutputs(recorded: RecordedCalls): Outputs {
  /** by pipe: bytes that came and were not given */
  const ahead = new Map<string, number>();
  return {
    *came(of, bytes = Infinity) {
      let left = (ahead.get(of) ?? 0) + bytes;
      for (let size = recorded.nextOutput(of); size !== undefined && size <= left; size = recorded.nextOutput(of)) {
        left -= size;
        ahead.set(of, left);
        yield recorded.output(of)!;
      }
      ahead.set(of, left);
    },
  };
}
