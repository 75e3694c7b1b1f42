/** Light recordings are executed again: the same values, proven turn by turn, or what differs is said and not shown. */
import { spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import http from 'node:http';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { NODE, Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 60_000 });

const RACES = `
  const fs = require('node:fs');
  const order = [];
  fs.writeFileSync('note', 'x'.repeat(1000));
  fs.readFile('note', 'utf8', (_, text) => order.push('read ' + text.length));
  fs.promises.stat('note').then((stats) => order.push('stat ' + stats.mtimeMs));
  for (const delay of [3, 1, 2]) setTimeout(() => order.push('timer ' + delay), delay + Math.random() * 3);
  setImmediate(() => order.push('immediate ' + Date.now()));
  require('node:crypto').scrypt('a', 'b', 32, (_, key) => order.push(key.toString('hex')));
  require('node:zlib').gzip('a'.repeat(5000), (_, zipped) => order.push('gzip ' + zipped.length));
  process.on('exit', () => console.log(order.join()));
`;

test('races, clocks and random numbers come out the same each time, and nothing is written', async () => {
  const program = new Program({ 'main.js': RACES });
  const { stdout } = await light(program, 'main.js');
  program.write({ note: 'of somebody else' });
  const before = program.tree();
  for (let i = 0; i < 3; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
    expect(ticks).toBeGreaterThan(7);
  }
  expect(program.tree()).toEqual(before);
  const events = await program.hindcast(['events', '--kind', 'output', '--json']);
  expect(events.stdout).toContain(JSON.stringify(stdout).slice(1, -1).slice(0, 60));
});

const ENDLESS = `
  const names = (node, found) => {
    found.push(node.name);
    for (const child of node.children) names(child, found);
    return found;
  };
  const parent = { name: 'parent', children: [] };
  parent.children.push({ name: 'child', children: [parent] });
  let depth = 0;
  const dive = () => (depth++, dive());
  async function later() { return dive(); }
  for (let i = 0; i < 2; i++) try { dive(); } catch (error) { console.log(error.message, depth); }
  setTimeout(() => later().catch((error) => console.log(error.message, depth)), 1);
  setTimeout(() => names(parent, []), 5);
`;

test('recursion without end ends at the same depth', async () => {
  const program = new Program({ 'main.js': ENDLESS });
  await light(program, 'main.js');
  const { ticks, verified, divergences } = await materialise(program);
  expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  const { stdout } = await program.hindcast(['state', '--at', 'failure']);
  expect(stdout).toContain('RangeError: Maximum call stack size exceeded');
  expect(stdout).toContain('at names');
});

