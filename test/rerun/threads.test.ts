/** Messages between threads and processes: they are said again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { Program, proves, TIMES, told } from './kit.ts';
import { hindcast } from './program.ts';

vi.setConfig({ testTimeout: 180_000 * TIMES });

const run = (...args: readonly string[]): readonly string[] => [process.execPath, ...args];

test('messages of a forked child in both directions', async () => {
  const program = new Program({
    'child.js': `
      const limits = { a: 3 };
      process.on('message', ({ id, name, n }) => process.send({ id, left: limits[name] - n }));
      process.send({ ready: true, at: Date.now() });`,
    'main.js': `
      const child = require('node:child_process').fork('./child.js');
      const asked = new Map();
      let next = 1;
      const ask = (name, n) => new Promise((resolve) => {
        asked.set(next, resolve);
        child.send({ id: next++, name, n });
      });
      async function main() {
        const left = [await ask('a', 1), await ask('b', 2)];
        child.disconnect();
        check(left);
      }
      function check(left) {
        if (left.some((each) => each === null)) throw new RangeError('left: ' + left);
      }
      child.on('message', ({ ready, id, left }) => (ready ? main() : asked.get(id)(left)));`,
  });
  const recorded = await program.record(run('main.js'));
  expect(recorded.stderr).toContain('left: 2,');
  await proves(program, () => program.edit('child.js', 'limits[name] - n', '(limits[name] ?? 0) - n'));
});

test('a child that fails on a message of its parent', async () => {
  const program = new Program({
    'child.js': `
      process.on('message', (order) => process.send({ total: total(order.items) }));
      function total(items) {
        return items.reduce((all, { price }) => all + price, 0);
      }`,
    'main.js': `
      const child = require('node:child_process').fork('./child.js');
      const orders = [{ items: [{ price: 2 }] }, {}];
      child.on('message', ({ total }) => {
        console.log(total);
        const order = orders.shift();
        if (order) child.send(order);
        else child.disconnect();
      });
      child.on('exit', (code) => (process.exitCode = code));
      child.send(orders.shift());`,
  });
  const recorded = await program.record(run('main.js'));
  expect(recorded.stderr).toContain("reading 'reduce'");
  await proves(program, () => program.edit('child.js', 'items.reduce', '(items ?? []).reduce'));
});

test('workers whose answers come in the order that they had', async () => {
  const program = new Program({
    'part.js': `
      const { parentPort, workerData } = require('node:worker_threads');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData.ms);
      parentPort.postMessage({ name: workerData.name });
      parentPort.on('message', (word) => {
        if (word === 'stop') parentPort.close();
        else parentPort.postMessage({ name: workerData.name, word: word.toUpperCase() });
      });`,
    'main.js': `
      const { Worker } = require('node:worker_threads');
      const order = [];
      const workers = [['slow', 900], ['quick', 5], ['middle', 400]].map(([name, ms]) => new Worker('./part.js', { workerData: { name, ms } }));
      for (const worker of workers)
        worker.on('message', ({ name, word }) => {
          if (word) return;
          order.push(name);
          worker.postMessage('go');
          if (order.length < 3) return;
          for (const each of workers) each.postMessage('stop');
          check(order);
        });
      function check(all) {
        const wanted = ['slow', 'quick', 'middle'];
        if (all.some((name, i) => wanted[i] !== name)) throw new Error('order: ' + all);
      }`,
  });
  const recorded = await program.record(run('main.js'));
  expect(recorded.stderr).toMatch(/order: (?!slow)/);
  await proves(program, () => program.edit('main.js', "['slow', 'quick', 'middle']", 'all'));
});

test.each(['full', 'light'] as const)(
  'a command that was forked by somebody who is not recorded: %s',
  async (level) => {
    const program = new Program({
      'parent.cjs': `
      const { fork } = require('node:child_process');
      const child = fork(process.argv[2], ['record', '--level', '${level}', '--', process.execPath, 'main.js']);
      child.on('message', ({ ask }) => child.send(ask === 2 ? { price: null, ask } : { price: { cents: ask }, ask }));
      child.on('exit', (code) => process.exit(code));`,
      'main.js': `
      let sum = 0;
      process.on('message', ({ price, ask }) => {
        sum += price.cents;
        if (ask < 3) return process.send({ ask: ask + 1 });
        console.log(sum);
        process.disconnect();
      });
      process.send({ ask: 1 });`,
    });
    const parent = spawn(process.execPath, ['parent.cjs', hindcast], { cwd: program.folder, stdio: 'ignore' });
    expect((await once(parent, 'exit'))[0]).toBe(1);
    const still = await program.validate();
    expect(still.verdict, told(still)).toBe('still-failing');
    expect(still.reasons[0]?.place?.line).toBe(4);
    program.edit('main.js', 'price.cents', '(price ?? {}).cents.length');
    const other = await program.validate();
    expect(other.verdict, told(other)).not.toBe('fixed');
    // what it asks then was never answered
    program.edit('main.js', '(price ?? {}).cents.length', 'price?.cents ?? 0');
    const further = await program.validate();
    expect(further.verdict, told(further)).toBe('inconclusive');
    program.edit('main.js', 'ask < 3', 'ask < 2');
    const fixed = await program.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  },
);
