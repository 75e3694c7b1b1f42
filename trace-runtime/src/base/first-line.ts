/**
 * An error's message on one line: the first, with what it announces by a colon where that is one line, too, or a difference of
 * one line from another; of jest's matchers with what was expected and received.
 */
export function firstLine(message: string): string {
  const [first = '', ...rest] = message.split('\n').map((line) => line.trimEnd());
  if (first.startsWith('expect(')) return ofMatcher(first, rest);
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

/** Jest names a matcher's arguments, and says below what they were. */
function ofMatcher(first: string, rest: readonly string[]): string {
  const said = (word: string): readonly string[] =>
    rest.flatMap((line) => (line.startsWith(word) ? (SAID.exec(line) ?? []).slice(1) : [])).slice(0, 1);
  const differs = (mark: string, word: string): readonly string[] => {
    const lines = rest.flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(2).trim().replace(/,$/, '')] : []));
    const [legend = '', ...marked] = lines;
    return legend.startsWith(word) && marked.length === 1 ? [`${word} ${marked[0]}`] : [];
  };
  const [expected, received] = [differs('-', 'Expected'), differs('+', 'Received')];
  const found =
    expected.length > 0 && received.length > 0
      ? [...expected, ...received]
      : [...said('Expected'), ...said('Received')].map((each) => each.replace(/:\s+/, ' '));
  const matcher = first.replace(/ \/\/ .*$/, '');
  const told = found.map((each) => each[0]!.toLowerCase() + each.slice(1));
  return told.length > 0 ? `${matcher}: ${told.join(', ')}` : first;
}

/** What was expected or received, or how it went, on a line. */
const SAID = /^(\w+(?: \w+)*:\s+\S.*|Received (?:function|promise) .*)$/;
