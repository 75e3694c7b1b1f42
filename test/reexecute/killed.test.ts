/** A light recording of a program that was killed in the middle of something is executed again as far as it had come. */
import { expect, test, vi } from 'vitest';
import { NODE, Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 60_000 });

const events = async (program: Program): Promise<string> => (await program.hindcast(['events'])).stdout;

test('a program that is killed while it waits for a child ends there', async () => {
  const program = new Program({
    'main.js': `
      const { spawnSync } = require('node:child_process');
      setTimeout(() => {
        const waited = 'for good';
        console.log('waits');
        spawnSync('sh', ['-c', 'kill -9 $PPID; sleep 1']);
        console.log('never');
      }, 5);
    `,
  });
  expect((await light(program, 'main.js')).stdout).toBe('waits\n');
  expect(await materialise(program)).toMatchObject({ ticks: 2, verified: 2, divergences: [] });
  const { stdout } = await program.hindcast(['state', '--at', 'end']);
  expect(stdout).toContain("waited = 'for good'");
  expect(stdout).not.toContain('ENOENT');
});

test('a program that is killed while it prints ends behind what it had printed', async () => {
  const program = new Program({
    'main.js': `
      const { execSync } = require('node:child_process');
      for (let round = 1; ; round++) {
        console.log('round', round);
        if (round === 40) execSync('kill -9 $PPID');
      }
    `,
  });
  expect((await light(program, 'main.js')).stdout).toMatch(/round 40\n$/);
  expect(await materialise(program)).toMatchObject({ ticks: 1, verified: 1, divergences: [] });
  expect((await program.hindcast(['state', '--at', 'end'])).stdout).toContain('round = 40');
});

const LOOP = `
  require('node:child_process').spawn('sh', ['-c', 'sleep 0.3; kill -9 $PPID'], { stdio: 'ignore' });
  let rounds = 0;
  function turn() {
    return ++rounds;
  }
  const begun = 'it has begun';
  console.log(begun);
`;

test('of a program that is killed in a loop in its first tick is shown what it came to', async () => {
  const program = new Program({ 'main.js': `${LOOP} for (;;) rounds++;` });
  expect((await light(program, 'main.js')).stdout).toBe('it has begun\n');
  expect(await materialise(program)).toMatchObject({ ticks: 1, verified: 1, divergences: [] });
  expect((await program.hindcast(['state', '--at', 'end'])).stdout).toContain("begun = 'it has begun'");
});

test('where the rest of such a tick cannot be compared, what it told last is shown, and the ledger says so', async () => {
  const program = new Program({ 'main.js': `${LOOP} for (;;) turn();` });
  // what was rolled in that tick is lost with the process
  await program.hindcast(['record', '--level', 'light', '--portable', '--', NODE, 'main.js']);
  expect(await materialise(program)).toMatchObject({ divergences: [] });
  expect((await program.hindcast(['state', '--at', 'end'])).stdout).toContain("begun = 'it has begun'");
  expect(await events(program)).toContain('it has begun');
  const { stdout } = await program.hindcast(['info']);
  expect(stdout).toContain(
    'light: executed again; it was killed in its first tick, and is shown up to what it told last',
  );
  expect(stdout).toContain('last tick of thread 1');
});

test('a child that never ends and is ended after its time', async () => {
  const program = new Program({
    'main.js': `
      const { spawnSync } = require('node:child_process');
      const { signal, error, stdout } = spawnSync(process.execPath, ['child.js'], { timeout: 700, encoding: 'utf8' });
      console.log(signal, error.code, stdout);
    `,
    'child.js': `const begun = 'begun'; console.log(begun); for (let n = 0; ; n++);`,
  });
  expect((await light(program, 'main.js')).stdout).toBe('SIGTERM ETIMEDOUT begun\n\n');
  const { ticks, verified, divergences } = await materialise(program);
  expect({ ticks, verified, divergences }).toEqual({ ticks: 2, verified: 2, divergences: [] });
});
