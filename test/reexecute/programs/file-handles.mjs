// File handles: positions, vectors, lines, streams of a handle, and a log that many write at once.
import { open, mkdtemp, rm } from 'node:fs/promises';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folder = await mkdtemp(path.join(os.tmpdir(), 'handles-'));
const file = path.join(folder, 'log');

const handle = await open(file, 'w+');
await handle.write('first line\n');
const { bytesWritten } = await handle.writev([Buffer.from('second '), Buffer.from('line\n')]);
console.log('written', bytesWritten, (await handle.stat()).size);
await Promise.all([handle.write('FIRST', 0), handle.write('third line\n', 23)]);

const part = Buffer.alloc(8);
const read = await handle.read(part, 0, 8, 6);
console.log(read.bytesRead, part.toString());
const [a, b] = [Buffer.alloc(4), new Uint8Array(5)];
const vector = await handle.readv([a, b], 0);
console.log(vector.bytesRead, a.toString(), String.fromCharCode(...b));
await handle.truncate(20);
await handle.sync();
await handle.close();

const again = await open(file);
for await (const line of again.readLines()) console.log('line', line.length, line);

const appending = await open(file, 'a');
const done = [];
await Promise.all(Array.from({ length: 6 }, async (_, i) => {
  await appending.appendFile(`${'+'.repeat(i * 1000)}${i}\n`);
  done.push(i);
}));
await appending.close();
console.log('order', done.join(''), fs.statSync(file).size);

const fd = fs.openSync(file, 'r');
const bytes = Buffer.alloc(32);
console.log(fs.readSync(fd, bytes, 0, 6, 0), fs.readSync(fd, bytes, 6, 4, null), bytes.toString('latin1', 0, 10));
console.log(fs.readvSync(fd, [Buffer.alloc(3), Buffer.alloc(3)]), fs.fstatSync(fd).isFile());
fs.read(fd, { buffer: bytes, position: 2, length: 3 }, (error, count, buffer) => {
  console.log('callback', count, buffer.toString('latin1', 0, 3));
  fs.close(fd, async () => {
    const streamed = await open(file);
    let total = 0;
    for await (const chunk of streamed.createReadStream({ highWaterMark: 4096, start: 5 })) total += chunk.length;
    console.log('streamed', total);
    await rm(folder, { recursive: true });
    await streamed.read(Buffer.alloc(1), 0, 1, 0).catch((failed) => console.log(failed.code));
  });
});
