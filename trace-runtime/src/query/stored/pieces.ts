/** Records of a block log by what they hold: of those that were written lately, none is written twice. */
import { createHash } from 'node:crypto';
import type { BlockLog } from './block-log.ts';

const KNOWN = 60_000;
/** Of longer ones the digest is kept. */
const LONG = 64;

export class Pieces {
  private readonly known = new Map<string, number>();

  constructor(private readonly log: BlockLog) {}

  put(bytes: Uint8Array): number {
    const key = keyOf(bytes);
    let place = this.known.get(key);
    if (place !== undefined) return place;
    place = this.log.append(bytes);
    if (this.known.size >= KNOWN) this.known.clear();
    this.known.set(key, place);
    return place;
  }
}

function keyOf(bytes: Uint8Array): string {
  if (bytes.length > LONG) return createHash('md5').update(bytes).digest('base64');
  return `:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`;
}
