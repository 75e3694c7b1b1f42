/** WebSockets as their peer hears them (RFC 6455): what a client says is masked with random numbers, which say nothing. */
import { createHash } from 'node:crypto';
import type { Part } from './exchanges.ts';

/** Of RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MASKED = 0x80;
const SHORT = 126;

/** The server's answer to a client's key. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}

const CLOSE = 0x88;

/** To a frame that says goodbye the same one is the answer. `frame`: without a mask. */
export function closing(frame: Buffer): Buffer | undefined {
  return frame[0] === CLOSE ? frame : undefined;
}

/** Takes bytes in any portions, and gives whole frames without their masks. */
export class UnmaskedFrames {
  #rest = Buffer.alloc(0);

  read(bytes: Buffer): Buffer {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const frames: Buffer[] = [];
    for (let frame: Buffer | undefined; (frame = this.#next());) frames.push(frame);
    return Buffer.concat(frames);
  }

  #next(): Buffer | undefined {
    const rest = this.#rest;
    if (rest.length < 2) return undefined;
    const isMasked = (rest[1]! & MASKED) !== 0;
    const short = rest[1]! & ~MASKED;
    const extra = short < SHORT ? 0 : short === SHORT ? 2 : 8;
    const head = 2 + extra;
    const from = head + (isMasked ? 4 : 0);
    if (rest.length < from) return undefined;
    const length = extra === 0 ? short : extra === 2 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    if (rest.length < from + length) return undefined;
    const payload = Buffer.from(rest.subarray(from, from + length));
    if (isMasked) for (let i = 0; i < length; i++) payload[i]! ^= rest[head + (i % 4)]!;
    const start = Buffer.from(rest.subarray(0, head));
    start[1]! &= ~MASKED;
    this.#rest = rest.subarray(from + length);
    return Buffer.concat([start, payload]);
  }
}

/** What the program said, frame by frame. */
export function unmaskedTalk(talk: readonly Part[]): readonly Part[] {
  const frames = new UnmaskedFrames();
  return talk.flatMap((part) => {
    if (part.from === 'peer') return [part];
    const bytes = frames.read(part.bytes);
    return bytes.length > 0 ? [{ ...part, bytes }] : [];
  });
}
