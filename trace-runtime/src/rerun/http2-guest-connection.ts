/** Plays a guest over HTTP/2: a client of Node's own to the real port of a server of the program's. */
import http2 from 'node:http2';
import net from 'node:net';
import { http2HeadersOf } from '../model/http2-headers.ts';
import { heardBefore, PATIENCE_MS } from './guest-connections.ts';
import type { Http2Guest, Http2GuestAct } from './http2-guests.ts';
import type { ServerPlace } from './server-places.ts';

export class Http2GuestConnection {
  #session: http2.ClientHttp2Session | undefined;
  readonly #streams: http2.ClientHttp2Stream[] = [];
  #heard = 0;
  #isOver = false;

  constructor(readonly guest: Http2Guest) {}

  /** Whether it has heard what it had heard before that place of the thread. */
  hasHeard(order: number): boolean {
    return this.#session === undefined || this.#isOver || this.#heard >= heardBefore(this.guest, order);
  }

  get heard(): number {
    return this.#heard;
  }

  /** Resolves when it is connected. Rejects where it cannot be. */
  connect(place: ServerPlace): Promise<void> {
    const { isSecure, servername } = this.guest;
    const port = 'path' in place ? 0 : place.port;
    const options: http2.SecureClientSessionOptions = {
      rejectUnauthorized: false,
      ...(servername ? { servername } : {}),
      ...('path' in place ? { createConnection: () => net.connect(place.path) } : {}),
    };
    const session = http2.connect(`${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`, options);
    this.#session = session;
    session.on('close', () => (this.#isOver = true));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('nobody took it')), PATIENCE_MS);
      session.once('connect', () => {
        clearTimeout(late);
        resolve();
      });
      session.on('error', reject);
      session.once('close', () => clearTimeout(late));
    });
  }

  /** What the program does not take any more is lost, as ever. */
  act(act: Http2GuestAct): Promise<void> | undefined {
    const session = this.#session;
    if (!session || session.destroyed) return undefined;
    const stream = 'stream' in act ? this.#streams[act.stream] : undefined;
    switch (act.kind) {
      case 'asks':
        if (!session.closed) this.#ask(session, act);
        return undefined;
      case 'data':
        if (stream?.writable) stream.write(act.bytes);
        return undefined;
      case 'trailers':
        stream?.on('wantTrailers', () => stream.sendTrailers(http2HeadersOf(act.headers)));
        return undefined;
      case 'end':
        stream?.end();
        return undefined;
      case 'reset':
        stream?.close(act.code);
        return undefined;
      case 'closes':
        session.close();
        return undefined;
      case 'leaves':
        session.destroy();
        return undefined;
      case 'connect':
        return undefined;
    }
  }

  close(): void {
    this.#session?.destroy();
  }

  #ask(session: http2.ClientHttp2Session, { headers, ends }: Extract<Http2GuestAct, { readonly kind: 'asks' }>): void {
    const waitForTrailers = this.guest.does.some((each) => each.kind === 'trailers');
    const stream = session.request(http2HeadersOf(headers), { endStream: ends, waitForTrailers } as object);
    this.#streams.push(stream);
    stream.on('response', () => this.#heard++);
    stream.on('data', (bytes: Buffer) => (this.#heard += bytes.length));
    stream.on('end', () => this.#heard++);
    stream.on('error', () => undefined);
  }
}
