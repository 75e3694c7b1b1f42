import { afterEach, expect, test } from 'vitest';
import type { Alert } from '../api/messages.ts';
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

test('an alert that led to nothing three times is a log line, until somebody takes note of one', () => {
  const clock = { time: 1000 };
  const book = bookAt(clock);
  const raised = (subject: string): Alert => {
    clock.time += 60_000;
    book.raise(subject, { ...alert(`${subject} drifts`, 'drift'), topic: 'drift/peer/shop/latencyP95' });
    return book.list()[0]!;
  };
  for (const subject of ['drift/1', 'drift/2', 'drift/3']) {
    expect(raised(subject).severity).toBe('page');
    clock.time += 60_000;
    book.end(subject);
  }
  const line = raised('drift/4');
  expect(line.severity).toBe('log');
  book.acknowledge(line.id, 'someone');
  book.end('drift/4');
  expect(raised('drift/5').severity).toBe('page');
});

test('what is acted upon is not in vain, nor is an error budget that burns', () => {
  const clock = { time: 1000 };
  const book = bookAt(clock);
  const severities = (kind: NewAlert['kind'], act: boolean): readonly string[] =>
    Array.from({ length: 5 }, () => {
      clock.time += 60_000;
      book.raise(`${kind}/shop`, alert('again', kind));
      const severity = book.list()[0]!.severity;
      if (act) book.acted('shop');
      book.end(`${kind}/shop`);
      return severity;
    });
  expect(severities('threshold', true)).toEqual(Array(5).fill('page'));
  expect(severities('burn', false)).toEqual(Array(5).fill('page'));
  expect(severities('prediction', false)).toEqual(['page', 'page', 'page', 'log', 'log']);
});
