/**
 * Work that Node gives to other threads and that always brings the same: only when it is done is not known. `KIND` and
 * `KIND.done` say so, without what it brought. Only where a run is to be executed again.
 */
import crypto from 'node:crypto';
import { callingBack, promising, type Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import type { BoundaryOptions } from './sink.ts';
import { installZlibStreams } from './zlib-streams.ts';

const CRYPTO = ['pbkdf2', 'scrypt', 'hkdf', 'verify', 'checkPrime', 'diffieHellman'];
const ZLIB = [
  'deflate',
  'inflate',
  'gzip',
  'gunzip',
  'deflateRaw',
  'inflateRaw',
  'unzip',
  'brotliCompress',
  'brotliDecompress',
  'zstdCompress',
  'zstdDecompress',
];
const SUBTLE = ['digest', 'importKey', 'exportKey', 'decrypt', 'verify', 'deriveBits', 'deriveKey', 'unwrapKey'];

/** `zlib` costs each program a millisecond, and few use it: it is patched when it is asked for. */
export function installPool(log: BoundaryLog, late: NonNullable<BoundaryOptions['late']>): void {
  const crossing: Crossing = { args: () => ({}), result: () => ({}) };
  for (const name of CRYPTO) callingBack(log, crypto, name, `crypto.${name}`, crossing);
  late('zlib', () => {
    const zlib = process.getBuiltinModule('node:zlib');
    for (const name of ZLIB) callingBack(log, zlib, name, `zlib.${name}`, crossing);
    installZlibStreams(log, zlib);
  });
  const { webcrypto } = crypto;
  if (!webcrypto) return;
  const subtle: object = Object.getPrototypeOf(webcrypto.subtle);
  for (const name of SUBTLE) promising(log, subtle, name, `crypto.subtle.${name}`, crossing);
}
