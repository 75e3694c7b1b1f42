/** What tells channels of processes and threads from each other, in the keys of what arrives through them. */

/** Of a child process, or of the parent; of a message that was sent, which one. */
export function channelOf({ child, id }: Readonly<Record<string, unknown>>): string {
  return `${child === undefined ? 'parent' : `child ${String(child)}`}${id === undefined ? '' : ` ${String(id)}`}`;
}

/** What came through a worker's inner channel: of one of its standard streams, or that the other side wants more. */
export function stdioOf({ port, stream, wants }: Readonly<Record<string, unknown>>): string {
  return `${String(port)} ${String(stream)}${wants === true ? ' wanted' : ''}`;
}
