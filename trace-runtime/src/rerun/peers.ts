/** The recorded peers of a program, on sockets in the scratch folder: they answer what they answered. */
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { resetFile, type PeerAnswers } from '../model/recorded-world.ts';
import { AnswerTurns } from './answer-turns.ts';
import type { Exchange, Part, Peer, Upgraded } from './exchanges.ts';
import { Talk, UNANSWERED_MS } from './talk.ts';
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
  const turns = new AnswerTurns();
  const servers: net.Server[] = [];
  const listening = peers.map(async (peer, index) => {
    const socket = path.join(scratch, `p${index}`);
    answers[peer.name] = { path: socket, connections: peer.connections };
    const told = (what: string): void => unmatched(`${peer.name}: ${what}`);
    const server =
      peer.exchanges.length > 0
        ? speaksHttp(peer.exchanges, { turns, unmatched: told, socketFile: socket })
        : talks(peer.talks, { turns, unmatched: told, socketFile: socket });
    servers.push(server);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  });
  await Promise.all(listening);
  return {
    answers,
    close() {
      turns.close();
      for (const server of servers) {
        if (server instanceof http.Server) server.closeAllConnections();
        server.close();
      }
    },
  };
}

interface PeerOptions {
  readonly turns: AnswerTurns;
  readonly unmatched: (what: string) => void;
  /** where it listens */
  readonly socketFile: string;
}

/** Sockets of the file system cannot: the program's side is told. */
function breakOff(socket: Duplex, socketFile: string): void {
  writeFileSync(resetFile(socketFile), '');
  socket.destroy();
}

function speaksHttp(exchanges: readonly Exchange[], peer: PeerOptions): http.Server {
  const { turns, unmatched } = peer;
  const left = [...exchanges];
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method, url } = request;
      const body = Buffer.concat(parts);
      const same = left.filter((each) => each.method === method && each.url === url);
      const found =
        same.find((each) => each.body.equals(body)) ??
        (same[0]?.body.length === 0 || body.length === 0 ? same[0] : undefined);
      if (!found) {
        const other = same.length > 0 ? ' with another body' : '';
        unmatched(`${method} ${url}${other}`);
        request.socket.destroy();
        return;
      }
      left.splice(left.indexOf(found), 1);
      if (!found.response) {
        const { failedAfter } = found;
        const wait = setTimeout(() => {
          if (failedAfter === undefined) unmatched(`${method} ${url}, before whose answer the recording ends`);
          request.socket.destroy();
        }, failedAfter ?? UNANSWERED_MS);
        request.socket.once('close', () => clearTimeout(wait));
        return;
      }
      const { status, reason, headers, body: answer, order, after } = found.response;
      turns.answer(order, after, () => {
        response.sendDate = false;
        response.writeHead(status, reason, [...headers]);
        response.end(answer);
      });
    });
  });
  server.on('upgrade', (request: http.IncomingMessage, socket: Duplex) => {
    const { method, url } = request;
    const at = left.findIndex((each) => each.upgraded && each.method === method && each.url === url);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found?.upgraded) return goesOver(found.upgraded, request, socket, peer);
    unmatched(`${method} ${url}, for another protocol`);
    socket.destroy();
  });
  server.on('clientError', (_error, socket) => void socket.destroy());
  return server;
}

/** Connections that speak no HTTP. */
function talks(recorded: readonly (readonly Part[])[], { turns, unmatched, socketFile }: PeerOptions): net.Server {
  const left = [...recorded];
  return net.createServer(
    (socket) =>
      void new Talk(socket, {
        turns,
        unmatched,
        reset: () => breakOff(socket, socketFile),
        choose(heard) {
          const at = left.findIndex((talk) => begins(talk, heard));
          return at < 0 ? undefined : left.splice(at, 1)[0];
        },
      }),
  );
}

/** Whether the program says that first; where it has said nothing, whether the peer does. */
function begins(talk: readonly Part[], heard: Buffer): boolean {
  if (heard.length === 0) return talk[0]?.from === 'peer';
  const said = talk.find(({ from }) => from === 'program')?.bytes;
  const length = Math.min(said?.length ?? 0, heard.length);
  return said !== undefined && said.subarray(0, length).equals(heard.subarray(0, length));
}

const isWebSocket = (headers: readonly string[]): boolean =>
  headers.some((name, index) => /^upgrade$/i.test(name) && /^websocket$/i.test(headers[index + 1] ?? ''));

/** The answer to a request for another protocol, and what is said in it. */
function goesOver(
  { status, reason, headers, talk }: Upgraded,
  request: http.IncomingMessage,
  socket: Duplex,
  { turns, unmatched, socketFile }: PeerOptions,
): void {
  const key = request.headers['sec-websocket-key'];
  const lines = headers.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const isAccept = key !== undefined && /^sec-websocket-accept$/i.test(name);
    return [`${name}: ${isAccept ? acceptOf(key) : headers[index + 1]}`];
  });
  socket.write([`HTTP/1.1 ${status} ${reason}`, ...lines, '', ''].join('\r\n'));
  const speaksFrames = isWebSocket(headers);
  const plain = speaksFrames ? unmaskedTalk(talk) : talk;
  const frames = new UnmaskedFrames();
  const own = speaksFrames ? { read: (bytes: Buffer) => frames.read(bytes), courtesy: closing } : {};
  const reset = (): void => breakOff(socket, socketFile);
  new Talk(socket, { turns, unmatched, reset, choose: () => plain, ...own }).goOn();
}
