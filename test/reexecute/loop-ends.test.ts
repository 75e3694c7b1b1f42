/** Where nothing keeps the event loop of a light recording going. */
import { expect, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 60_000 });

test('timers that a listener to beforeExit makes and clears again are there when they were', async () => {
  const program = new Program({
    'main.js': `
      let times = 0;
      process.on('beforeExit', () => {
        if (++times > 2) return console.log('ends');
        const unused = setTimeout(() => console.log('never'), 1000);
        setImmediate(() => {
          clearTimeout(unused);
          console.log('once more');
        });
      });
      setTimeout(() => console.log('not before the end'), 1e6).unref();
    `,
  });
  expect((await light(program, 'main.js')).stdout).toBe('once more\nonce more\nends\n');
  expect(await materialise(program)).toMatchObject({ divergences: [] });
});

test('tests of Node 24 that wait for what keeps no event loop going', async () => {
  const program = new Program({
    'main.mjs': `
      import { test } from 'node:test';
      import { setTimeout as sleep } from 'node:timers/promises';
      test('too slow', { timeout: 20 }, () => sleep(200, undefined, { ref: false }));
      test('callback', (t, done) => setImmediate(done));
    `,
  });
  await light(program, 'main.mjs');
  expect(await materialise(program)).toMatchObject({ divergences: [] });
});
