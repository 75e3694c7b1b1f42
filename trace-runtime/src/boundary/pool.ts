/**
 * Work that Node gives to other threads and that always brings the same: only when it is done is not known. `KIND` and
 * `KIND.done` say so, without what it brought. Only where a run is to be executed again.
 */
import crypto from 'node:crypto';
import zlib from 'node:zlib';
import { callingBack, promising, type Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';

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

export function installPool(log: BoundaryLog): void {
  const crossing: Crossing = { args: () => ({}), result: () => ({}) };
  for (const name of CRYPTO) callingBack(log, crypto, name, `crypto.${name}`, crossing);
  for (const name of ZLIB) callingBack(log, zlib, name, `zlib.${name}`, crossing);
  const { webcrypto } = crypto;
  if (!webcrypto) return;
  const subtle: object = Object.getPrototypeOf(webcrypto.subtle);
  for (const name of SUBTLE) promising(log, subtle, name, `crypto.subtle.${name}`, crossing);
}