test('modules that are read side by side come in any order', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const program = new Program({
    'main.mjs': `
      ${names.map((name) => `import { ${name} } from './${name}.mjs';`).join('\n')}
      const { default: late } = await import('./late.mjs');
      console.log(${names.join(' + ')} + late, await import('node:fs').then((fs) => fs.realpathSync('.') !== ''));`,
    'late.mjs': `import './common.cjs'; import './a.mjs'; export default 'late';`,
    'common.cjs': 'exports.common = 1;',
    ...Object.fromEntries(
      names.map((name, i) => [
        `${name}.mjs`,
        `import './${names[(i + 3) % 6]}.mjs'; import './common.cjs'; export const ${name} = '${name.repeat(10 ** (i % 4))}';`,
      ]),
    ),
  });
  await light(program, 'main.mjs');
  for (let i = 0; i < 4; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test.each([
  ['a channel hears what it heard, however late it is made', 'broadcasts-to-latecomers.js'],
  ['modules that are imported at once come in their order', 'imports-at-once.mjs'],
])('%s', async (_, file) => {
  const program = new Program({ [file]: readFileSync(path.join(import.meta.dirname, 'programs', file), 'utf8') });
  await light(program, file);
  for (let i = 0; i < 3; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test('what Node makes of its own randomness or finds in files and directories is there again', async () => {
  const program = new Program({
    'main.mjs': `
      import crypto from 'node:crypto';
      import fs from 'node:fs';
      const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const { subtle } = crypto.webcrypto;
      const web = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
      console.log(crypto.sign('sha256', Buffer.from('words'), privateKey).toString('hex'));
      console.log(Buffer.from(await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, web.privateKey, Buffer.of(1))));
      fs.mkdirSync('made');
      const seen = [];
      const watcher = fs.watch('made', (type, name) => {
        seen.push(type + name);
        if (name === 'last') watcher.close();
      });
      setTimeout(() => fs.writeFileSync('made/last', 'x'), 5);
      await new Promise((resolve) => watcher.on('close', resolve));
      for await (const { name } of await fs.promises.opendir('made')) seen.push(name);
      console.log(seen.join());
    `,
  });
  const { stdout, stderr } = await light(program, 'main.mjs');
  expect(stderr).toMatch(/^recording: [^\n]*\n$/);
  for (let i = 0; i < 2; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
  const events = await program.hindcast(['events', '--kind', 'output', '--json']);
  for (const line of stdout.trim().split('\n')) expect(events.stdout).toContain(line);
});

test('what workers said last comes before their ends, whenever it was read', async () => {
  const text = readFileSync(path.join(import.meta.dirname, 'programs/worker-last-words.mjs'), 'utf8');
  for (let i = 0; i < 3; i++) {
    const program = new Program({ 'main.mjs': text });
    await light(program, 'main.mjs');
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test('parts of compressed streams, rounds of timers and ends of workers come in their order', async () => {
  const program = new Program({
    'main.mjs': `
      import { setInterval as every, setTimeout as sleep } from 'node:timers/promises';
      import { Worker } from 'node:worker_threads';
      import { createGzip, createBrotliCompress } from 'node:zlib';
      const order = [];
      for (const make of [createGzip, createBrotliCompress]) {
        const stream = make();
        stream.on('data', (part) => order.push(make.name + part.length)).end(Buffer.alloc(300_000, 'ab'));
      }
      const workers = [1, 2, 3].map((n) => new Worker('if (' + n + ' === 2) throw new Error("two")', { eval: true }));
      workers.forEach((worker, n) => worker.on('error', ({ message }) => order.push(message)).on('exit', () => order.push('end ' + n)));
      const abort = new AbortController();
      sleep(10_000, undefined, { signal: abort.signal }).catch(({ name }) => order.push(name));
      let rounds = 0;
      for await (const value of every(3, 'round')) {
        order.push(value);
        if (++rounds === 3) break;
      }
      abort.abort();
      process.on('exit', () => console.log(order.join()));
    `,
  });
  await light(program, 'main.mjs');
  for (let i = 0; i < 3; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test('modules that are loaded side by side come in any order, and each is what it was', async () => {
  const names = Array.from({ length: 24 }, (_, n) => `part${n}`);
  const parts = names.map((name, n) => [
    [`${name}.mjs`, `import { value } from './${name}.cjs';\nexport const of${n} = value + 1;\n`],
    [`${name}.cjs`, `// ${'x'.repeat(((n * 7919) % 24) * 8000)}\nexports.value = require('./${name}.json').value;\n`],
    [`${name}.json`, JSON.stringify({ value: n })],
  ]);
  const imports = names.map((name, n) => `import { of${n} } from './${name}.mjs';`).join('\n');
  const main = `${imports}\nconsole.log([${names.map((_, n) => `of${n}`).join()}].join());\n`;
  const program = new Program(Object.fromEntries([['main.mjs', main], ...parts.flat()]) as Record<string, string>);
  const { stdout } = await light(program, 'main.mjs');
  expect(stdout.trim()).toBe(names.map((_, n) => n + 1).join());
  for (let i = 0; i < 3; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test('commands that read values find them, up to the failure and its proof', async () => {
  const program = new Program({
    'main.js': `
      function price(cart) {
        const total = cart.items.reduce((sum, item) => sum + item.cents, 0);
        return total / cart.count;
      }
      const cents = 100 + Math.floor(Math.random() * 50);
      setTimeout(() => {
        const each = price({ items: [{ cents }], count: 0 });
        if (each === Infinity) throw new RangeError('no items');
        console.log(each);
      }, 5);
    `,
  });
  expect((await light(program, 'main.js')).status).toBe(1);
  const state = await program.hindcast(['state', '--json']);
  expect(state.stdout).toContain('Infinity');
  expect((await program.validate()).verdict).toBe('still-failing');
  program.edit('main.js', 'count: 0', 'count: 1');
  expect((await program.validate()).verdict).toBe('fixed');
});

test('a server answers again what it was asked, over the same connections, in the same order', async () => {
  const program = new Program({
    'main.js': `
      const http = require('node:http');
      const seen = [];
      const server = http.createServer(async (request, response) => {
        if (request.url === '/stop') process.kill(process.pid, 'SIGTERM');
        let body = '';
        for await (const part of request) body += part;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        seen.push(request.url + body.length);
        response.end(JSON.stringify({ seen, at: Date.now() }));
      });
      server.listen(0, () => require('node:fs').writeFileSync('port', String(server.address().port)));
      process.on('SIGTERM', () => {
        console.log(seen.join());
        process.exit(0);
      });
    `,
  });
  const recorded = light(program, 'main.js');
  const base = `http://127.0.0.1:${await program.written('port')}`;
  const ask = (i: number): Promise<string> =>
    fetch(`${base}/${i}`, { method: 'POST', body: 'x'.repeat(i * 100) }).then((response) => response.text());
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 8 }, (_, i) => ask(i)));
  await fetch(`${base}/stop`).catch(() => undefined);
  await recorded;
  const { ticks, verified, divergences } = await materialise(program);
  expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  expect(ticks).toBeGreaterThan(48);
});

test('what others answered is answered again without them, in its portions, over HTTP, TCP and UDP', async () => {
  let asked: http.ServerResponse | undefined;
  const web = http.createServer(({ url }, response) => {
    if (url === '/more') {
      asked?.end('last');
      response.end();
    } else (asked = response).write('first');
  });
  const line = net.createServer((socket) => socket.on('data', (data) => socket.end(`heard ${String(data)}`)));
  const post = dgram.createSocket('udp4');
  post.on('message', (message, { port }) => post.send(`back ${String(message)}`, port, '127.0.0.1'));
  await Promise.all([
    new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => post.bind(0, '127.0.0.1', resolve)),
  ]);
  const ports = [web, line].map((server) => (server.address() as net.AddressInfo).port);
  const program = new Program({
    'main.js': `
      const [web, line, post] = process.argv.slice(2).map(Number);
      const seen = [];
      const done = (text) => seen.push(text) === 6 && console.log(seen.join());
      fetch('http://127.0.0.1:' + web).then(async ({ body }) => {
        for await (const part of body) {
          const text = Buffer.from(part).toString();
          done(text);
          // two portions, however slow the machine is
          if (text === 'first') fetch('http://127.0.0.1:' + web + '/more');
        }
      });
      const socket = require('node:net').connect(line, '127.0.0.1', () => socket.write('you'));
      socket.on('data', (data) => done(String(data)));
      socket.on('close', () => done('from ' + socket.bytesRead));
      const letters = require('node:dgram').createSocket('udp4');
      letters.on('message', (message, { address }) => {
        done(message + ' ' + address);
        letters.close();
      });
      letters.send('letter', post, '127.0.0.1', (error, bytes) => done(error + ' ' + bytes));
    `,
  });
  const { stdout } = await light(program, 'main.js', ...ports.map(String), String(post.address().port));
  expect(stdout).toContain('heard you');
  await Promise.all([web, line].map((server) => new Promise((resolve) => server.close(resolve))));
  post.close();
  const { ticks, verified, divergences } = await materialise(program);
  expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  const events = await program.hindcast(['events', '--kind', 'output', '--json']);
  expect(events.stdout).toContain(JSON.stringify(stdout).slice(1, -1));
});

test('ports and addresses that were refused, names and limits of time are so again', async () => {
  const program = new Program({
    'main.js': `
      const net = require('node:net');
      const seen = [];
      const server = net.createServer().listen(0, 'localhost', () => {
        seen.push('listens');
        const { port } = server.address();
        const other = net.createServer().on('error', ({ code, address }) => {
          seen.push(code + ' ' + address);
          const nobody = net.connect(1, '127.0.0.1');
          nobody.on('error', ({ code, syscall, port }) => seen.push([code, syscall, port].join(' ')));
          const idle = net.connect({ port, host: 'localhost' }, () => seen.push(idle.remotePort === port));
          idle.setTimeout(20, () => {
            seen.push('idle ' + idle.localPort);
            idle.destroy();
            server.close(() => console.log(seen.join()));
          });
        });
        other.listen(port, server.address().address);
      });
      setImmediate(() => seen.push('immediate'));
    `,
  });
  const { stdout } = await light(program, 'main.js');
  expect(stdout).toContain('EADDRINUSE');
  expect(stdout).toContain('ECONNREFUSED connect 1');
  for (let i = 0; i < 2; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
  const events = await program.hindcast(['events', '--kind', 'output', '--json']);
  expect(events.stdout).toContain(JSON.stringify(stdout).slice(1, -1));
});

test('a file that was edited since gives way to its recorded text', async () => {
  const program = new Program({ 'main.js': `const answer = 6 * 7;\nconsole.log('answer', answer);\n` });
  await light(program, 'main.js');
  program.edit('main.js', '6 * 7', '6 * 8');
  const { ticks, verified } = await materialise(program);
  expect(verified).toBe(ticks);
  expect((await program.hindcast(['events', '--json'])).stdout).toContain('answer 42');
});

test('the stack of what fails behind an immediate ends as it did', async () => {
  const program = new Program({
    'some.test.js': `
      const { test } = require('node:test');
      for (let i = 0; i < 6; i++)
        test('case ' + i, async () => {
          await new Promise(setImmediate);
          require('node:assert').notEqual(i, 3);
        });
    `,
  });
  await light(program, '--test', 'some.test.js');
  const { ticks, verified, divergences } = await materialise(program);
  expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  expect(ticks).toBeGreaterThan(12);
  // the runner's thread says how long all took
  const { stdout } = await program.hindcast(['info']);
  expect(stdout.match(/output of thread \d+/g)).toEqual(['output of thread 1']);
});

test('what is printed otherwise is found, and not shown', async () => {
  const program = new Program({
    'main.js': `
      console.log('first');
      setTimeout(() => {
        // the log does not keep it
        console.log('HEAP', require('node:v8').getHeapStatistics().used_heap_size);
        setTimeout(() => console.log('last'), 1);
      }, 1);
    `,
  });
  await light(program, 'main.js');
  const { ticks, verified, divergences } = await materialise(program);
  expect({ ticks, verified }).toEqual({ ticks: 3, verified: 1 });
  expect(divergences[0]?.what).toBe('in tick 2 something else was printed');
  const { stdout } = await program.hindcast(['events', '--json']);
  expect(stdout).toContain('first');
  expect(stdout).not.toContain('HEAP');
  expect((await program.hindcast(['materialise'])).status).toBe(1);
});

test('a program that is not there any more, or that it wrote itself, is executed from its recorded text', async () => {
  const program = new Program({
    'main.js': `
      require('node:fs').writeFileSync('made.js', 'exports.sum = (a, b) => a + b + ' + (Date.now() % 7));
      console.log(require('./made.js').sum(1, 2), require('./lib/part.js'));
    `,
    'lib/part.js': `module.exports = 'part' + require('counted');`,
    'node_modules/counted/index.js': `module.exports = 7;`,
  });
  await light(program, 'main.js');
  for (const file of ['main.js', 'made.js', 'lib/part.js', 'node_modules/counted/index.js']) program.remove(file);
  const { ticks, verified, divergences } = await materialise(program);
  expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
});

const FRAMES = `
  const http2 = require('node:http2');
  const server = http2.createServer((_, response) => response.end('yes'));
  const [before, rest] = [7, 3];
  console.log(before);
  server.listen(0, () => {
    const client = http2.connect('http://localhost:' + server.address().port);
    client.request({ ':path': '/' }).on('end', () => client.close()).resume();
    client.on('close', () => setTimeout(() => server.close(), rest));
  });
`;

test('HTTP/2 is executed up to its first frames, which is soon said', async () => {
  const program = new Program({ 'main.js': FRAMES });
  await light(program, 'main.js');
  const begun = performance.now();
  const { verified, likely } = await materialise(program);
  // it would not end by itself
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(verified).toBeGreaterThan(0);
  expect(likely[0]).toMatch(/^HTTP\/2: /);
  const { stdout } = await program.hindcast(['state', '--at', 'end']);
  expect(stdout).toMatch(/before\s+=\s+7/);
});

test('Web streams of file handles are read from the recording, in the parts that Node gives', async () => {
  const program = new Program({
    'main.mjs': `
      import { open, writeFile } from 'node:fs/promises';
      await writeFile('big', 'pear '.repeat(20_000));
      const handle = await open('big');
      const sizes = [];
      for await (const part of handle.readableWebStream()) sizes.push(part.constructor.name, part.byteLength);
      await handle.close();
      for (const of of [handle, await open('big')])
        try { of.readableWebStream({ type: 3 }); await of.close(); } catch (error) { console.log(error.code); await of.close(); }
      console.log(sizes.join());
    `,
  });
  const { stdout } = await light(program, 'main.mjs');
  expect(stdout).toBe(spawnSync(NODE, ['main.mjs'], { cwd: program.folder, encoding: 'utf8' }).stdout);
  const { ticks, verified, divergences } = await materialise(program);
  expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
});
