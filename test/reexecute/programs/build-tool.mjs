// A build tool: walks folders, runs compilers as children with limits, copies, watches once and rebuilds.
import { exec, execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, opendir, readFile, readdir, rename, rm, stat, symlink, watch, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const shell = promisify(exec);
await mkdir('src/lib', { recursive: true });
await Promise.all(['a', 'b', 'lib/c'].map((name, i) => writeFile(`src/${name}.txt`, `${name} `.repeat(10 + i))));
await symlink('a.txt', 'src/link.txt');

async function* walk(folder) {
  for await (const entry of await opendir(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(file);
    else yield file;
  }
}
async function digest(file) {
  return createHash('sha1').update(await readFile(file)).digest('hex').slice(0, 6);
}
async function build() {
  const files = [];
  for await (const file of walk('src')) files.push(file);
  files.sort();
  const out = await mkdtemp('build-');
  const jobs = files.map(async (file) => {
    const { stdout } = await run(process.execPath, ['-e', 'process.stdout.write(require("fs").readFileSync(process.argv[1], "utf8").toUpperCase())', file]);
    const target = path.join(out, file.replaceAll('/', '_'));
    await writeFile(target, stdout);
    return `${file} ${await digest(target)}`;
  });
  const built = await Promise.all(jobs);
  await rm('dist', { recursive: true, force: true });
  await rename(out, 'dist');
  return built;
}
console.log((await build()).join('\n'));
await cp('dist', 'copy', { recursive: true });
console.log((await readdir('copy')).length);

console.log(await run('sh', ['-c', 'yes | head -c 100000'], { maxBuffer: 1000 }).catch((error) => `${error.code} ${error.stdout.length}`));
console.log(await shell('sleep 5', { timeout: 30 }).catch((error) => `${error.killed} ${error.signal}`));
console.log(await shell('echo out; echo err >&2; exit 3').catch(({ code, stdout, stderr }) => `${code} ${stdout.trim()} ${stderr.trim()}`));
const stop = new AbortController();
const aborted = run('sleep', ['5'], { signal: stop.signal }).catch((error) => error.name);
setTimeout(() => stop.abort(), 5);
console.log(await aborted);
console.log(await run('no-such-compiler').catch((error) => error.code));

const listing = spawn('sh', ['-c', 'for i in 1 2 3; do echo line $i; sleep 0.01; done; echo warned >&2']);
const lines = [];
listing.stdout.setEncoding('utf8').on('data', (text) => lines.push(...text.trim().split('\n')));
listing.stderr.on('data', (text) => lines.push(String(text).trim()));
await new Promise((resolve) => listing.on('close', (code) => resolve(lines.push(`closed ${code}`))));
console.log(lines.filter((line) => line !== 'warned').join(', '));

const watching = new AbortController();
const changes = watch('src', { signal: watching.signal });
setTimeout(() => writeFile('src/b.txt', 'changed'), 10);
for await (const { filename } of changes) {
  if (filename !== 'b.txt') continue;
  watching.abort();
  break;
}
console.log((await build()).filter((line) => line.includes('/b.txt')).join());
console.log((await stat('dist')).isDirectory());
for (const each of ['src', 'dist', 'copy']) await rm(each, { recursive: true });
