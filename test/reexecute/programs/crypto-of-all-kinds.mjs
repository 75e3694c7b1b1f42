// crypto of all kinds
import crypto, { webcrypto } from 'node:crypto'; import { promisify } from 'node:util';
const { subtle } = webcrypto;
const { publicKey, privateKey } = await promisify(crypto.generateKeyPair)('ec', { namedCurve: 'P-256' });
const sig = crypto.sign('sha256', Buffer.from('data'), privateKey); console.log(crypto.verify('sha256', Buffer.from('data'), publicKey, sig));
console.log((await promisify(crypto.scrypt)('pw', 'salt', 32)).toString('hex').length, crypto.pbkdf2Sync('p', 's', 1000, 16, 'sha1').toString('hex'));
const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']); const iv = webcrypto.getRandomValues(new Uint8Array(12));
const enc = await subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode('secret')); console.log(new TextDecoder().decode(await subtle.decrypt({ name: 'AES-GCM', iv }, key, enc)), Buffer.from(enc).toString('hex'));
const h = crypto.createHmac('sha256', crypto.randomBytes(16)); h.update('x'); console.log(h.digest('base64'));
console.log(crypto.randomUUID(), crypto.randomInt(1000), await promisify(crypto.randomInt)(5, 10), crypto.generateKeySync('hmac', { length: 64 }).export().toString('hex'));
const dh1 = crypto.createECDH('secp256k1'), dh2 = crypto.createECDH('secp256k1'); dh1.generateKeys(); dh2.generateKeys(); console.log(dh1.computeSecret(dh2.getPublicKey()).equals(dh2.computeSecret(dh1.getPublicKey())), dh1.getPublicKey('hex'));
const c = crypto.createCipheriv('aes-256-cbc', crypto.randomBytes(32), Buffer.alloc(16)); let out = ''; c.setEncoding('hex'); c.on('data', (d) => (out += d)); c.on('end', () => console.log(out)); c.write('some text'); c.end();
const rsa = await subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign', 'verify']); const s2 = await subtle.sign('RSASSA-PKCS1-v1_5', rsa.privateKey, Buffer.from('m')); console.log(await subtle.verify('RSASSA-PKCS1-v1_5', rsa.publicKey, s2, Buffer.from('m')), (await subtle.exportKey('jwk', rsa.publicKey)).n.slice(0, 10));
console.log(crypto.publicEncrypt({ key: crypto.generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey }, Buffer.from('z')).toString('base64').slice(0, 12));
const k2 = await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(8), info: new Uint8Array() }, await subtle.importKey('raw', Buffer.from('pw'), 'HKDF', false, ['deriveBits']), 128); console.log(Buffer.from(k2).toString('hex'));
console.log(crypto.hkdfSync('sha256', 'k', 's', 'i', 8).byteLength, crypto.createHash('sha512').copy().update('a').digest('hex').slice(0, 8)); const dh = crypto.createDiffieHellman(512); console.log(dh.generateKeys('hex').length > 0, dh.getPrime('hex'));
