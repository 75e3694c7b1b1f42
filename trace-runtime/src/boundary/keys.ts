/**
 * What `crypto` makes of its own randomness: keys, primes, signatures of ECDSA and PSS, encryptions with padding. Kept, as
 * `crypto.key.NAME`, only where a run is to be executed again.
 */
import crypto, { KeyObject } from 'node:crypto';
import type { RecordedCall, WorldJson } from '../model/recorded-world.ts';
import { callingBack, promising, returning, type Crossing } from './calls.ts';
import type { Json, Members } from './json.ts';
import type { BoundaryLog } from './log.ts';
import { ownData, replace } from './patch.ts';
import { recordedContent } from './recorded-calls.ts';
import { withoutWarning } from './without-warning.ts';

type Detail = RecordedCall['detail'];

const { isArray } = Array;
const { apply } = Reflect;
const { createPrivateKey, createPublicKey, createSecretKey } = crypto;
const args: Crossing['args'] = () => ({});

/** What was made: the form of each, and its bytes or text. */
function made(log: BoundaryLog, values: readonly unknown[]): Members {
  const forms = values.map(formOf);
  return { forms, contents: values.map((value, index) => log.content(exported(value, forms[index]))) };
}

function formOf(value: unknown): string {
  if (value instanceof KeyObject) return value.type;
  if (typeof value === 'bigint') return 'bigint';
  if (value instanceof ArrayBuffer) return 'buffer';
  return typeof value === 'string' || ArrayBuffer.isView(value) ? 'bytes' : 'jwk';
}

function exported(value: unknown, form: string | undefined): unknown {
  switch (form) {
    case 'secret':
      return (value as KeyObject).export();
    case 'public':
      return (value as KeyObject).export({ type: 'spki', format: 'der' });
    case 'private':
      return (value as KeyObject).export({ type: 'pkcs8', format: 'der' });
    case 'bigint':
      return String(value);
    case 'buffer':
      return new Uint8Array(value as ArrayBuffer);
    default:
      return form === 'jwk' ? JSON.stringify(value) : value;
  }
}

/** undefined: not all was kept */
function again({ forms, contents }: Detail): readonly unknown[] | undefined {
  if (!isArray(forms) || !isArray(contents)) return undefined;
  const values = (contents as readonly WorldJson[]).map((kept, index) => {
    const content = recordedContent(kept);
    return content === undefined ? undefined : imported(content, String((forms as readonly WorldJson[])[index]));
  });
  return values.includes(undefined) ? undefined : values;
}

function imported(content: string | Buffer, form: string): unknown {
  if (form === 'bytes') return content;
  if (form === 'bigint') return BigInt(String(content));
  if (form === 'jwk') return JSON.parse(String(content)) as unknown;
  const key = typeof content === 'string' ? Buffer.from(content) : content;
  if (form === 'secret') return createSecretKey(key);
  if (form === 'public') return createPublicKey({ key, format: 'der', type: 'spki' });
  if (form === 'private') return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return new Uint8Array(key).buffer;
}

export function installKeys(log: BoundaryLog): void {
  const values: Crossing = { args, result: (results) => made(log, results), replay: again };
  const pair: Crossing = {
    args,
    result: ([both]) => made(log, [ownData(both, 'publicKey'), ownData(both, 'privateKey')]),
    replay(detail) {
      const [publicKey, privateKey] = again(detail) ?? [];
      return privateKey === undefined ? undefined : [{ publicKey, privateKey }];
    },
  };
  const isCalledBack = (given: readonly unknown[]): boolean => typeof given.at(-1) === 'function';
  returning(log, crypto, 'generateKeyPairSync', 'crypto.key.pair', pair);
  callingBack(log, crypto, 'generateKeyPair', 'crypto.key.pair', values);
  for (const [name, kind] of [
    ['generateKey', 'crypto.key.secret'],
    ['generatePrime', 'crypto.key.prime'],
  ] as const) {
    returning(log, crypto, `${name}Sync`, kind, values);
    callingBack(log, crypto, name, kind, values);
  }
  const { createDiffieHellman } = crypto;
  returning(log, crypto, 'createDiffieHellman', 'crypto.key.group', {
    args,
    ignore: ([size]) => typeof size !== 'number',
    result([group]) {
      const { getPrime, getGenerator } = group as crypto.DiffieHellman;
      return made(log, [apply(getPrime, group, []), apply(getGenerator, group, [])]);
    },
    replay(detail) {
      const [prime, generator] = again(detail) ?? [];
      return prime === undefined ? undefined : [createDiffieHellman(prime as Buffer, generator as Buffer)];
    },
  });
  returning(log, crypto, 'sign', 'crypto.key.sign', { ...values, ignore: isCalledBack });
  callingBack(log, crypto, 'sign', 'crypto.key.sign', values);
  returning(log, crypto.Sign.prototype, 'sign', 'crypto.key.sign', values);
  returning(log, crypto, 'publicEncrypt', 'crypto.key.encrypt', values);
  installAgreement(log);
  installWebKeys(log, values);
}

