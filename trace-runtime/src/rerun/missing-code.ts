/** What a recording does not keep: loaders, compilers, test runners. Where they are gone, nothing of a program is executed. */
import { openStream } from '../query/replay.ts';
import type { Recording } from '../store/recording.ts';
import { exitCodeOf, openWords, type RecordedStream } from '../store/stream.ts';

const NOT_FOUND = /^Cannot find (?:module|package) /;
/** What a shell ends with. */
const NO_COMMAND = 127;

/** Why no code of the program ran, where it is for what is gone. `executed`: for each recorded thread, in `full`. */
export function missingCode(
  light: Recording,
  executed: readonly (RecordedStream | undefined)[],
  full: Recording,
): string | undefined {
  for (const [index, recorded] of light.streams.entries()) {
    const stream = executed[index];
    if (!stream || stream.counts.ticks > 0) continue;
    const message = recorded.counts.ticks > 0 ? notFound(full, stream) : undefined;
    if (message !== undefined) return gone('what loads its code', message);
    const [was, is] = [exitCodeOf(recorded), exitCodeOf(stream)];
    if (is === NO_COMMAND && was !== is) return gone('a command that it starts', `exit code ${is}`);
  }
  return undefined;
}

function notFound({ table, source, placed }: Recording, { segments }: RecordedStream): string | undefined {
  const replay = openStream(openWords(segments), table, source, placed);
  replay.runTo(Infinity);
  return replay.failures.list.find(({ message }) => NOT_FOUND.test(message))?.message;
}

function gone(what: string, sign: string): string {
  return `${what} is not there any more (${sign}): install it where it was; no recording keeps loaders, compilers or test runners`;
}
