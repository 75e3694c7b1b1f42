/** Programs that go on behind errors that nobody caught. */
import { expect, test, vi } from 'vitest';
import { nodes } from '../support/nodes.ts';
import { Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 60_000 });

test('what is left of the queue of a tick that failed comes behind what came next, microtasks last', async () => {
  const program = new Program({
    'main.js': `
      process.on('uncaughtException', ({ message }) => console.log('handled', message));
      const { AsyncLocalStorage } = require('node:async_hooks');
      const store = new AsyncLocalStorage();
      const fail = (message) => () => {
        throw new Error(message);
      };
      setTimeout(() => {
        store.run('the store', () => {
          process.nextTick(fail('first'));
          process.nextTick((...all) => console.log('left', store.getStore(), ...all), 1, 2);
          process.nextTick(fail('second'));
          process.emitWarning('of Node');
          process.nextTick(() => console.log('last', store.getStore()));
          Promise.resolve().then(() => console.log('promised'));
          queueMicrotask(fail('in a microtask'));
          queueMicrotask(() => console.log('behind it'));
        });
      }, 1);
      setTimeout(() => console.log('timer'), 2);
      setTimeout(() => console.log('another'), 3);
      // all are due
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    `,
  });
  const said = ['handled first', 'timer', 'left the store 1 2', 'handled second', 'another', 'last the store'];
  const micro = ['promised', 'handled in a microtask', 'behind it'];
  expect((await light(program, 'main.js')).stdout).toBe(`${[...said, ...micro].join('\n')}\n`);
  for (let i = 0; i < 2; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

// Node 24 waits for such a test
test.each(nodes().filter(({ version }) => Number.parseInt(version) < 24))(
  'what the test runner of Node $version prints of a test that never ends has the recorded frames',
  async ({ file }) => {
    const program = new Program({
      'main.mjs': `
        import { test } from 'node:test';
        test('never ends', () => new Promise(() => undefined));
      `,
    });
    const command = [file, '--test-reporter=tap', 'main.mjs'];
    const { stdout } = await program.hindcast(['record', '--level', 'light', '--', ...command]);
    expect(stdout).toContain('still pending');
    expect(await materialise(program)).toMatchObject({ divergences: [] });
  },
);
