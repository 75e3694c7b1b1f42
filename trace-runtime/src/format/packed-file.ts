/**
 * Whole files of a recording in compressed form: `NAME.z` stands for `NAME`.
 *
 *     byte 0      CompressionId
 *     bytes 1-4   length of the content, little-endian
 *     then        the compressed content
 */
import { bestCompression, canDecompress, compress, compressNow, Compression, decompress } from './compression.ts';

export const PACKED = '.z';
const HEAD = 5;

/** In the thread pool. */
export async function packFile(content: Uint8Array): Promise<Uint8Array> {
  return framed(content, await compress(content, bestCompression, 'leisure'));
}

export function packFileNow(content: Uint8Array): Uint8Array {
  return framed(content, compressNow(content, bestCompression));
}

function framed(content: Uint8Array, compressed: Uint8Array): Uint8Array {
  const smaller = compressed.length < content.length;
  const head = Buffer.alloc(HEAD);
  head[0] = smaller ? bestCompression : Compression.none;
  head.writeUInt32LE(content.length, 1);
  return Buffer.concat([head, smaller ? compressed : content]);
}

/** undefined where the bytes are damaged, or compressed in a way that this Node does not read */
export function unpackFile(bytes: Uint8Array): Buffer | undefined {
  if (bytes.length < HEAD) return undefined;
  const id = bytes[0] as number;
  if (!canDecompress(id)) return undefined;
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(1);
  try {
    const content = decompress(bytes.subarray(HEAD), id, length);
    return content.length === length ? Buffer.from(content.buffer, content.byteOffset, content.length) : undefined;
  } catch {
    return undefined;
  }
}
