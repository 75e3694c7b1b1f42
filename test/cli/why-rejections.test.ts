/** `hindcast why` where a promise was rejected by Node, by a timer's code or by a signal: the place, and what did it. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { project, recordingOf, run } from './kit.ts';

const LATE = `const load = () =>
  new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 5));
`;
const ONCE = `import { EventEmitter, once } from 'node:events';
const bus = new EventEmitter();
`;

test.each<[what: string, program: string, says: string]>([
  [
    'an error of Node in a module that awaits',
    `import { readFile } from 'node:fs/promises';
const name = 'missing.txt';
await readFile(name);`,
    "readFile(name) failed: 'missing.txt' stands in the source (main.mjs:2)",
  ],
  [
    'a promise that a helper handed on',
    `import fs from 'node:fs/promises';
import path from 'node:path';
function helper(name) {
  return fs.readFile(path.join('conf', name));
}
const file = 'app.json';
await helper(file);`,
    "fs.readFile(path.join('conf', name)) failed: 'app.json' stands in the source (main.mjs:6)",
  ],
  [
    'a promise of promisify that a helper handed on',
    `import { readFile } from 'node:fs';
import { promisify } from 'node:util';
const read = promisify(readFile);
const helper = (name) => read(name);
async function main() {
  await helper('missing.txt');
}
main();`,
    "read(name) failed: 'missing.txt' stands in the source (main.mjs:6)",
  ],
  [
    'what another call was to be given',
    `import { readFile } from 'node:fs/promises';
async function load(store) {
  return JSON.parse(await readFile(store.file, 'utf8'));
}
const file = 'state.json';
await load({ file });`,
    "readFile(store.file, 'utf8') failed: 'state.json' stands in the source (main.mjs:5)",
  ],
  [
    'a text that is no JSON, once it had come',
    `import { readFile, writeFile } from 'node:fs/promises';
await writeFile('bad.json', '{"a": ');
async function load(store) {
  return JSON.parse(await readFile(store.file, 'utf8'));
}
await load({ file: 'bad.json' });`,
    "JSON.parse(await readFile(store.file, 'utf8')) failed: ",
  ],
  [
    'an error that a timer gave, in a module that awaits',
    `${LATE}await load();`,
    "new Error('late') was given to reject: new Error('late') made it (main.mjs:2)",
  ],
  [
    'an error that nobody awaits, in the only line',
    'new Promise((_, reject) => setTimeout(() => { const error = new Error("late"); reject(error); }, 5));',
    'error was given to reject: new Error("late") made it (main.mjs:1)',
  ],
  [
    'a signal whose time was up',
    `${ONCE}async function wait(id, ms) {
  const signal = AbortSignal.timeout(ms);
  setTimeout(() => {}, 200);
  return await once(bus, 'done ' + id, { signal });
}
wait(1, 20);`,
    "once(bus, 'done ' + id, { signal }) was aborted: the time of AbortSignal.timeout(ms) was up, 20 ms (main.mjs:4)",
  ],
  [
    'a signal that a controller aborted',
    `import { setTimeout as wait } from 'node:timers/promises';
const other = new AbortController();
const controller = new AbortController();
const give = (to) => to.abort();
setTimeout(() => give(other), 1);
setTimeout(() => give(controller), 10);
async function main(options) {
  await wait(500, undefined, options);
}
main({ signal: controller.signal });`,
    'wait(500, undefined, options) was aborted: to.abort() was called (main.mjs:4)',
  ],
  [
    'a signal that was asked',
    `const controller = new AbortController();
async function work(signal) {
  for (;;) {
    signal.throwIfAborted();
    await new Promise((done) => setTimeout(done, 5));
  }
}
setTimeout(() => controller.abort(), 20);
work(controller.signal);`,
    'signal was aborted: controller.abort() was called (main.mjs:8)',
  ],
  [
    'one of several signals',
    `import { setTimeout as wait } from 'node:timers/promises';
const controller = new AbortController();
async function main() {
  await wait(500, undefined, { signal: AbortSignal.any([controller.signal, AbortSignal.timeout(20)]) });
}
main();`,
    'was aborted: the time of AbortSignal.timeout(20) was up (main.mjs:4)',
  ],
  [
    'a signal that was aborted with an error of the program',
    `import http from 'node:http';
const server = http.createServer(() => {});
await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
const controller = new AbortController();
setTimeout(() => controller.abort(new Error('too slow')), 20);
try {
  await fetch('http://127.0.0.1:' + server.address().port, { signal: controller.signal });
} finally {
  server.closeAllConnections();
  server.close();
}`,
    "was aborted: controller.abort(new Error('too slow')) was called (main.mjs:5)",
  ],
  [
    'the signal of a stream that is read',
    `import { addAbortSignal, Readable } from 'node:stream';
const controller = new AbortController();
async function* numbers() {
  for (let n = 0; ; n++) {
    yield n;
    await new Promise((done) => setTimeout(done, 5));
  }
}
const stream = addAbortSignal(controller.signal, Readable.from(numbers()));
setTimeout(() => controller.abort(), 20);
let sum = 0;
for await (const each of stream) sum += each;`,
    'stream was aborted: controller.abort() was called (main.mjs:10)',
  ],
])('%s', (_, program, says) => {
  const folder = project({ 'main.mjs': program });
  try {
    const recording = recordingOf(run(folder, 'record', '--', 'node', 'main.mjs'));
    expect(run(folder, 'why', recording).stdout).toContain(says);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
