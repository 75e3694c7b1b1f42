/** The statement that a person means who points at a line. */
import path from 'node:path';
import { rangesOf } from '../../trace-runtime/src/analysis/diff/explain.ts';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';
import type { Breakpoints, StatementPlace } from './breakpoints.ts';
import type { RecordedThread } from './recorded-thread.ts';

interface Pointed {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
}

/** A statement in a thread that has loaded its file. */
export interface ThreadStatement {
  readonly thread: RecordedThread;
  readonly file: LoadedFile;
  readonly op: number;
  /** how often it ran there */
  readonly count: number;
}

/** A sentence where there is none. `preferred`: the thread to take where several ran it. */
export function statementAtLine(
  { path: wanted, line, column = 1 }: Pointed,
  known: { readonly breakpoints: Breakpoints; readonly places: Places },
  threads: readonly RecordedThread[],
  preferred: RecordedThread | undefined,
): ThreadStatement | string {
  const statements = known.breakpoints.statements(wanted);
  if (statements.length === 0) return `The recording has no code of ${path.basename(wanted)}.`;
  const on = statements.filter((each) => each.line === line);
  const chosen =
    on.findLast((each) => each.column <= column) ?? on[0] ?? around(statements, line, known.places, threads);
  if (!chosen) return `Line ${line} of ${path.basename(wanted)} has no statement that could run.`;
  const isSame = (each: StatementPlace): boolean => each.line === chosen.line && each.column === chosen.column;
  const found = inThreads(statements.filter(isSame), threads);
  return (
    found.find(({ thread, count }) => thread === preferred && count > 0) ??
    found.find(({ count }) => count > 0) ??
    found.find(({ thread }) => thread === preferred) ??
    found[0] ??
    `No thread of the recording has loaded ${path.basename(wanted)}.`
  );
}

/** The innermost statement that begins on an earlier line and goes on to that one, blocks in it left out. */
function around(
  statements: readonly StatementPlace[],
  line: number,
  places: Places,
  threads: readonly RecordedThread[],
): StatementPlace | undefined {
  return statements
    .filter((each) => each.line < line)
    .findLast((each) =>
      inThreads([each], threads).some(({ thread, file, op }) => {
        const end = rangesOf(file, op)[0]?.end;
        const last = end === undefined ? undefined : places.of(thread.reader, file, end - 1).line;
        return last !== undefined && last >= line;
      }),
    );
}

function inThreads(statements: readonly StatementPlace[], threads: readonly RecordedThread[]): ThreadStatement[] {
  return threads.flatMap((thread) =>
    thread.files.flatMap((file) =>
      statements
        .filter(({ hash }) => hash === file.hash)
        .map(({ op }) => ({ thread, file, op, count: thread.timeline.overview.hitsOf(file.base + op) })),
    ),
  );
}
