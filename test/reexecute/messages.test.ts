/** Messages between processes and threads in a light recording. */
import { expect, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 60_000 });

test('messages that were read at once reach their handlers before what the first of them awaits', async () => {
  const program = new Program({
    'main.js': `
      const child = require('node:child_process').fork('./child.js');
      const heard = [];
      child.on('message', async (n) => {
        heard.push('got ' + n);
        await null;
        heard.push('done ' + n);
      });
      for (let n = 0; n < 5; n++) child.send(n);
      child.on('exit', () => console.log(heard.join()));
    `,
    'child.js': `
      const order = [];
      process.on('message', async (n) => {
        order.push('got ' + n);
        await null;
        order.push('done ' + n);
        process.send(n * n);
        if (n === 4) process.disconnect();
        if (n === 4) console.log(order.join());
      });
    `,
  });
  const { stdout } = await light(program, 'main.js');
  expect(stdout).toContain('got 0,got 1,');
  expect(await materialise(program)).toMatchObject({ divergences: [] });
});

test('a program that hears of asynchronous resources hears of none of ours', async () => {
  const program = new Program({
    'main.js': `
      let promises = 0;
      const child = require('node:child_process').fork('./child.js');
      const init = (id, type) => (promises += type === 'PROMISE' ? 1 : 0);
      require('node:async_hooks').createHook({ init }).enable();
      child.on('message', () => undefined);
      child.on('exit', () => console.log('promises', promises));
    `,
    'child.js': `for (let n = 0; n < 5; n++) process.send(n); process.disconnect();`,
  });
  const { stdout } = await light(program, 'main.js');
  expect(stdout).toBe('promises 0\n');
});

test('a worker that looks for messages finds them when it found them', async () => {
  const program = new Program({
    'main.js': `
      const { Worker, isMainThread, receiveMessageOnPort, workerData, MessageChannel } = require('node:worker_threads');
      if (isMainThread) {
        const { port1, port2 } = new MessageChannel();
        new Worker(__filename, { workerData: port2, transferList: [port2] });
        let n = 0;
        const every = setInterval(() => {
          port1.postMessage(n++);
          if (n === 4) clearInterval(every);
        }, 40);
      } else {
        let looks = 0;
        const found = [];
        const every = setInterval(() => {
          looks++;
          const got = receiveMessageOnPort(workerData);
          if (!got) return;
          found.push(looks + ':' + got.message);
          if (got.message < 3) return;
          console.log(found.join());
          clearInterval(every);
          workerData.close();
        }, 5);
      }
    `,
  });
  await light(program, 'main.js');
  expect(await materialise(program)).toMatchObject({ divergences: [] });
});

test('a worker that is terminated has come as far as it had', async () => {
  const program = new Program({
    'main.js': `
      const { Worker, isMainThread, parentPort } = require('node:worker_threads');
      if (isMainThread) {
        const worker = new Worker(__filename);
        worker.on('message', (n) => n === 1 && setTimeout(() => worker.terminate().then(console.log), 400));
      } else {
        let rounds = 0;
        parentPort.postMessage(1);
        setInterval(() => rounds++, 30);
        setTimeout(() => parentPort.postMessage(2), 200);
      }
    `,
  });
  await light(program, 'main.js');
  const { ticks, verified, divergences } = await materialise(program);
  expect(divergences).toEqual([]);
  expect(verified).toBe(ticks);
});

test('a worker that never ends its tick is terminated in it', async () => {
  const program = new Program({
    'main.js': `
      const { Worker, isMainThread, parentPort } = require('node:worker_threads');
      if (isMainThread) {
        const worker = new Worker(__filename);
        worker.on('message', () => setTimeout(() => worker.terminate().then(console.log), 100));
      } else {
        parentPort.postMessage(1);
        for (let n = 0; ; n++);
      }
    `,
  });
  await light(program, 'main.js');
  expect(await materialise(program)).toMatchObject({ divergences: [] });
});
