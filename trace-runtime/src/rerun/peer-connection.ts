/** A connection to a program under rerun, for Node's HTTP server: what is written goes out in frames. */
import type net from 'node:net';
import { Duplex } from 'node:stream';
import { encodePeerFrame, type PeerTime } from '../model/peer-frames.ts';

const AT_ONCE: PeerTime = { after: 0, lead: 0, follows: false };
const NEXT: PeerTime = { after: 0, lead: 0, follows: true };

export class PeerConnection extends Duplex {
  #time = AT_ONCE;
  #heard = 0;

  constructor(private readonly socket: net.Socket) {
    super({ allowHalfOpen: false });
    socket.on('data', (bytes: Buffer) => {
      this.#heard += bytes.length;
      this.push(bytes);
      // requests that are whole by now have been answered by then
      setImmediate(() => setImmediate(() => this.#tell()));
    });
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
    // after what the peer says first
    setImmediate(() => this.#tell());
  }

  /** What is written from now on was answered so. */
  answers(time: PeerTime): void {
    this.#time = time;
  }

  breaksOff(time: PeerTime, unmatched: string): void {
    this.socket.write(encodePeerFrame({ kind: 'close', unmatched, ...time }));
  }

  /** Node's HTTP sets it on any connection. */
  setTimeout(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // what comes is pushed as it comes
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.#send(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  override _writev(
    chunks: { readonly chunk: Buffer | string; readonly encoding: BufferEncoding }[],
    done: () => void,
  ): void {
    const bytes = chunks.map(({ chunk, encoding }) =>
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
    );
    this.#send(Buffer.concat(bytes));
    done();
  }

  override _final(done: () => void): void {
    this.socket.end();
    done();
  }

  override _destroy(_error: Error | null, done: () => void): void {
    this.socket.destroy();
    done();
  }

  #send(bytes: Buffer): void {
    this.socket.write(encodePeerFrame({ kind: 'bytes', bytes, ...this.#time }));
    this.#time = NEXT;
  }

  #tell(): void {
    if (!this.socket.destroyed) this.socket.write(encodePeerFrame({ kind: 'heard', bytes: this.#heard }));
  }
}
