// Files: fs/promises, readline over a stream, watching for changes by hashes, crypto, temporary folders, path work.
const fs = require('node:fs/promises');
const { createReadStream, createWriteStream } = require('node:fs');
const readline = require('node:readline');
const crypto = require('node:crypto');
const path = require('node:path');
const os = require('node:os');
const { once } = require('node:events');
const root = path.join(os.tmpdir(), 'hindcast-oracle-config');
const files = {
  'base.ini': '[server]\nport = 80\nhost = localhost\n; comment\n[paths]\nroot = /srv\n',
  'local.ini': '[server]\nport = 8080\ndebug = yes\n[broken\n',
  'notes.txt': 'not read',
};
class ParseError extends Error {
  constructor(file, line, message) {
    super(`${file}:${line}: ${message}`);
    this.name = 'ParseError';
    this.line = line;
  }
}
async function parse(file) {
  const sections = {};
  let section = null;
  let number = 0;
  const lines = readline.createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  for await (const line of lines) {
    number++;
    const text = line.replace(/;.*/, '').trim();
    if (!text) continue;
    const head = /^\[(\w+)\]$/.exec(text);
    if (head) {
      section = sections[head[1]] ??= {};
      continue;
    }
    const [name, value] = text.split('=').map((part) => part.trim());
    if (value === undefined) throw new ParseError(path.basename(file), number, `no value for ${name}`);
    section[name] = /^\d+$/.test(value) ? Number(value) : value === 'yes' ? true : value;
  }
  return sections;
}
function merge(into, from) {
  for (const [key, value] of Object.entries(from)) {
    if (value && typeof value === 'object') into[key] = merge({ ...into[key] }, value);
    else into[key] = value;
  }
  return into;
}
const digest = (text) => crypto.createHash('sha256').update(text).digest('hex').slice(0, 8);
async function main() {
  await fs.rm(root, { recursive: true, force: true });
  await fs.mkdir(path.join(root, 'deep', 'er'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(root, name), text);
  const names = (await fs.readdir(root, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
  const hashes = new Map();
  const errors = [];
  let config = {};
  for (const name of names) {
    const file = path.join(root, name);
    hashes.set(name, digest(await fs.readFile(file)));
    if (path.extname(name) !== '.ini') continue;
    try {
      config = merge(config, await parse(file));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      errors.push(error);
    }
  }
  const out = createWriteStream(path.join(root, 'deep/er/out.txt'));
  out.write(JSON.stringify(config));
  out.end('\n');
  await once(out, 'finish');
  const { size } = await fs.stat(path.join(root, 'deep/er/out.txt'));
  const handle = await fs.open(path.join(root, 'base.ini'), 'r+');
  const buffer = Buffer.alloc(8);
  const { bytesRead } = await handle.read(buffer, 0, 8, 0);
  await handle.write('#', 0);
  await handle.close();
  const changed = [];
  for (const [name, hash] of hashes) {
    if (digest(await fs.readFile(path.join(root, name))) !== hash) changed.push(name);
  }
  const missing = await fs.access(path.join(root, 'none')).then(() => 'there', ({ code }) => code);
  const key = crypto.scryptSync('password', 'salt', 16);
  const cipher = crypto.createCipheriv('aes-128-cbc', key, Buffer.alloc(16, 1));
  const secret = Buffer.concat([cipher.update('hidden text'), cipher.final()]);
  const mac = crypto.createHmac('sha1', key).update(secret).digest('base64');
  await fs.rm(root, { recursive: true });
  console.log(config, errors.map(String), size, bytesRead, buffer.toString(), changed, missing, secret.length, mac);
}
main();
