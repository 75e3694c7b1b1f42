/** The two ends of a connection, as its handle tells them: Node's own getters would keep what they were told. */
import type net from 'node:net';
import type { Json } from '../json.ts';
import { ownData } from '../patch.ts';

export interface Ends {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly remoteFamily?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly localFamily?: string | undefined;
}

interface Address {
  address?: string;
  port?: number;
  family?: string;
}

interface Handle {
  getpeername?(out: Address): number;
  getsockname?(out: Address): number;
}

export function endsOf(socket: net.Socket): Ends & Readonly<Record<string, Json>> {
  const handle = Reflect.get(socket, '_handle') as Handle | null | undefined;
  const [remote, local]: [Address, Address] = [{}, {}];
  handle?.getpeername?.(remote);
  handle?.getsockname?.(local);
  return {
    remoteAddress: remote.address,
    remotePort: remote.port,
    remoteFamily: remote.family,
    localAddress: local.address,
    localPort: local.port,
    localFamily: local.family,
  };
}

/** Of a client's connection that speaks TLS over one that was made before: that one. */
export function carrierOf(socket: object): object | undefined {
  const carrier = ownData(socket, '_parent');
  if (typeof carrier !== 'object' || carrier === null) return undefined;
  return ownData(ownData(socket, '_tlsOptions'), 'isServer') === true ? undefined : carrier;
}
