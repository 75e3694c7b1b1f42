/**
 * What a recorded peer sends a program in a rerun: its bytes at once, with the time that they took. The program's side
 * holds them back until they are due there.
 */
export type PeerFrame =
  | PeerBytes
  /** all bytes that came up to that number, from the first, are answered as far as they are */
  | { readonly kind: 'heard'; readonly bytes: number }
  /** the connection breaks off; `unmatched`: and with it the recording ends */
  | ({ readonly kind: 'close'; readonly unmatched: string } & PeerTime);

export type PeerBytes = { readonly kind: 'bytes'; readonly bytes: Uint8Array } & PeerTime;

export interface PeerTime {
  /** milliseconds after what was answered, or after what the peer sent before */
  readonly after: number;
  /** after what it sent before */
  readonly follows: boolean;
  /** of an answer: so long had the program's turn of the event loop lasted when it asked, in milliseconds */
  readonly lead: number;
}

const KINDS = ['bytes', 'heard', 'close'] as const;
/** kind, follows, after, lead, length */
const HEAD_BYTES = 1 + 1 + 8 + 8 + 4;

export function encodePeerFrame(frame: PeerFrame): Buffer {
  const isHeard = frame.kind === 'heard';
  const payload =
    frame.kind === 'bytes' ? frame.bytes : Buffer.from(frame.kind === 'close' ? frame.unmatched : '', 'utf8');
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(KINDS.indexOf(frame.kind), 0);
  head.writeUInt8(!isHeard && frame.follows ? 1 : 0, 1);
  head.writeDoubleLE(isHeard ? frame.bytes : frame.after, 2);
  head.writeDoubleLE(isHeard ? 0 : frame.lead, 10);
  head.writeUInt32LE(payload.length, 18);
  return Buffer.concat([head, payload]);
}

/** Takes frames out of bytes, in whatever portions these come. */
export class PeerFrames {
  #held: Buffer = Buffer.alloc(0);

  add(bytes: Uint8Array): readonly PeerFrame[] {
    this.#held = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    const frames: PeerFrame[] = [];
    while (this.#held.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + this.#held.readUInt32LE(18);
      if (this.#held.length < end) break;
      frames.push(decoded(this.#held.subarray(0, end)));
      this.#held = this.#held.subarray(end);
    }
    return frames;
  }
}

function decoded(frame: Buffer): PeerFrame {
  const kind = KINDS[frame.readUInt8(0)];
  const number = frame.readDoubleLE(2);
  if (kind === 'heard') return { kind, bytes: number };
  const time: PeerTime = { follows: frame.readUInt8(1) === 1, after: number, lead: frame.readDoubleLE(10) };
  const payload = frame.subarray(HEAD_BYTES);
  if (kind === 'close') return { kind, unmatched: payload.toString('utf8'), ...time };
  return { kind: 'bytes', bytes: payload, ...time };
}
