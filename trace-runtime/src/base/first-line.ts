/**
 * An error's message on one line: the first, with what it announces by a colon where that is one line, too, or a difference of
 * one line from another.
 */
export function firstLine(message: string): string {
  const [first = '', ...rest] = message.split('\n').map((line) => line.trimEnd());
  if (!first.endsWith(':')) return first;
  const more = rest.filter((line) => line !== '');
  if (more.length === 1) return `${first} ${more[0]!.trim()}`;
  const [actual, expected] = [marked(more, '+'), marked(more, '-')];
  if (more.some((line) => LEGEND.test(line)) && actual.length === 1 && expected.length === 1)
    return `${first} actual ${actual[0]}, expected ${expected[0]}`;
  return first.slice(0, -1);
}

/** Above a difference as node:assert writes it. */
const LEGEND = /^\+ actual - expected(?:\s|$)/;

/** What stands behind the mark. */
function marked(lines: readonly string[], mark: string): readonly string[] {
  return lines.flatMap((line) => (line.startsWith(`${mark} `) && !LEGEND.test(line) ? [line.slice(2).trim()] : []));
}
