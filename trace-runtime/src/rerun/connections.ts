/**
 * Connections that others made to the program's servers, made again for an exact run: in the order in which they were
 * accepted, each with its requests one after the other, or its bytes. When the program takes what comes is its turns' business.
 */
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';
import { makeRequest, type IncomingRequest } from './incoming.ts';

export interface IncomingConnection {
  /** that the server had */
  readonly port: number;
  /** undefined: it speaks no HTTP */
  readonly requests: readonly IncomingRequest[] | undefined;
  readonly parts: readonly Buffer[];
  /** the recorded run saw its end */
  readonly isClosed: boolean;
}

/** Without those that the program, or a process of its own, made itself. */
export function incomingConnections(
  streams: readonly ReadStream[],
  requests: readonly IncomingRequest[],
  contents: Contents,
): readonly IncomingConnection[] {
  const own = ownConnections(streams);
  return streams.flatMap(({ entries }, stream) => {
    const accepted = entries.filter(
      ({ kind, detail }) => kind === 'socket.accepted' && detail['event'] === 'connection',
    );
    return accepted.flatMap(({ detail }): IncomingConnection[] => {
      const { socket, localPort } = detail;
      if (typeof localPort !== 'number') return [];
      const mine = requests.filter((each) => each.stream === stream && each.socket === String(socket));
      const left = own.get(localPort) ?? 0;
      const speaksHttp = entries.some((each) => each.kind === 'http.request' && each.detail['socket'] === socket);
      // whose requests are the program's own, or as many as it made itself
      if (speaksHttp ? mine.length === 0 : left > 0) {
        own.set(localPort, left - 1);
        return [];
      }
      const parts = entries
        .filter((each) => each.kind === 'socket.in' && each.detail['socket'] === socket)
        .flatMap((each) => contents.bytes(each.detail['content']) ?? []);
      const isClosed = entries.some(
        (each) => each.kind === 'socket.event' && each.detail['socket'] === socket && each.detail['event'] === 'close',
      );
      return [{ port: localPort, requests: speaksHttp ? mine : undefined, parts, isClosed }];
    });
  });
}

function ownConnections(streams: readonly ReadStream[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { entries } of streams)
    for (const { kind, detail } of entries) {
      const port = Number(detail['port']);
      if (kind === 'socket.connect' && port > 0) counts.set(port, (counts.get(port) ?? 0) + 1);
    }
  return counts;
}

const LOOK_MS = 10;

/** Resolves when all was sent and answered, or `over`. */
export async function makeConnections(
  connections: readonly IncomingConnection[],
  scratch: string,
  over: AbortSignal,
): Promise<void> {
  const all: Promise<void>[] = [];
  for (const connection of connections) {
    const port = await realPort(connection.port, scratch, over);
    if (port === undefined) return;
    const socket = await connect(port, over);
    if (!socket) return;
    all.push(use(socket, connection, over));
  }
  await Promise.all(all);
}

async function realPort(port: number, scratch: string, over: AbortSignal): Promise<number | undefined> {
  const file = path.join(scratch, 'listening', String(port));
  while (!over.aborted && !existsSync(file)) await pause(LOOK_MS);
  return over.aborted ? undefined : Number(readFileSync(file, 'utf8')) || undefined;
}

function connect(port: number, over: AbortSignal): Promise<net.Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', signal: over });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
    socket.on('error', () => undefined);
  });
}

async function use(
  socket: net.Socket,
  { requests, parts, isClosed }: IncomingConnection,
  over: AbortSignal,
): Promise<void> {
  if (requests === undefined) {
    socket.resume();
    for (const part of parts) {
      socket.write(part);
      await pause(1);
    }
  } else {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    Object.assign(agent, { createConnection: () => socket });
    for (const request of requests) if (!over.aborted) await makeRequest(request, { agent }, over);
  }
  if (isClosed) socket.destroySoon();
}
