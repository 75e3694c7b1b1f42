import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** The head of any masked text message of less than 4 GiB, up to the bytes that tell its length. */
const HEAD = Buffer.from([0x81, 0xff, 0, 0, 0, 0]);

/** As much of a WebSocket client (RFC 6455) as V8's inspector needs: text messages to and from 127.0.0.1. */
export class WebSocketClient {
  readonly #socket: Socket;
  #data: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #wanted = 2;
  #message: Buffer[] = [];
  #open = false;
  #headSent = 0;
  onMessage: (text: string) => void = () => {};
  onClose: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static connect(url: string): Promise<WebSocketClient> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    const client = new WebSocketClient(socket);
    return new Promise((resolve, reject) => {
      socket.on('error', (error) => {
        reject(error);
        client.onClose();
      });
      socket.on('close', () => client.onClose());
      socket.on('connect', () => {
        const key = randomBytes(16).toString('base64');
        socket.write(
          `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
            `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
        );
      });
      socket.on('data', (data: Buffer) => client.#receive(data, () => resolve(client)));
    });
  }

  send(text: string): void {
    const body = Buffer.from(text);
    const head = Buffer.alloc(14);
    HEAD.copy(head);
    head.writeUInt32BE(body.length, 6);
    // A mask of zeros is a valid mask, and saves the masking.
    this.#socket.write(Buffer.concat([head.subarray(this.#headSent), body]));
    this.#headSent = 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer, opened: () => void): void {
    // The inspector's socket delays small writes until the last is acknowledged, and the system delays bare
    // acknowledgements by 40 ms: so one rides on a byte of the next message's head.
    if (this.#open && this.#headSent < HEAD.length) {
      this.#socket.write(HEAD.subarray(this.#headSent, ++this.#headSent));
    }
    this.#chunks.push(data);
    this.#chunkBytes += data.length;
    if (this.#data.length + this.#chunkBytes < this.#wanted) return;
    this.#data = Buffer.concat([this.#data, ...this.#chunks]);
    this.#chunks = [];
    this.#chunkBytes = 0;
    if (!this.#open) {
      const end = this.#data.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#open = true;
      this.#data = this.#data.subarray(end + 4);
      opened();
    }
    while (this.#frame());
  }

  /** Takes one frame off the data; false when more bytes are needed. */
  #frame(): boolean {
    const data = this.#data;
    this.#wanted = 2;
    if (data.length < 2) return false;
    const [first = 0, second = 0] = data;
    let length = second & 127;
    let at = 2;
    if (length >= 126) {
      at = length === 126 ? 4 : 10;
      this.#wanted = at;
      if (data.length < at) return false;
      length = length === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    }
    this.#wanted = at + length;
    if (data.length < at + length) return false;
    const body = data.subarray(at, at + length);
    this.#data = data.subarray(at + length);
    this.#wanted = 2;
    const opcode = first & 15;
    if (opcode === 8) this.close();
    if (opcode > 2) return true;
    this.#message.push(body);
    if (first & 0x80) {
      const text = Buffer.concat(this.#message).toString();
      this.#message = [];
      this.onMessage(text);
    }
    return true;
  }
}
