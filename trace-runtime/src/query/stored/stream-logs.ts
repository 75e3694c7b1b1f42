/** What is known of a stream as a whole, once it was read: kept in the index beside the state. */
import type { Failure } from '../failures.ts';
import type { ThrowFrame } from '../throw-origins.ts';
import type { ChunkStore } from '../call-recorder.ts';
import type { Overview } from '../overview.ts';
import type { StreamReplay } from '../replay.ts';
import type { SymbolValue, Value } from '../values.ts';
import type { CaseFacts, FileLoad } from '../stream-state.ts';
import type { Problem } from '../problems.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { Entities } from './entities.ts';

/** As v8.serialize takes it; values are in bytes of their own, in the order of cases, failures and outputs. */
export interface StreamLogs {
  readonly loads: readonly FileLoad[];
  readonly symbols: readonly (readonly [number, string | undefined, SymbolValue['origin']])[];
  readonly cases: readonly Omit<CaseFacts, 'error'>[];
  readonly failures: readonly StoredFailure[];
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly ledger: readonly string[];
  readonly startedWith: string | undefined;
  readonly overview: ReturnType<Overview['save']>;
  readonly values: Uint8Array;
}

type StoredFailure = Omit<Failure, 'value' | 'frames' | 'case'> & {
  readonly case: number;
  readonly frames: readonly { readonly functionName: string; readonly base: number; readonly offset: number }[];
};

export function saveLogs(replay: StreamReplay, overview: Overview, entities: Entities): StreamLogs {
  const values = new ByteWriter();
  const keep = (value: Value): void => entities.values.write(values, value);
  const cases = replay.cases.map(({ error, ...facts }) => (keep(error), facts));
  const failures = replay.failures.list.map(({ value, frames, case: of, ...failure }) => {
    keep(value);
    const stored = frames.map(({ functionName, file, offset }) => ({ functionName, base: file.base, offset }));
    return { ...failure, case: of ? replay.cases.indexOf(of) : -1, frames: stored };
  });
  for (const text of overview.outputs.texts) keep(text);
  return {
    loads: replay.loads,
    symbols: Array.from(replay.decoder.symbols.all(), ({ id, description, origin }) => [id, description, origin]),
    cases,
    failures,
    problems: replay.problems.list,
    problemCount: replay.problems.count,
    ledger: replay.ledger,
    startedWith: replay.startedWith,
    overview: overview.save(),
    values: values.written.slice(),
  };
}

/** Where the spans of calls are kept. */
export function callStore({ log }: Entities): ChunkStore {
  return {
    put: (bytes) => log.append(bytes),
    get: (place, length) => log.read(place).raw(length),
  };
}

/** Files and symbols; then values can be read. */
export function restoreFiles(replay: StreamReplay, { loads, symbols }: StreamLogs): void {
  for (const { base, count, hash, path, how } of loads) replay.loadFile(base, count, hash, path, how);
  replay.problems.list.length = 0;
  replay.ledger.length = 0;
  for (const [id, description, origin] of symbols) replay.decoder.symbols.define(id, description, origin);
}

export function restoreLogs(replay: StreamReplay, overview: Overview, entities: Entities, logs: StreamLogs): void {
  const from = new ByteReader(logs.values, 0);
  const value = (): Value => entities.values.value(from);
  replay.cases.splice(0, Infinity, ...logs.cases.map((facts) => ({ ...facts, error: value() })));
  const failures = logs.failures.map(({ frames, case: of, ...failure }) => {
    const shown = frames.flatMap(({ base, ...frame }): ThrowFrame[] => {
      const file = replay.fileAt(base);
      return file ? [{ ...frame, file }] : [];
    });
    return { ...failure, value: value(), frames: shown, case: replay.cases[of] };
  });
  replay.failures.list.splice(0, Infinity, ...failures);
  overview.restore(logs.overview, value, callStore(entities));
  for (const { moment, sentence } of logs.problems) replay.problems.add(moment, sentence);
  replay.problems.count = logs.problemCount;
  replay.ledger.push(...logs.ledger);
  replay.startedWith = logs.startedWith;
}
