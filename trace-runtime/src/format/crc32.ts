/** CRC-32 (ISO 3309) as zlib has it. Node has had it since 20.15 and 22.2. */
import zlib from 'node:zlib';

export function crc32(bytes: Uint8Array, seed = 0): number {
  return typeof zlib.crc32 === 'function' ? zlib.crc32(bytes, seed) : crc32ByTable(bytes, seed);
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32ByTable(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  for (let index = 0; index < bytes.length; index++) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[index] ?? 0)) & 255] ?? 0);
  }
  return ~crc >>> 0;
}
