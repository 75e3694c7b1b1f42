/** Plays guests: connections to the real ports of the program's servers. */
import net from 'node:net';
import tls from 'node:tls';
import type { Guest, GuestAct } from './guests.ts';
import type { ServerPlace } from './server-places.ts';

/** The program says no more than it did before the guest goes on. */
const SILENCE_MS = 400;
const LOOK_MS = 5;
export const PATIENCE_MS = 2000;

/** How much a guest had heard before that place of the thread. */
export function heardBefore({ hears }: Pick<Guest, 'hears'>, order: number): number {
  let length = 0;
  for (const each of hears) if (each.order < order) length += each.length;
  return length;
}

export class GuestConnection {
  #socket: net.Socket | undefined;
  #heard = 0;
  #isOver = false;

  constructor(readonly guest: Guest) {}

  /** Whether it has heard what it had heard before that place of the thread. */
  hasHeard(order: number): boolean {
    return this.#socket === undefined || this.#isOver || this.#heard >= heardBefore(this.guest, order);
  }

  get heard(): number {
    return this.#heard;
  }

  /** Resolves when it is connected. Rejects where it cannot be. */
  connect(place: ServerPlace): Promise<void> {
    const { isSecure, servername } = this.guest;
    const way = 'path' in place ? { path: place.path } : { port: place.port, host: '127.0.0.1' };
    const options = { ...way, rejectUnauthorized: false, ...(servername ? { servername } : {}), allowHalfOpen: true };
    const socket = isSecure
      ? tls.connect(options as tls.ConnectionOptions)
      : net.connect({ ...way, allowHalfOpen: true } as net.NetConnectOpts);
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => (this.#heard += bytes.length));
    socket.on('end', () => (this.#isOver = true));
    socket.on('close', () => (this.#isOver = true));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('nobody took it')), PATIENCE_MS);
      socket.once(isSecure ? 'secureConnect' : 'connect', () => resolve());
      socket.on('error', reject);
      socket.on('close', () => clearTimeout(late));
      socket.once('connect', () => clearTimeout(late));
    });
  }

  /** Resolves when it is on its way. What the program does not take any more is lost, as ever. */
  act({ kind, bytes }: GuestAct): Promise<void> | undefined {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return undefined;
    if (kind === 'end') socket.end();
    else if (kind === 'reset') resetting(socket);
    else if (!socket.writableEnded) return sent(socket, bytes);
    return undefined;
  }

  close(): void {
    this.#socket?.destroy();
  }
}

/** It may be that the program does not read. */
function sent(socket: net.Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PATIENCE_MS);
    socket.write(bytes, () => {
      clearTimeout(late);
      resolve();
    });
  });
}

function resetting(socket: net.Socket): void {
  if (socket instanceof tls.TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Waits until all have heard what they had heard, or nothing more is said. */
export async function haveHeard(
  connections: readonly Pick<GuestConnection, 'heard' | 'hasHeard'>[],
  order: number,
  over: AbortSignal,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  const heard = (): number => connections.reduce((all, each) => all + each.heard, 0);
  let [before, since] = [heard(), performance.now()];
  while (!over.aborted && !connections.every((each) => each.hasHeard(order))) {
    await pause(LOOK_MS);
    const now = heard();
    if (now !== before) [before, since] = [now, performance.now()];
    if (performance.now() - since > SILENCE_MS) return;
  }
}
