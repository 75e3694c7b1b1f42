import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CgroupKnob } from './cgroup.ts';
import { HeapKnob, threadPoolKnob } from './environment.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-knobs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a heap size is one option among others', () => {
  const heap = new HeapKnob('shop', { least: 64, most: 4096 }, true);
  const configuration = { NODE_OPTIONS: '--max-old-space-size=256 --trace-gc', OTHER: '1' };
  expect(heap.valueIn(configuration)).toBe('256');
  const larger = heap.configured(configuration, '512');
  expect(larger).toEqual({ NODE_OPTIONS: '--trace-gc --max-old-space-size=512', OTHER: '1' });
  expect(heap.valueIn(larger)).toBe('512');
  expect(heap.valueIn({})).toBeUndefined();
});

test('a value out of bounds is refused with what would be right', () => {
  const threads = threadPoolKnob('shop', { least: 1, most: 64 }, true);
  expect(threads.configured({}, '16')).toEqual({ UV_THREADPOOL_SIZE: '16' });
  expect(() => threads.configured({}, '2.5')).toThrow('takes whole numbers from 1 to 64 threads, not 2.5.');
  expect(() => threads.configured({}, '')).toThrow('not .');
});

/** Sets and reads a limit in files as the kernel has them. */
async function check(
  file: string,
  before: string,
  limit: 'memory' | 'cpu',
  value: string,
  after: string,
): Promise<void> {
  writeFileSync(path.join(folder, file), `${before}\n`);
  const knob = await CgroupKnob.open({
    service: 'shop',
    folder,
    limit,
    bounds: { least: 10, most: 4000 },
    allowed: true,
  });
  expect(await knob.read()).toBe('none');
  await knob.apply(value);
  expect(readFileSync(path.join(folder, file), 'utf8')).toBe(after);
  expect(await knob.read()).toBe(value);
  await knob.apply('none');
  expect(await knob.read()).toBe('none');
  await expect(knob.apply('9')).rejects.toThrow('from 10 to 4000');
}

test('memory and CPU limits are written as version 2 has them', async () => {
  await check('memory.max', 'max', 'memory', '256', '268435456');
  await check('cpu.max', 'max 100000', 'cpu', '1500', '150000 100000');
});

test('memory and CPU limits are written as version 1 has them', async () => {
  await check('memory.limit_in_bytes', '9223372036854771712', 'memory', '256', '268435456');
  await check('cpu.cfs_quota_us', '-1', 'cpu', '1500', '150000');
});

test('a folder without the limit is refused', async () => {
  const settings = { service: 'shop', folder, limit: 'memory', bounds: { least: 1, most: 2 }, allowed: true } as const;
  await expect(CgroupKnob.open(settings)).rejects.toThrow('has no limit of memory');
});
