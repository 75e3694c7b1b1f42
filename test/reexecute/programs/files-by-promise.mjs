// The promise file API: a tree built, walked and measured concurrently.
import { constants } from 'node:fs';
import { access, appendFile, copyFile, cp, link, lstat, mkdir, mkdtemp, opendir, readdir, readFile, readlink, rename, rm, stat, symlink, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const folder = await mkdtemp(path.join(os.tmpdir(), 'tree-'));
const at = (...parts) => path.join(folder, ...parts);

await mkdir(at('src', 'deep'), { recursive: true });
const order = [];
await Promise.all(
  [200_000, 3, 40_000, 900].map(async (size, index) => {
    await writeFile(at('src', `f${index}`), 'x'.repeat(size));
    order.push(`wrote ${index}`);
    const text = await readFile(at('src', `f${index}`), 'utf8');
    order.push(`read ${index} ${text.length}`);
  }),
);
console.log(order);

async function walk(where) {
  let total = 0;
  for await (const entry of await opendir(where)) {
    const full = path.join(where, entry.name);
    total += entry.isDirectory() ? await walk(full) : (await stat(full)).size;
  }
  return total;
}
console.log('size', await walk(folder));

await Promise.all([symlink('f1', at('src', 'link')), link(at('src', 'f1'), at('hard')), copyFile(at('src', 'f3'), at('copy'))]);
await appendFile(at('hard'), 'tail');
console.log(await readFile(at('src', 'link'), 'utf8'), await readlink(at('src', 'link')), (await lstat(at('src', 'link'))).isSymbolicLink());
const big = await stat(at('hard'), { bigint: true });
console.log(big.nlink, big.size, big.mtimeNs > 0n);

const outcomes = await Promise.allSettled([
  access(at('nowhere')),
  access(at('copy'), constants.R_OK),
  readFile(at('src')),
  mkdir(at('src')),
  copyFile(at('copy'), at('hard'), constants.COPYFILE_EXCL),
]);
console.log(outcomes.map((each) => each.reason?.code ?? 'fine'));

await truncate(at('copy'), 5);
await utimes(at('copy'), 10, new Date(20_000));
console.log((await stat(at('copy'))).mtime.toISOString(), await readFile(at('copy'), 'ascii'));
await cp(at('src'), at('backup'), { recursive: true });
await rename(at('backup', 'deep'), at('deeper'));
console.log((await readdir(folder, { recursive: true })).sort());
await unlink(at('src', 'link'));
await rm(folder, { recursive: true });
console.log(await access(folder).then(() => 'still there', (error) => error.code));
