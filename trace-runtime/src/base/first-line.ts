/** An error's message on one line: the first, with what it announces where that is one line, too. */
export function firstLine(message: string): string {
  const [first = '', ...rest] = message.split('\n').map((line) => line.trimEnd());
  const more = rest.filter((line) => line !== '');
  return first.endsWith(':') && more.length === 1 ? `${first} ${more[0]!.trim()}` : first;
}
