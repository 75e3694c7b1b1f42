/** What comes through channels of processes and threads, and promises that are there at once, keeps its order. */
import { expect, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 30_000 });

async function isEqual(program: Program, times = 2): Promise<void> {
  for (let i = 0; i < times; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
}

test('promises that are settled side by side are so again', async () => {
  const program = new Program({
    'main.mjs': `
      import { promises as dns } from 'node:dns';
      const hosts = ['127.0.0.1', '::1', '127.0.0.2'];
      const found = await Promise.all(hosts.map(async (host) => (await dns.lookup(host)).family));
      console.log(found.join());
    `,
  });
  expect((await light(program, 'main.mjs')).stdout).toBe('4,6,4\n');
  await isEqual(program);
});

test('callbacks of messages that were sent come when they had, and channels are closed then', async () => {
  const program = new Program({
    'main.js': `
      const { fork } = require('node:child_process');
      const said = [];
      for (const name of ['a', 'b']) {
        const child = fork('./child.js', [name]);
        child.on('message', ({ done }) => {
          said.push(name + done);
          if (done === 0)
            for (let job = 1; job <= 5; job++) child.send({ job }, (error) => error && console.log(error.code));
          if (done === 5) child.send({ leave: true });
        });
        child.on('disconnect', () => said.push(name + ' left, ' + child.connected));
        child.on('exit', (code) => said.push(name + code) === 16 && console.log(said.join(), child.connected));
      }
    `,
    'child.js': `
      let sent = 0;
      process.send({ done: 0 });
      process.on('message', ({ job, leave }) => {
        if (leave) process.disconnect();
        else process.send({ done: job }, () => sent++);
      });
      process.on('disconnect', () => setTimeout(() => process.exit(sent), process.argv[2] === 'a' ? 100 : 1));
    `,
  });
  expect((await light(program, 'main.js')).stdout).toContain('a left, false');
  await isEqual(program);
});

test('what workers print comes in its order among all that happens', async () => {
  const program = new Program({
    'main.js': `
      const { Worker, isMainThread, workerData } = require('node:worker_threads');
      if (isMainThread) {
        let left = 3;
        let rounds = 0;
        const round = setInterval(() => rounds++, 2);
        for (const name of ['a', 'b', 'c']) {
          const worker = new Worker(__filename, { workerData: name, stdout: name === 'a' });
          if (name === 'a') worker.stdout.on('data', (data) => console.log('heard', String(data).length));
          worker.on('exit', () => {
            console.log(name, 'ended');
            if (--left === 0) clearInterval(round);
          });
        }
      } else {
        let lines = 0;
        const line = setInterval(() => {
          process.stdout.write(workerData + ' says ' + ++lines + '\\n');
          if (lines === 20) clearInterval(line);
        }, 1);
      }
    `,
  });
  expect((await light(program, 'main.js')).stdout).toContain('c says 20');
  await isEqual(program, 3);
});

test('fetch speaks when it had: on Node 20 the module that it has compiled takes a task of its own', async () => {
  const program = new Program({
    'main.mjs': `
      import fs from 'node:fs';
      import http from 'node:http';
      let rounds = 0;
      const round = setInterval(() => fs.writeSync(file, 'round ' + ++rounds), 1);
      const file = fs.openSync('rounds', 'w');
      const server = http.createServer((request, response) => response.end(request.url));
      await new Promise((resolve) => server.listen(0, resolve));
      console.log(await (await fetch('http://localhost:' + server.address().port + '/page')).text());
      clearInterval(round);
      server.closeAllConnections();
      server.close();
    `,
  });
  expect((await light(program, 'main.mjs')).stdout).toBe('/page\n');
  await isEqual(program);
});
