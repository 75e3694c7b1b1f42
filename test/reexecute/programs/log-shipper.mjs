// Ships a growing log: a watcher wakes a reader, lines are parsed, batched, compressed and appended; a ticker reports.
import { createReadStream, createWriteStream, watch } from 'node:fs';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setInterval as ticks, setTimeout as sleep } from 'node:timers/promises';
import { createGunzip, createGzip } from 'node:zlib';

await mkdir('spool', { recursive: true });
const log = await open('spool/app.log', 'a+');
let woken = 0;
const watcher = watch('spool', () => woken++);

async function produce(lines) {
  for (let i = 0; i < lines; i++) {
    await log.write(`${JSON.stringify({ i, level: i % 7 === 0 ? 'error' : 'info', at: Date.now(), r: Math.random() })}\n`);
    if (i % 25 === 0) await sleep(2);
  }
  await log.sync();
}

class Batches extends Transform {
  constructor(size) {
    super({ objectMode: true, highWaterMark: 2 });
    this.size = size;
    this.batch = [];
  }
  _transform(entry, _, done) {
    this.batch.push(entry);
    if (this.batch.length < this.size) return done();
    this.push(`${this.batch.map(({ i }) => i).join(',')}\n`);
    this.batch = [];
    setImmediate(done);
  }
  _flush(done) {
    if (this.batch.length > 0) this.push(`${this.batch.map(({ i }) => i).join(',')}\n`);
    done();
  }
}

async function* entries(path, from) {
  const lines = createInterface({ input: createReadStream(path, { start: from, highWaterMark: 512 }) });
  for await (const line of lines) {
    const entry = JSON.parse(line);
    if (entry.level === 'error') yield entry;
  }
}

const stop = new AbortController();
let beats = 0;
const ticker = (async () => {
  try {
    for await (const _ of ticks(5, undefined, { signal: stop.signal })) beats++;
  } catch (error) {
    return error.name;
  }
})();

await produce(120);
await pipeline(Readable.from(entries('spool/app.log', 0)), new Batches(4), createGzip(), createWriteStream('spool/out.gz'));
const before = (await stat('spool/app.log')).size;
await produce(60);
await pipeline(
  Readable.from(entries('spool/app.log', before)),
  new Batches(4),
  createGzip(),
  createWriteStream('spool/out.gz', { flags: 'a' }),
);
let text = '';
for await (const part of createReadStream('spool/out.gz', { highWaterMark: 40 }).pipe(createGunzip())) text += part;
console.log(text.trim().split('\n').length, 'batches', text.length);
const head = Buffer.alloc(16);
const { bytesRead } = await log.read(head, 0, 16, 0);
console.log(bytesRead, head.toString());
stop.abort();
console.log('ticker', await ticker, beats > 0, 'woken', woken > 0);
watcher.close();
await log.close();
console.log((await readFile('spool/out.gz')).length > 50);
await rm('spool', { recursive: true });
