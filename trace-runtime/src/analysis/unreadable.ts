/** A file that could not be loaded as its text is no JavaScript: of it nothing ran, so no statement can be suspected. */
import type { Failure } from '../query/failures.ts';
import type { Traced } from './traced.ts';

export interface UnreadableFile {
  /** as it was named: from the folder that the program ran in, where it is not absolute */
  readonly path: string;
  /** from 1 */
  readonly line: number;
  /** the compiler's words */
  readonly reason: string;
}

/** The file that a compiler's error names, or that a SyntaxError came from: the one that the recorder could not read last. */
export function unreadableFile(
  { timeline }: Pick<Traced, 'timeline'>,
  { type, message, frames }: Pick<Failure, 'type' | 'message' | 'frames'>,
): UnreadableFile | undefined {
  const named = frames.length === 0 ? namedBy(message) : undefined;
  if (named || type !== 'SyntaxError') return named;
  return timeline.replay.ledger.map((entry) => unreadable(entry)).findLast((each) => each !== undefined);
}

/** As esbuild, Rolldown and Babel name the place of what they cannot read. */
const COMPILERS: readonly RegExp[] = [
  /^Transform failed with \d+ errors?:\s+(?<path>\S.*):(?<line>\d+):\d+: ERROR: (?<reason>.+)$/m,
  /^\[PARSE_ERROR\] (?<reason>.+)\n\s*╭─+\[ (?<path>\S.*):(?<line>\d+):\d+ \]/m,
  /^(?:SyntaxError: )?(?<path>\S.*\.\w+): (?<reason>.+) \((?<line>\d+):\d+\)$/m,
];

function namedBy(message: string): UnreadableFile | undefined {
  for (const compiler of COMPILERS) {
    const { path, line, reason } = compiler.exec(message)?.groups ?? {};
    if (path !== undefined) return { path, line: Number(line), reason: reason! };
  }
  return undefined;
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
