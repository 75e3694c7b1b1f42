import { expect, test } from 'vitest';
import { hide, inject, injectPairs, withPreload, withoutPreload } from './environment.ts';

const injected = { recording: '/r', options: '{}', preload: '/opt/a b/preload.cjs', own: '/opt/a b', parent: 's1' };
const ours = '--require "/opt/a b/preload.cjs"';

test('the preload comes before the user’s own options, once', () => {
  expect(withPreload('--no-warnings', injected.preload)).toBe(`${ours} --no-warnings`);
  expect(withPreload(`${ours} --no-warnings`, injected.preload)).toBe(`${ours} --no-warnings`);
  expect(withPreload(undefined, injected.preload)).toBe(ours);
});

test('what was put in is taken out again', () => {
  expect(withoutPreload(`${ours} --no-warnings`, injected.preload)).toBe('--no-warnings');
  expect(withoutPreload(ours, injected.preload)).toBeUndefined();
  expect(withoutPreload('--no-warnings', injected.preload)).toBe('--no-warnings');
});

test('a program sees none of it', () => {
  const env: NodeJS.ProcessEnv = { PATH: '/bin', NODE_OPTIONS: ours, HINDCAST_RECORDING: '/r', HINDCAST_OPTIONS: '{}' };
  hide(env, injected.preload);
  expect(env).toEqual({ PATH: '/bin' });
});

test('a child gets it, whatever environment the program gives it', () => {
  expect(injectPairs(['A=1', 'NODE_OPTIONS=--no-warnings'], injected)).toEqual([
    'A=1',
    `NODE_OPTIONS=${ours} --no-warnings`,
    'HINDCAST_RECORDING=/r',
    'HINDCAST_OPTIONS={}',
    'HINDCAST_PARENT=s1',
  ]);
  expect(inject({ A: '1' }, injected)).toMatchObject({ A: '1', NODE_OPTIONS: ours, HINDCAST_RECORDING: '/r' });
});

test('a program that records its child itself keeps its own recording', () => {
  const pairs = ['HINDCAST_RECORDING=/other', 'NODE_OPTIONS=x'];
  expect(injectPairs(pairs, injected)).toEqual(pairs);
  expect(inject({ HINDCAST_RECORDING: '/other' }, injected)).toEqual({ HINDCAST_RECORDING: '/other' });
});
