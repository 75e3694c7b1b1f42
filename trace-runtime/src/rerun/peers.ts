/** The recorded peers of a program, on sockets in the scratch folder: they answer what they answered. */
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import type { PeerAnswers } from '../model/recorded-world.ts';
import { AnswerTurns } from './answer-turns.ts';
import type { Exchange, Part, Peer } from './exchanges.ts';

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
    const server = peer.exchanges.length > 0 ? speaksHttp(peer.exchanges, turns, told) : talks(peer.talks, turns, told);
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

/** A program that waits so long for what it never got goes another way than it did. */
const UNANSWERED_MS = 3000;

function speaksHttp(
  exchanges: readonly Exchange[],
  turns: AnswerTurns,
  unmatched: (what: string) => void,
): http.Server {
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
  server.on('clientError', (_error, socket) => void socket.destroy());
  return server;
}

/** A connection that speaks no HTTP: as much as was said before is waited for, then comes what was answered. */
function talks(
  recorded: readonly (readonly Part[])[],
  turns: AnswerTurns,
  unmatched: (what: string) => void,
): net.Server {
  const left = [...recorded];
  return net.createServer((socket) => {
    const talk = [...(left.shift() ?? [])];
    let heard = Buffer.alloc(0);
    let isAnswering = false;
    const goOn = (): void => {
      while (!isAnswering) {
        const [part] = talk;
        if (!part) return heard.length > 0 ? differs() : undefined;
        if (part.from === 'peer') {
          isAnswering = true;
          turns.answer(part.order, part.after, () => {
            isAnswering = false;
            talk.shift();
            socket.write(part.bytes);
            goOn();
          });
          continue;
        }
        const { length } = part.bytes;
        const same = Math.min(length, heard.length);
        if (!heard.subarray(0, same).equals(part.bytes.subarray(0, same))) return differs();
        if (heard.length < length) return;
        heard = heard.subarray(length);
        talk.shift();
      }
    };
    const differs = (): void => {
      unmatched('other bytes were sent than in the recording');
      socket.destroy();
    };
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      goOn();
    });
    goOn();
  });
}
