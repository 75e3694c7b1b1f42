/** What a recording that was cut off by a kill can tell, and what it cannot. */
import { spawn, spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { Program, told } from './kit.ts';
import { hindcast } from './program.ts';

const run = [process.execPath, 'main.js'];
const TELL = "require('node:fs').writeFileSync('pid', String(process.pid));";

/** Recorded until it says that it is there, and killed then. */
async function killed(source: string): Promise<Program> {
  const program = new Program({ 'main.js': source });
  const recording = program.record(run);
  process.kill(Number(await program.written('pid')), 'SIGKILL');
  await recording;
  return program.remove('pid');
}

test('a failure behind the end of the recording is no other failure', async () => {
  const program = await killed(`
    ${TELL}
    setTimeout(() => {
      throw new RangeError('later than the kill');
    }, 4000);
  `);
  const answer = await program.validate();
  expect(answer.verdict, told(answer)).toBe('inconclusive');
  expect(answer.reasons.map(({ code }) => code)).toEqual(['cut-off', 'other-failure']);
  expect(told(answer)).toContain('later than the kill');
});

test('a program that would have ended is not fixed by an edit of what ran later', async () => {
  const program = await killed(`
    ${TELL}
    setTimeout(() => {
      console.log('done');
    }, 4000);
  `);
  program.edit('main.js', "'done'", "'at last'");
  const answer = await program.validate();
  expect(answer.verdict, told(answer)).toBe('inconclusive');
});

const ENDLESS = `
  ${TELL}
  const known = [3, 4];
  let at = 0;
  while (at < known.length) {
    if (known[at] === 5) at += 1;
  }
  if (known[0] !== 3) throw new TypeError('another one');
`;

test('a loop without an end is mended by what ends it', async () => {
  const program = await killed(ENDLESS);
  program.edit('main.js', '=== 5', '!== 5');
  const answer = await program.validate();
  expect(answer.verdict, told(answer)).toBe('fixed');
});

test('a loop without an end that fails in another way then', async () => {
  const program = await killed(ENDLESS);
  program.edit('main.js', '=== 5', '!== 5').edit('main.js', '!== 3', '=== 3');
  const answer = await program.validate();
  expect(answer.verdict, told(answer)).toBe('different-failure');
});

test.skipIf(process.platform === 'win32')('a rerun that is stopped leaves no process that it started', async () => {
  const program = new Program({
    'main.js': `
      const child = require('node:child_process').fork(__dirname + '/worker.js');
      child.on('message', (n) => {
        if (n !== 3) throw new Error('not three');
      });`,
    'worker.js': 'let n = 4;\nwhile (n === 5);\nprocess.send(n, () => process.exit());\n',
  });
  await program.record(run);
  program.edit('worker.js', 'n === 5', 'n === 4');
  const answer = await program.validate(['--timeout', '3s']);
  expect(answer.reasons.map(({ code }) => code)).toContain('timeout');
  expect(running(`${program.folder}/worker.js`)).toEqual([]);
});

// one process: the rerun is recorded from now on; two: the program runs
test.skipIf(process.platform === 'win32').each([1, 2])(
  'a rerun ends with whoever waits for it, however that was killed: %i',
  async (processes) => {
    const program = new Program({
      'main.js': `
      process.on('SIGTERM', () => undefined);
      let n = 4;
      while (n === 5);
      throw new Error('not three');`,
    });
    const main = program.at('main.js');
    await program.record([process.execPath, main]);
    program.edit('main.js', 'n === 5', 'n === 4');
    const validate = spawn(process.execPath, [hindcast, 'validate'], {
      cwd: program.folder,
      detached: true,
      stdio: 'ignore',
    });
    await vi.waitFor(() => expect(running(main)).toHaveLength(processes), { timeout: 20_000, interval: 5 });
    process.kill(-validate.pid!, 'SIGKILL');
    await vi.waitFor(() => expect(running(main)).toEqual([]), 20_000);
  },
);

/** Command lines of processes that have this in them. */
function running(text: string): readonly string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(text));
}

test('a program that fills its memory fails as long as it does', async () => {
  const program = new Program({
    'main.js': `
      const names = [];
      let rest = 12;
      while (rest > 0) {
        names.push('name ' + rest);
        rest = rest / 2 + 0.5;
      }
      console.log(names.length);
    `,
  });
  await program.record([process.execPath, '--max-old-space-size=24', 'main.js']);
  const unchanged = await program.validate();
  expect(unchanged.verdict, told(unchanged)).toBe('still-failing');
  program.edit('main.js', 'rest / 2 + 0.5', 'Math.floor(rest / 2)');
  const mended = await program.validate();
  expect(mended.verdict, told(mended)).toBe('fixed');
});
