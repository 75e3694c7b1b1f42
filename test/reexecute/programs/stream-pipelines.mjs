// Pipelines of promises: files, compression, hashes, generators as stages, aborts.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Duplex, PassThrough, Readable, finished } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

const folder = await mkdtemp(path.join(os.tmpdir(), 'pipes-'));
const at = (name) => path.join(folder, name);

function* records(count) {
  for (let i = 0; i < count; i++) yield JSON.stringify({ id: i, square: i * i, word: 'ab'.repeat(i % 9) }) + '\n';
}
await pipeline(Readable.from(records(4000)), createGzip(), createWriteStream(at('records.gz')));
console.log('zipped', (await stat(at('records.gz'))).size);

let even = 0;
await pipeline(
  createReadStream(at('records.gz'), { highWaterMark: 3000 }),
  createGunzip(),
  async function* (source) {
    let rest = '';
    for await (const chunk of source) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const record = JSON.parse(line);
        if (record.square % 2 === 0) {
          even++;
          yield `${record.id},${record.square}\n`;
        }
      }
    }
  },
  createWriteStream(at('even.csv')),
);
const text = await readFile(at('even.csv'), 'utf8');
console.log(even, text.length, createHash('md5').update(text).digest('hex'));

const sums = await Readable.from([1, 2, 3, 4, 5]).filter((n) => n % 2).map(async (n) => n * 10, { concurrency: 2 }).toArray();
console.log(sums, await Readable.from('abc').reduce((a, c) => a + c.length, 0));

const abort = new AbortController();
setTimeout(() => abort.abort(), 5);
async function* endless() {
  for (let i = 0; ; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield String(i);
  }
}
await pipeline(endless(), new PassThrough(), async (source) => source.toArray(), { signal: abort.signal }).catch((error) =>
  console.log(error.name, error.code),
);
const upper = Duplex.from(async function* (source) {
  for await (const chunk of source) yield String(chunk).toUpperCase();
});
finished(upper, (error) => console.log('finished', error));
upper.end('quiet words');
console.log((await upper.toArray()).join(""));
await rm(folder, { recursive: true });
