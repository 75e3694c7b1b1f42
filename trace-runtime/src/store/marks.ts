/** marks.json: moments that a person has marked wrong. They are failures of the recording like its throws. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { FILE_MODE, recordingPaths } from './recording-paths.ts';

export interface Mark {
  /** id of the stream */
  readonly stream: string;
  readonly moment: number;
  /** begun before the one that it stands at; of marks of before, the last one before the moment is meant */
  readonly statements?: number;
  /** what is wrong, in the scopes of a call */
  readonly expression: string;
  /** what it is, and what it should be, as people read them */
  readonly actual: string;
  readonly expected: string;
  /** how many calls there are inside of that call; default: none */
  readonly depth?: number;
  /** milliseconds since the epoch */
  readonly markedAt: number;
}

/** Those that can be read, in the order in which they were made. */
export function readMarks(folder: string): readonly Mark[] {
  try {
    const value: unknown = JSON.parse(readFileSync(recordingPaths(folder).marks, 'utf8'));
    return Array.isArray(value) ? value.filter(isMark) : [];
  } catch {
    return [];
  }
}

/** A mark of the same expression at the same moment is replaced. */
export function addMark(folder: string, mark: Mark): void {
  write(folder, [...readMarks(folder).filter((each) => !isSame(each, mark)), mark]);
}

export function removeMarks(folder: string, stream: string, moment: number): void {
  write(
    folder,
    readMarks(folder).filter((each) => each.stream !== stream || each.moment !== moment),
  );
}

function write(folder: string, marks: readonly Mark[]): void {
  const file = recordingPaths(folder).marks;
  writeFileSync(`${file}.new`, `${JSON.stringify(marks, undefined, 2)}\n`, { mode: FILE_MODE });
  renameSync(`${file}.new`, file);
}

function isSame(a: Mark, b: Mark): boolean {
  const isThere = a.stream === b.stream && a.moment === b.moment && a.statements === b.statements;
  return isThere && a.expression === b.expression && (a.depth ?? 0) === (b.depth ?? 0);
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  const texts = [fields.stream, fields.expression, fields.actual, fields.expected];
  const isCount = (count: unknown): boolean => count === undefined || Number.isSafeInteger(count);
  return (
    Number.isSafeInteger(fields.moment) &&
    [fields.statements, fields.depth].every(isCount) &&
    texts.every((text) => typeof text === 'string')
  );
}