interface Agreement {
  getPrivateKey(): Buffer;
  getPublicKey(...encoding: readonly unknown[]): unknown;
  setPrivateKey(key: Buffer): void;
  setPublicKey?(key: Buffer): void;
}

/** Of Diffie and Hellman: the keys stay in the object. */
function installAgreement(log: BoundaryLog): void {
  const classes = [crypto.ECDH, crypto.DiffieHellman, crypto.DiffieHellmanGroup] as unknown as readonly {
    readonly prototype: object;
  }[];
  for (const { prototype } of classes)
    replace(
      prototype,
      'generateKeys',
      log.hide,
      (original) =>
        function (...given) {
          const self = this as Agreement;
          const held = { make: () => apply(original, self, given) };
          returning(log, held, 'make', 'crypto.key.agreement', {
            args,
            result: () => made(log, [self.getPrivateKey(), self.getPublicKey()]),
            replay(detail) {
              const [own, open] = again(detail) ?? [];
              if (own === undefined) return undefined;
              self.setPrivateKey(own as Buffer);
              if (!(self instanceof crypto.ECDH)) self.setPublicKey?.(open as Buffer);
              return [self.getPublicKey(...given)];
            },
          });
          return held.make();
        },
    );
}

type WebKeys = CryptoKey | CryptoKeyPair;

/** Node 24 warns of one that may not be extracted. */
function keyObjectOf(key: CryptoKey): KeyObject {
  return withoutWarning(() => KeyObject.from(key as crypto.webcrypto.CryptoKey));
}

function installWebKeys(log: BoundaryLog, values: Crossing): void {
  const { webcrypto } = crypto;
  if (!webcrypto) return;
  const subtle = Object.getPrototypeOf(webcrypto.subtle) as object;
  const importKey = Reflect.get(subtle, 'importKey') as (...given: unknown[]) => Promise<CryptoKey>;
  for (const name of ['sign', 'encrypt', 'wrapKey']) promising(log, subtle, name, `crypto.subtle.${name}`, values);
  const listed = (keys: WebKeys): readonly CryptoKey[] =>
    'publicKey' in keys ? [keys.publicKey, keys.privateKey] : [keys];
  promising(log, subtle, 'generateKey', 'crypto.key.web', {
    args,
    result: ([keys]) => ({
      ...made(log, listed(keys as WebKeys).map(keyObjectOf)),
      keys: listed(keys as WebKeys).map(({ extractable, usages }): Json => ({ extractable, usages: [...usages] })),
    }),
    replay(detail, [algorithm]) {
      const objects = again(detail) as readonly KeyObject[] | undefined;
      if (!objects || !isArray(detail['keys'])) return undefined;
      const told = detail['keys'] as unknown as readonly { extractable: boolean; usages: readonly string[] }[];
      const keys = objects.map((object, index) => {
        const format = object.type === 'secret' ? 'raw' : object.type === 'public' ? 'spki' : 'pkcs8';
        const { extractable, usages } = told[index]!;
        return importKey.call(webcrypto.subtle, format, exported(object, object.type), algorithm, extractable, usages);
      });
      return [Promise.all(keys).then(([first, second]) => (second ? { publicKey: first, privateKey: second } : first))];
    },
  });
}
