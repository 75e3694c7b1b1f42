/** A connection without a network: the program's end is a socket of Node's, the peer's end stands in the same thread. */
import type net from 'node:net';
import { Duplex, Readable } from 'node:stream';
import type { AnyFunction } from '../../patch.ts';
import { later } from '../time/real-time.ts';

const { apply, get } = Reflect;
const { defineProperty } = Object;
const { from, concat } = Buffer;
const { push } = Readable.prototype;

interface Chunk {
  readonly chunk: Buffer | string;
  readonly encoding: BufferEncoding;
}

export class PeerSide extends Duplex {
  /** the peer has ended its side */
  #hasEnded = false;

  /** `moves` hears whenever bytes go either way; `closed`, when the program's end is closed. */
  constructor(
    private readonly socket: net.Socket,
    private readonly moves: () => void,
    closed: () => void,
  ) {
    super({ allowHalfOpen: true });
    const prototype = get(socket, 'constructor').prototype as object;
    this.#own('_read', () => undefined);
    this.#own('_writeGeneric', (many, data, encoding, done) => {
      const bytes =
        many === true ? joined(data as readonly Chunk[]) : bytesOf(data as Buffer, encoding as BufferEncoding);
      this.#soon(() => this.#fromProgram(bytes));
      (done as () => void)();
    });
    this.#own('_final', (done) => {
      this.#soon(() => this.#fromProgram(null));
      // as a peer does that is left
      this.#toProgram(null);
      (done as () => void)();
    });
    this.#own('_destroy', (...args) => {
      closed();
      this.destroy();
      return apply(get(prototype, '_destroy') as AnyFunction, socket, args);
    });
  }

  /** The peer ends its side; `error`: the connection breaks off. */
  breaksOff(error?: Error): void {
    if (error) return void this.socket.destroy(error);
    if (!this.#hasEnded) apply(push, this.socket, [null]);
    this.#hasEnded = true;
    this.socket.destroy();
  }

  override _read(): void {
    // what comes is pushed as it comes
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.#toProgram(bytesOf(chunk, encoding));
    done();
  }

  override _writev(chunks: Chunk[], done: () => void): void {
    this.#toProgram(joined(chunks));
    done();
  }

  override _final(done: () => void): void {
    this.#toProgram(null);
    done();
  }

  override _destroy(_error: Error | null, done: () => void): void {
    this.#toProgram(null);
    done();
  }

  #toProgram(bytes: Buffer | null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = bytes === null;
    this.#soon(() => {
      if (!this.socket.destroyed) apply(push, this.socket, [bytes]);
    });
  }

  #fromProgram(bytes: Buffer | null): void {
    if (!this.destroyed) this.push(bytes);
  }

  /** Node expects nothing of a connection while it writes to it. */
  #soon(deliver: () => void): void {
    this.moves();
    later(() => {
      this.moves();
      deliver();
    });
  }

  #own(name: string, value: (...args: unknown[]) => unknown): void {
    defineProperty(this.socket, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

function bytesOf(chunk: Buffer | string, encoding: BufferEncoding): Buffer {
  return typeof chunk === 'string' ? from(chunk, encoding) : chunk;
}

function joined(chunks: readonly Chunk[]): Buffer {
  return concat(chunks.map(({ chunk, encoding }) => bytesOf(chunk, encoding)));
}
