/**
 * The recorded peers of a program, on sockets in the scratch folder: they answer what they answered, at once, and say how
 * long it took (model/peer-frames.ts).
 */
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { encodePeerFrame } from '../model/peer-frames.ts';
import type { PeerAnswers } from '../model/recorded-world.ts';
import type { Exchange, Part, Peer } from './exchanges.ts';
import { PeerConnection } from './peer-connection.ts';

export interface PeerPlan {
  readonly answers: Readonly<Record<string, PeerAnswers>>;
}

export interface Peers extends PeerPlan {
  close(): void;
}

/** `unmatched` hears of what the program asked that nothing recorded answers. */
export async function startPeers(
  peers: readonly Peer[],
  scratch: string,
  unmatched: (what: string) => void,
): Promise<Peers> {
  const answers: Record<string, PeerAnswers> = {};
  const servers: net.Server[] = [];
  const open = new Set<net.Socket>();
  const listening = peers.map(async (peer, index) => {
    const socket = path.join(scratch, `p${index}`);
    answers[peer.name] = { path: socket, connections: peer.connections };
    const told = (what: string): void => unmatched(`${peer.name}: ${what}`);
    const connected = peer.exchanges.length > 0 ? speaksHttp(peer.name, peer.exchanges, told) : talks(peer.talks, told);
    const server = net.createServer((connection) => {
      open.add(connection);
      connection.on('close', () => open.delete(connection)).on('error', () => undefined);
      connected(connection);
    });
    servers.push(server);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  });
  await Promise.all(listening);
  return {
    answers,
    close() {
      for (const socket of open) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}

/** A program that waits so long for what it never got goes another way than it did. */
const UNANSWERED_MS = 3000;
/** As long as a program keeps a connection for its next request, at least. */
const KEPT_MS = 600_000;

function speaksHttp(
  name: string,
  exchanges: readonly Exchange[],
  unmatched: (what: string) => void,
): (socket: net.Socket) => void {
  const left = [...exchanges];
  const server = http.createServer({ keepAliveTimeout: KEPT_MS }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method, url } = request;
      const connection = request.socket as unknown as PeerConnection;
      const body = Buffer.concat(parts);
      const same = left.filter((each) => each.method === method && each.url === url);
      const found =
        same.find((each) => each.body.equals(body)) ??
        (same[0]?.body.length === 0 || body.length === 0 ? same[0] : undefined);
      if (!found) {
        const other = same.length > 0 ? ' with another body' : '';
        unmatched(`${method} ${url}${other}`);
        connection.destroy();
        return;
      }
      left.splice(left.indexOf(found), 1);
      if (!found.response) {
        const { failedAfter, lead } = found;
        const what =
          failedAfter === undefined ? `${name}: ${method} ${url}, before whose answer the recording ends` : '';
        return connection.breaksOff({ after: failedAfter ?? UNANSWERED_MS, lead, follows: false }, what);
      }
      const { status, reason, headers, body: answer, after } = found.response;
      connection.answers({ after, lead: found.lead, follows: false });
      response.sendDate = false;
      response.writeHead(status, reason, [...headers]);
      response.end(answer);
    });
  });
  server.on('clientError', (_error, socket) => void socket.destroy());
  return (socket) => void server.emit('connection', new PeerConnection(socket));
}

/** A connection that speaks no HTTP: as much as was said before is waited for, then comes what was answered. */
function talks(
  recorded: readonly (readonly Part[])[],
  unmatched: (what: string) => void,
): (socket: net.Socket) => void {
  const left = [...recorded];
  return (socket) => {
    const talk = [...(left.shift() ?? [])];
    let heard = Buffer.alloc(0);
    let total = 0;
    let lead = 0;
    let follows = false;
    const goOn = (): void => {
      for (;;) {
        const [part] = talk;
        if (!part) return heard.length > 0 ? differs() : undefined;
        const { bytes, after } = part;
        if (part.from === 'peer') {
          socket.write(encodePeerFrame({ kind: 'bytes', bytes, after, lead, follows }));
          follows = true;
        } else {
          const same = Math.min(bytes.length, heard.length);
          if (!heard.subarray(0, same).equals(bytes.subarray(0, same))) return differs();
          if (heard.length < bytes.length) return;
          heard = heard.subarray(bytes.length);
          follows = false;
          lead = part.lead;
        }
        talk.shift();
      }
    };
    const differs = (): void => {
      unmatched('other bytes were sent than in the recording');
      socket.destroy();
    };
    const goOnAndTell = (): void => {
      goOn();
      if (!socket.destroyed) socket.write(encodePeerFrame({ kind: 'heard', bytes: total }));
    };
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      total += bytes.length;
      goOnAndTell();
    });
    goOnAndTell();
  };
}
