/** Connections that came to servers of the program's: to which, and whether the program made them itself. */
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';

/** Which of a program's servers: by the port that it had, and by its number among those of its thread. */
export interface ServerName {
  readonly stream: number;
  readonly number: number | undefined;
  readonly port: number | undefined;
}

export interface Accepted {
  readonly socket: unknown;
  readonly server: ServerName;
  /** place of the record in its thread */
  readonly order: number;
  readonly remotePort: number | undefined;
  readonly isSecure: boolean;
  readonly servername: string | undefined;
  /** the program is at the other end, too */
  readonly isOwn: boolean;
}

/** Of each stream, by socket. Of a connection over TLS the one that the server was given. */
export function acceptedConnections(
  streams: readonly ReadStream[],
  contents: Contents,
): readonly ReadonlyMap<unknown, Accepted>[] {
  const own = new OwnConnections(streams, contents);
  return streams.map(({ entries }, stream) => {
    const found = new Map<unknown, Accepted>();
    const heard = bytesBySocket(entries, 'socket.in', contents);
    entries.forEach(({ kind, detail }, order) => {
      if (kind !== 'socket.accepted') return;
      const accepted = acceptedOf(detail, stream, order);
      const raw = accepted.isSecure && rawOf(accepted, found);
      if (raw) found.delete(raw.socket);
      const whole = { ...accepted, ...(raw && { remotePort: raw.remotePort, server: raw.server }) };
      found.set(whole.socket, whole);
    });
    for (const [socket, each] of found) {
      const isOwn = own.take(each, Buffer.concat(heard.get(socket) ?? []));
      found.set(socket, { ...each, isOwn });
    }
    return found;
  });
}

function acceptedOf(detail: BoundaryEntry['detail'], stream: number, order: number): Accepted {
  const number = (name: string): number | undefined => {
    const value = detail[name];
    return typeof value === 'number' ? value : undefined;
  };
  const { socket, event, servername } = detail;
  return {
    socket,
    server: { stream, number: number('server'), port: number('localPort') },
    order,
    remotePort: number('remotePort'),
    isSecure: event === 'secureConnection',
    servername: typeof servername === 'string' ? servername : undefined,
    isOwn: false,
  };
}

/** The connection below one over TLS. */
function rawOf({ server, remotePort }: Accepted, found: ReadonlyMap<unknown, Accepted>): Accepted | undefined {
  return [...found.values()].find(
    (each) =>
      !each.isSecure &&
      each.server.number === server.number &&
      (remotePort === undefined || each.remotePort === remotePort),
  );
}

const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::)$/;

interface OwnConnection {
  readonly port: number | undefined;
  localPort: number | undefined;
  readonly said: Buffer[];
}

/** Connections that the program made to this machine. */
class OwnConnections {
  readonly #open: OwnConnection[] = [];

  constructor(streams: readonly ReadStream[], contents: Contents) {
    for (const { entries } of streams) {
      const made = new Map<unknown, OwnConnection>();
      for (const { kind, detail } of entries) this.#see(kind, detail, made, contents);
      this.#open.push(...made.values());
    }
  }

  /** By its port, else by what was said over it. */
  take({ remotePort, server: { port } }: Accepted, heard: Buffer): boolean {
    const byPort = this.#open.findIndex(({ localPort }) => localPort !== undefined && localPort === remotePort);
    const at =
      byPort >= 0
        ? byPort
        : this.#open.findIndex((each) => {
            if (each.port !== port || (each.localPort !== undefined && remotePort !== undefined)) return false;
            const said = Buffer.concat(each.said);
            const length = Math.min(said.length, heard.length);
            return said.length > 0 === heard.length > 0 && said.subarray(0, length).equals(heard.subarray(0, length));
          });
    if (at >= 0) this.#open.splice(at, 1);
    return at >= 0;
  }

  #see(kind: string, detail: BoundaryEntry['detail'], made: Map<unknown, OwnConnection>, contents: Contents): void {
    const { socket, host, port, path, localPort, event } = detail;
    if (kind === 'socket.connect') {
      const isPath = typeof path === 'string' && port === undefined;
      if (!isPath && host !== undefined && !LOCAL.test(String(host))) return;
      made.set(socket, { port: isPath ? undefined : Number(port), localPort: undefined, said: [] });
    }
    const own = made.get(socket);
    if (!own) return;
    if (typeof localPort === 'number' && (event === undefined || event === 'connect')) own.localPort = localPort;
    const bytes = kind === 'socket.out' ? contents.bytes(detail['content']) : undefined;
    if (bytes) own.said.push(bytes);
  }
}

function bytesBySocket(
  entries: readonly BoundaryEntry[],
  kind: string,
  contents: Contents,
): ReadonlyMap<unknown, Buffer[]> {
  const all = new Map<unknown, Buffer[]>();
  for (const entry of entries) {
    const bytes = entry.kind === kind ? contents.bytes(entry.detail['content']) : undefined;
    if (!bytes) continue;
    const list = all.get(entry.detail['socket']) ?? [];
    all.set(entry.detail['socket'], list);
    list.push(bytes);
  }
  return all;
}
