// Crypto by value, in the thread pool and by the web's API; jobs race with timers.
import { createCipheriv, createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, createSign, createVerify, generateKeyPair, generateKeyPairSync, hkdf, pbkdf2, pbkdf2Sync, randomBytes, scrypt, sign, subtle, timingSafeEqual, verify, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

const order = [];
const note = (name) => (value) => {
  order.push(name);
  return value;
};
const salt = randomBytes(16);
const jobs = [
  promisify(pbkdf2)('password', salt, 20_000, 32, 'sha256').then(note('pbkdf2')),
  promisify(scrypt)('password', salt, 32, { N: 1024 }).then(note('scrypt')),
  promisify(hkdf)('sha256', 'key', salt, 'info', 32).then(note('hkdf')),
  new Promise((resolve) => setTimeout(resolve, 2)).then(note('timer')),
];
const [derived] = await Promise.all(jobs);
console.log(order.join(' '), derived.length, timingSafeEqual(derived, pbkdf2Sync('password', salt, 20_000, 32, 'sha256')));

const key = createHash('sha256').update(salt).digest();
const iv = randomBytes(12);
const cipher = createCipheriv('aes-256-gcm', key, iv);
const secret = Buffer.concat([cipher.update('attack at dawn', 'utf8'), cipher.final()]);
const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(cipher.getAuthTag());
console.log(secret.toString('hex'), decipher.update(secret, undefined, 'utf8') + decipher.final('utf8'));
const wrong = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(Buffer.alloc(16));
wrong.update(secret);
try {
  wrong.final();
} catch (error) {
  console.log(error.message.slice(0, 30));
}

const folder = new URL('keys/', import.meta.url);
const [privateKey, publicKey] = [createPrivateKey(readFileSync(new URL('test-key.pem', folder))), createPublicKey(readFileSync(new URL('test-cert.pem', folder)))];
const signature = createSign('sha256').update('words').sign(privateKey);
console.log(signature[0], createVerify('sha256').update('words').verify(publicKey, signature), createVerify('sha256').update('other').verify(publicKey, signature));
const pair = generateKeyPairSync('ed25519');
console.log(verify(null, Buffer.from('x'), pair.publicKey, sign(null, Buffer.from('x'), pair.privateKey)), pair.publicKey.export({ type: 'spki', format: 'pem' }).length);
generateKeyPair('ec', { namedCurve: 'P-256' }, (error, made, own) => console.log('pair', made.type, own.asymmetricKeyType));

const webKey = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']);
const mac = await subtle.sign('HMAC', webKey, Buffer.from('message'));
const raw = Buffer.from(await subtle.exportKey('raw', webKey));
console.log(mac.byteLength, createHmac('sha256', raw).update('message').digest().equals(Buffer.from(mac)));
const digests = await Promise.all(['SHA-1', 'SHA-256', 'SHA-512'].map((name) => webcrypto.subtle.digest(name, salt)));
console.log(digests.map((each) => Buffer.from(each).toString('hex').slice(0, 6)));
const hash = createHash('sha512');
await pipeline(Readable.from(['a', 'b', 'c'.repeat(100_000)]), hash);
console.log(hash.digest('base64').slice(0, 20));
