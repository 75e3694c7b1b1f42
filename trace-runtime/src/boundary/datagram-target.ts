/** Where a datagram is sent to. */

/**
 * `HOST:PORT` of the arguments of `send` after its message: `[offset, length,] [port] [, address] [, callback]`;
 * undefined where the socket is connected.
 */
export function datagramTarget(args: readonly unknown[]): string | undefined {
  const plain = args.filter((each) => typeof each !== 'function' && each !== undefined && each !== null);
  const isPart = typeof plain[0] === 'number' && typeof plain[1] === 'number';
  const [port, address] = isPart ? plain.slice(2) : plain;
  if (port === undefined) return undefined;
  return `${typeof address === 'string' && address !== '' ? address : 'localhost'}:${Number(port)}`;
}
