import { expect, test } from 'vitest';
import { isLive } from '../tuning/knobs/knob.ts';
import { parseConfiguration } from './configuration.ts';
import { knobsOf } from './knobs.ts';

/** Ids of the knobs of a configuration's one service, and what each would have its instances get at a value. */
async function check(knobs: string, value: string): Promise<Readonly<Record<string, unknown>>> {
  const text = `services: { shop: { command: node server.js, listen: 8080, knobs: { ${knobs} } } }`;
  const [service] = parseConfiguration(text, '/project/hindcast-ops.yaml').services;
  const found = service ? await knobsOf(service) : [];
  return Object.fromEntries(
    found.map((knob) => [knob.definition.id, isLive(knob) ? 'live' : knob.configured({ OTHER: '1' }, value)]),
  );
}

test('a setting of the environment, the heap and the thread pool are what instances start with', async () => {
  expect(await check('CACHE: { least: 1, most: 100 }', '8')).toEqual({ 'shop/CACHE': { OTHER: '1', CACHE: '8' } });
  expect(await check('heap: { in: heap, least: 1, most: 100 }', '8')).toEqual({
    'shop/max-old-space-size': { OTHER: '1', NODE_OPTIONS: '--max-old-space-size=8' },
  });
  expect(await check('threads: { in: threads, least: 4, most: 64 }', '8')).toEqual({
    'shop/UV_THREADPOOL_SIZE': { OTHER: '1', UV_THREADPOOL_SIZE: '8' },
  });
});

test('a thread pool is never larger than libuv takes, nor empty', async () => {
  const wide = 'threads: { in: threads, least: 0, most: 100000 }';
  await expect(check(wide, '0')).rejects.toThrow('whole numbers from 1 to 1024 threads, not 0');
  await expect(check(wide, '2000')).rejects.toThrow('whole numbers from 1 to 1024 threads, not 2000');
});

test('a store that cannot be reached is told of by the name of its knob, without its password', async () => {
  for (const [kind, scheme] of [
    ['postgresql', 'postgresql'],
    ['redis', 'redis'],
  ]) {
    const knob = `size: { in: ${kind}, at: '${scheme}://me:secret@127.0.0.1:1/0', least: 1, most: 9 }`;
    const refused = check(knob, '1');
    await expect(refused).rejects.toThrow(
      /^The knob shop\/size cannot be used: .+ECONNREFUSED.+Start what it belongs to/,
    );
    await expect(refused).rejects.not.toThrow('secret');
  }
});
