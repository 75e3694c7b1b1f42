/** What tells channels of processes and threads from each other, in the keys of what arrives through them. */

/** Of a child process, or of the parent; of a message that was sent, which one. */
export function channelOf({ child, id }: Readonly<Record<string, unknown>>): string {
  return `${child === undefined ? 'parent' : `child ${String(child)}`}${id === undefined ? '' : ` ${String(id)}`}`;
}

/** What came through a worker's inner channel: of one of its standard streams, or that the other side wants more. */
export function stdioOf({ port, stream, wants }: Readonly<Record<string, unknown>>): string {
  return `${String(port)} ${String(stream)}${wants === true ? ' wanted' : ''}`;
}

/** Through what a message came: a port, a child process, or the parent. */
export function messagesOf(detail: Readonly<Record<string, unknown>>): string {
  const { port, child, broadcast, message, by } = detail;
  if (by === 'loader') return loadAnswer(port);
  // whoever is heard there: what was said tells who it was
  if (broadcast === true) return `port ${String(port)} ${JSON.stringify(message)}`;
  return port === undefined ? (child === undefined ? 'parent' : `child ${String(child)}`) : `port ${String(port)}`;
}

/** Of the thread in which load hooks run, over a port that is made for it. */
export function loadAnswer(port: unknown): string {
  return `loader ${String(port)}`;
}
