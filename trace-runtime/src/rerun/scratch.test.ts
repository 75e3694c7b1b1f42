import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeScratch, shareScratch, sweep } from './scratch.ts';

let temporary = '';
const before = process.env['TMPDIR'];

beforeEach(() => {
  temporary = mkdtempSync(path.join(os.tmpdir(), 'hindcast-scratch-'));
  process.env['TMPDIR'] = temporary;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(temporary, { recursive: true, force: true });
});

/** A process that has ended. */
const dead = (): number => spawnSync(process.execPath, ['-e', '']).pid;

function folderOf(machine: string, ...owners: readonly number[]): string {
  const folder = path.join(temporary, `hc${'abcdef'.slice(owners.length)}${'ABCDEF'.slice(0, owners.length)}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'owners'), [machine, ...owners, ''].join('\n'));
  return folder;
}

describe('a folder of a rerun', () => {
  test('is taken away by the next rerun where its process is dead', () => {
    const left = folderOf(os.hostname(), dead());
    const made = makeScratch();
    sweep();
    expect([existsSync(left), existsSync(made)]).toEqual([false, true]);
  });

  test('stays while its process lives', () => {
    const made = makeScratch();
    sweep(temporary);
    expect(existsSync(made)).toBe(true);
  });

  test('stays while the program that it serves lives, though the command is dead', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const left = folderOf(os.hostname(), dead());
    shareScratch(left, child.pid);
    sweep(temporary);
    const kept = existsSync(left);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    sweep(temporary);
    expect([kept, existsSync(left)]).toEqual([true, false]);
  });

  test('stays where it is of another machine, or says not whose it is', () => {
    const foreign = folderOf('another', dead());
    const nameless = path.join(temporary, 'hcZZZZZZ');
    mkdirSync(nameless);
    sweep(temporary);
    expect([existsSync(foreign), existsSync(nameless)]).toEqual([true, true]);
  });
});
