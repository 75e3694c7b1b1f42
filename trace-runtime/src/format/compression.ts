/** How blocks are compressed. zstd where this Node's zlib has it (22.15, 23.8 and newer), else deflate. */
import zlib from 'node:zlib';

export const Compression = { none: 0, deflateRaw: 1, zstd: 2 } as const;
export type CompressionId = (typeof Compression)[keyof typeof Compression];

interface Zstd {
  zstdCompress(bytes: Uint8Array, options: object, done: (error: Error | null, result: Buffer) => void): void;
  zstdCompressSync(bytes: Uint8Array, options: object): Buffer;
  zstdDecompressSync(bytes: Uint8Array, options?: object): Buffer;
}

const zstd: Zstd | undefined =
  'zstdCompress' in zlib && 'zstdDecompressSync' in zlib ? (zlib as unknown as Zstd) : undefined;
/** ZSTD_c_compressionLevel */
const ZSTD_LEVEL = 100;

/** A damaged header may promise any length. */
const MOST_AT_ONCE = 2 ** 24;

export const bestCompression: CompressionId = zstd ? Compression.zstd : Compression.deflateRaw;

export function canDecompress(id: number): id is CompressionId {
  return id === Compression.none || id === Compression.deflateRaw || (id === Compression.zstd && zstd !== undefined);
}

/** Handing less to the thread pool, whose threads may have to be started for it, takes longer than compressing it. */
const SMALL = 1 << 15;

/** Levels of zstd and of deflate: where the program waits; as it has time; where nobody waits. */
const EFFORT = {
  fast: { zstd: 1, deflate: 1 },
  leisure: { zstd: 3, deflate: 1 },
  thorough: { zstd: 9, deflate: 7 },
} as const;
export type Effort = keyof typeof EFFORT;

/** Runs in the thread pool, unless there is little. */
export function compress(bytes: Uint8Array, id: CompressionId, effort: Effort): Promise<Uint8Array> {
  if (bytes.length < SMALL) return Promise.resolve(compressNow(bytes, id));
  const level = EFFORT[effort];
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: Buffer): void => (error ? reject(error) : resolve(result));
    if (id === Compression.zstd && zstd) zstd.zstdCompress(bytes, { params: { [ZSTD_LEVEL]: level.zstd } }, done);
    else if (id === Compression.deflateRaw) zlib.deflateRaw(bytes, { level: level.deflate }, done);
    else resolve(bytes);
  });
}

export function compressNow(bytes: Uint8Array, id: CompressionId): Uint8Array {
  if (id === Compression.zstd && zstd) return zstd.zstdCompressSync(bytes, { params: { [ZSTD_LEVEL]: 3 } });
  return id === Compression.deflateRaw ? zlib.deflateRawSync(bytes, { level: 1 }) : bytes;
}

/** Throws where the bytes are damaged or longer than `length`. */
export function decompress(bytes: Uint8Array, id: CompressionId, length: number): Uint8Array {
  // in one piece: zlib would make many and put them together
  const chunkSize = Math.min(Math.max(64, length + 1), MOST_AT_ONCE);
  const options = { maxOutputLength: Math.max(1, length), chunkSize };
  if (id === Compression.zstd && zstd) return zstd.zstdDecompressSync(bytes, options);
  if (id === Compression.deflateRaw) return zlib.inflateRawSync(bytes, options);
  return bytes;
}
