/**
 * The recorded peers of a program, on sockets in the scratch folder: they answer what they answered, at once, and say how
 * long it took (model/peer-frames.ts).
 */
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { resetFile, type PeerAnswers } from '../model/recorded-world.ts';
import type { Exchange, Part, Peer, Upgraded } from './exchanges.ts';
import { farewell } from './farewells.ts';
import { PeerConnection } from './peer-connection.ts';
import { Talk, UNANSWERED_MS, type Successor } from './talk.ts';
import { acceptOf, closing, UnmaskedFrames, unmaskedTalk } from './web-sockets.ts';

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
    const { http2 } = peer;
    const only = peer.exchanges.length === 0 && peer.talks.length === 0 && peer.preludes.length === 0;
    answers[peer.name] = { path: socket, connections: peer.connections, ...(http2 && { http2: { ...http2, only } }) };
    const told = (what: string): void => unmatched(`${peer.name}: ${what}`);
    const connected = reception(peer, told, socket);
    const server = net.createServer((connection) => {
      open.add(connection);
      connection.on('close', () => open.delete(connection)).on('error', () => undefined);
      connected(new PeerConnection(connection));
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

type Reception = (connection: PeerConnection) => void;

/** Who speaks over a connection to the peer: what is recorded of it tells, and where that is not the same of all, what is said. */
function reception(peer: Peer, unmatched: (what: string) => void, socketFile: string): Reception {
  const { exchanges, preludes } = peer;
  if (exchanges.length === 0) return talks(peer, unmatched, socketFile);
  const http = speaksHttp(peer.name, exchanges, unmatched, socketFile);
  return preludes.length === 0 && peer.talks.length === 0 ? http : talks(peer, unmatched, socketFile, http);
}

/** As long as a program keeps a connection for its next request, at least. */
const KEPT_MS = 600_000;

function speaksHttp(
  name: string,
  exchanges: readonly Exchange[],
  unmatched: (what: string) => void,
  socketFile: string,
): Reception {
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
  const carries = (connection: PeerConnection): void => void server.emit('connection', connection);
  for (const event of ['upgrade', 'connect'] as const)
    server.on(event, (request: http.IncomingMessage) => {
      const { method, url } = request;
      const connection = request.socket as unknown as PeerConnection;
      const at = left.findIndex((each) => each.upgraded && each.method === method && each.url === url);
      const [found] = at < 0 ? [] : left.splice(at, 1);
      const options = { connection, unmatched, socketFile, carries };
      if (found?.upgraded) return goesOver(found.upgraded, found.lead, request, options);
      unmatched(`${method} ${url}, for another protocol`);
      connection.destroy();
    });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code?.startsWith('HPE_') && error.code !== 'HPE_INVALID_EOF_STATE')
      unmatched('bytes that are no request');
    socket.destroy();
  });
  return carries;
}

interface PeerOptions {
  readonly connection: PeerConnection;
  readonly unmatched: (what: string) => void;
  /** where it listens */
  readonly socketFile: string;
  /** takes over what carries requests */
  readonly carries: Reception;
}

/** Connections that speak no HTTP, or none at first. `http`: takes over what does. */
function talks(
  peer: Peer,
  unmatched: (what: string) => void,
  socketFile: string,
  http: Reception = () => undefined,
): Reception {
  const left = [...peer.preludes, ...peer.talks];
  // of those that speak HTTP at once
  const none: readonly Part[] = [];
  const preludes = new Set([...peer.preludes, none]);
  const recorded = peer.connections.filter((failed) => failed === null).length;
  let made = 0;
  return (connection) => {
    new Talk(connection, {
      unmatched,
      courtesy: farewell,
      resetFile: resetFile(socketFile),
      isFurther: ++made > recorded,
      choose(heard) {
        const at = heard.length === 0 ? (speaksFirst(left[0]) ? 0 : -1) : left.findIndex((talk) => begins(talk, heard));
        if (at >= 0) return left.splice(at, 1)[0];
        return heard.length > 0 && peer.exchanges.length > 0 ? none : undefined;
      },
      successor: (chosen) => (preludes.has(chosen) ? handsOver(connection, http) : undefined),
    });
  };
}

function handsOver(connection: PeerConnection, to: Reception): Successor {
  return (heard) => {
    connection.pause();
    if (heard.length > 0) connection.unshift(heard);
    to(connection);
    connection.resume();
  };
}

const speaksFirst = (talk: readonly Part[] | undefined): boolean => talk?.[0]?.from === 'peer';

/** Whether the program says that first. */
function begins(talk: readonly Part[], heard: Buffer): boolean {
  const said = talk.find(({ from }) => from === 'program')?.bytes;
  const length = Math.min(said?.length ?? 0, heard.length);
  return said !== undefined && said.subarray(0, length).equals(heard.subarray(0, length));
}

const isWebSocket = (headers: readonly string[]): boolean =>
  headers.some((name, index) => /^upgrade$/i.test(name) && /^websocket$/i.test(headers[index + 1] ?? ''));

/** The answer to a request for another protocol, and what is said in it. */
function goesOver(
  { status, reason, headers, talk, after, carriesHttp }: Upgraded,
  lead: number,
  request: http.IncomingMessage,
  { connection, unmatched, socketFile, carries }: PeerOptions,
): void {
  const key = request.headers['sec-websocket-key'];
  const lines = headers.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const isAccept = key !== undefined && /^sec-websocket-accept$/i.test(name);
    return [`${name}: ${isAccept ? acceptOf(key) : headers[index + 1]}`];
  });
  connection.answers({ after, lead, follows: false });
  connection.write([`HTTP/1.1 ${status} ${reason}`, ...lines, '', ''].join('\r\n'));
  const speaksFrames = isWebSocket(headers);
  const plain = speaksFrames ? unmaskedTalk(talk) : talk;
  const frames = new UnmaskedFrames();
  const own = speaksFrames ? { read: (bytes: Buffer) => frames.read(bytes), courtesy: closing } : {};
  const successor = (): Successor | undefined => (carriesHttp ? handsOver(connection, carries) : undefined);
  new Talk(connection, { unmatched, resetFile: resetFile(socketFile), choose: () => plain, successor, ...own }, true);
}
