import { expect, test } from 'vitest';
import type { RecordedCall } from '../model/recorded-world.ts';
import { RecordedCalls } from './recorded-calls.ts';

const call = (path: string, name: string): RecordedCall => ({
  kind: 'fs.realpath',
  id: undefined,
  detail: { path, name },
});
const recorded = (): RecordedCalls => new RecordedCalls([call('/a', '1'), call('/b', '2'), call('/a', '3')]);

test('calls that are made in another order are answered by their path, each answer once', () => {
  const calls = recorded();
  expect(calls.returnedFor('fs.realpath', '/b')).toMatchObject({ name: '2' });
  expect(calls.returnedFor('fs.realpath', '/b')).toBeUndefined();
  expect(calls.returned('fs.realpath')).toMatchObject({ name: '1' });
  expect(calls.returnedFor('fs.realpath', '/a')).toMatchObject({ name: '3' });
  expect(calls.returned('fs.realpath')).toBeUndefined();
});

test('of another kind or on another path nothing is answered', () => {
  const calls = recorded();
  expect(calls.returnedFor('fs.stat', '/a')).toBeUndefined();
  expect(calls.returnedFor('fs.realpath', '/c')).toBeUndefined();
});
