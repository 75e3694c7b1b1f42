/** Stacks of callbacks that Hindcast has wrapped read as in the plain program. */
import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';
import { nodes } from '../support/nodes.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAIN = `
  const show = (name) => console.log(name + new Error('x').stack.split('\\n').slice(1, 4).join());
  setTimeout(() => show('timeout'), 1);
  setTimeout(function named() { show('named'); }, 2);
  const interval = setInterval(() => { show('interval'); clearInterval(interval); }, 3);
  setImmediate(() => show('immediate'));
  setImmediate(function named() { show('immediate, named'); });
  process.nextTick(() => show('tick'));
  queueMicrotask(() => show('microtask'));
  require('fs').stat('.', () => show('stat'));
  require('zlib').gzip('a', () => show('gzip'));
  require('crypto').randomBytes(4, () => show('random'));
  // one after the other: what goes on after a timer of several that are due has a longer stack
  setTimeout(async () => { await null; show('goes on'); setTimeout(outer, 5); }, 100);
  async function outer() {
    await (async function inner() { await null; show('waits'); })();
    const ticks = setInterval(ticking, 5);
    async function ticking() {
      await null;
      show('ticks');
      clearInterval(ticks);
      setTimeout(() => { throw new Error('uncaught'); }, 5);
    }
  }
`;

const lines = (text: string): readonly string[] => text.split('\n').sort();

for (const { version, file } of nodes())
  for (const level of ['full', 'light'])
    test(`Node ${version}, level ${level}`, async () => {
      const program = new Program({ 'main.js': MAIN });
      const plain = spawnSync(file, ['main.js'], { cwd: program.folder, encoding: 'utf8' });
      const recorded = await program.hindcast(['record', '--level', level, '--', file, 'main.js']);
      expect(lines(recorded.stdout)).toEqual(lines(plain.stdout));
      expect(recorded.stderr.replace(/recording: .*\n$/, '')).toBe(plain.stderr);
      expect(plain.stderr).toContain('Timeout._onTimeout');
    });
