import { afterEach, expect, test } from 'vitest';
import { Database } from '../store/sqlite.ts';
import { AlertBook, type NewAlert } from './alert-book.ts';

const databases: Database[] = [];
afterEach(() => {
  for (const database of databases.splice(0)) database[Symbol.dispose]();
});

function bookAt(clock: { time: number }, database = new Database(':memory:')): AlertBook {
  if (!databases.includes(database)) databases.push(database);
  return new AlertBook(database, { now: () => clock.time });
}

const alert = (text: string, kind: NewAlert['kind'] = 'threshold'): NewAlert => ({
  kind,
  severity: 'page',
  service: 'shop',
  instance: undefined,
  text,
  about: undefined,
});

test('an alert is opened once, says how it stands, and ends', () => {
  const clock = { time: 1000 };
  const book = bookAt(clock);
  const opened: string[] = [];
  book.onOpen(({ text }) => void opened.push(text));
  book.raise('threshold/shop', alert('p95 is 300 ms'));
  book.raise('threshold/shop', alert('p95 is 400 ms'));
  expect(opened).toEqual(['p95 is 300 ms']);
  expect(book.list().map(({ text, since, endedAt }) => [text, since, endedAt])).toEqual([
    ['p95 is 400 ms', 1000, undefined],
  ]);
  clock.time = 5000;
  book.end('threshold/shop');
  expect(book.list()).toMatchObject([{ endedAt: 5000 }]);
  book.raise('threshold/shop', alert('p95 is 500 ms'));
  expect(book.list().map(({ endedAt }) => endedAt)).toEqual([undefined, 5000]);
});

test('open alerts outlive the daemon', () => {
  const clock = { time: 1000 };
  const first = bookAt(clock);
  first.raise('drift/1', alert('shop-2 drifts', 'drift'));
  const second = bookAt(clock, databases[0]);
  second.raise('drift/1', alert('shop-2 drifts', 'drift'));
  expect(second.list()).toHaveLength(1);
  second.endOthers('drift/', new Set(['drift/2']));
  expect(second.list()[0]?.endedAt).toBe(1000);
});

test('what a person has taken note of says so, and a rollback is past then', () => {
  const book = bookAt({ time: 1000 });
  book.raise('threshold/shop', alert('slow'));
  book.raise('rollback/shop/1', alert('rolled back', 'rollback'));
  for (const { id } of book.list()) book.acknowledge(id, 'someone');
  expect(book.list().map(({ kind, acknowledgedBy, endedAt }) => [kind, acknowledgedBy, endedAt])).toEqual([
    ['threshold', 'someone', undefined],
    ['rollback', 'someone', 1000],
  ]);
  expect(() => book.acknowledge('alert-99', 'someone')).toThrow('There is no alert alert-99.');
});
