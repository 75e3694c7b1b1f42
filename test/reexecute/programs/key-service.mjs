// A service of keys and tokens: thread pool crypto in all styles, side by side with files and timers.
import crypto from 'node:crypto';
import { promisify } from 'node:util';
import { readFile, writeFile, unlink } from 'node:fs/promises';

const scrypt = promisify(crypto.scrypt);
const pair = promisify(crypto.generateKeyPair);
const hkdf = promisify(crypto.hkdf);
const order = [];
const note = (name) => (value) => (order.push(name), value);

const { subtle } = globalThis.crypto ?? crypto.webcrypto;
const [one, two, ec, rsa, aes] = await Promise.all([
  scrypt('password', 'salt', 32, { N: 1024 }).then(note('scrypt1')),
  scrypt('other', crypto.randomBytes(8), 16, { N: 4096 }).then(note('scrypt2')),
  pair('ec', { namedCurve: 'P-256' }).then(note('ec')),
  pair('rsa', { modulusLength: 1024 }).then(note('rsa')),
  subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']).then(note('aes')),
]);
console.log(order.join(' '));
console.log(Buffer.from(one).toString('hex').slice(0, 8), two.length);

const message = Buffer.from('the message');
const signature = await new Promise((resolve, reject) =>
  crypto.sign('sha256', message, ec.privateKey, (error, value) => (error ? reject(error) : resolve(value))),
);
console.log(crypto.verify('sha256', message, ec.publicKey, signature), crypto.verify('sha256', message, rsa.publicKey, crypto.sign('sha256', message, rsa.privateKey)));
const iv = crypto.randomBytes(12);
const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, aes, message);
const back = await subtle.decrypt({ name: 'AES-GCM', iv }, aes, sealed);
console.log(Buffer.from(back).toString(), sealed.byteLength);
const broken = new Uint8Array(sealed);
broken[0] ^= 1;
console.log(await subtle.decrypt({ name: 'AES-GCM', iv }, aes, broken).catch((error) => error.name));

await writeFile('key.pem', ec.privateKey.export({ type: 'pkcs8', format: 'pem' }));
const loaded = crypto.createPrivateKey(await readFile('key.pem'));
await unlink('key.pem');
console.log(loaded.asymmetricKeyType, loaded.asymmetricKeyDetails.namedCurve);
const token = (claims) => {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${crypto.createHmac('sha256', one).update(body).digest('base64url')}`;
};
const tokens = await Promise.all(
  [1, 2, 3].map(async (id) => {
    const nonce = await promisify(crypto.randomBytes)(6);
    await new Promise((resolve) => setTimeout(resolve, nonce[0] % 4));
    return token({ id, jti: crypto.randomUUID(), nonce: nonce.toString('hex') });
  }),
);
console.log(tokens.map((each) => each.length).join(), tokens[0].slice(0, 12));
const digests = await Promise.all(['SHA-1', 'SHA-256', 'SHA-512'].map((name) => subtle.digest(name, message)));
console.log(digests.map((each) => each.byteLength).join());
console.log(Buffer.from(await hkdf('sha256', one, 'salt', 'info', 12)).toString('hex'));
const hash = crypto.createHash('md5');
hash.write('streamed');
hash.end(() => console.log('hashed', hash.read().toString('hex')));
const dh = crypto.createECDH('secp256k1');
dh.generateKeys();
const other = crypto.createECDH('secp256k1');
other.generateKeys();
console.log(dh.computeSecret(other.getPublicKey()).equals(other.computeSecret(dh.getPublicKey())));
await new Promise((resolve) => crypto.randomInt(5, 10, (error, n) => resolve(console.log(error ?? (n >= 5 && n < 10)))));
await new Promise((resolve) => crypto.pbkdf2('p', 's', 2000, 24, 'sha1', (_, key) => resolve(console.log(key.toString('base64')))));
