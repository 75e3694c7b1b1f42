/** A file that could not be loaded as its text is no JavaScript: of it nothing ran, so no statement can be suspected. */
import type { Failure } from '../query/failures.ts';
import type { Traced } from './traced.ts';

export interface UnreadableFile {
  readonly path: string;
  /** from 1 */
  readonly line: number;
  /** the compiler's words */
  readonly reason: string;
}

/** The file that a SyntaxError came from: the one that the recorder could not read last. */
export function unreadableFile(
  { timeline }: Pick<Traced, 'timeline'>,
  { type }: Pick<Failure, 'type'>,
): UnreadableFile | undefined {
  if (type !== 'SyntaxError') return undefined;
  return timeline.replay.ledger.map((entry) => unreadable(entry)).findLast((each) => each !== undefined);
}

function unreadable(entry: string): UnreadableFile | undefined {
  const { kind, subject, reason } = JSON.parse(entry) as { kind?: unknown; subject?: unknown; reason?: unknown };
  if (kind !== 'not-instrumented' || typeof subject !== 'string' || typeof reason !== 'string') return undefined;
  const [, line, words] = /(?:^|: )line (\d+): ([^]+)$/.exec(reason) ?? [];
  return line === undefined ? undefined : { path: subject, line: Number(line), reason: words! };
}

export function unreadableSentence({ reason }: UnreadableFile): string {
  return `The file could not be loaded: ${reason.replace(/\.$/, '')}`;
}
