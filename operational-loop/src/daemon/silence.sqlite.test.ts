import { afterEach, expect, test } from 'vitest';
import { Database } from '../store/sqlite.ts';
import { AlertBook } from './alert-book.ts';
import { Silence, type Running } from './silence.ts';

const databases: Database[] = [];
afterEach(() => {
  for (const database of databases.splice(0)) database[Symbol.dispose]();
});

const EVERY = 2000;
const one: Running = { service: 'shop', instance: 'shop-1', pid: 7 };
const other: Running = { service: 'shop', instance: 'shop-2', pid: 8 };

/** A watch of two instances; `tell` has the named ones speak before each look of so many seconds. */
function watched(hasTold = false, database = new Database(':memory:')) {
  if (!databases.includes(database)) databases.push(database);
  const clock = { time: 1_000_000 };
  const book = new AlertBook(database, { now: () => clock.time });
  const stopped = new Set<number>();
  const settings = { every: EVERY, isStopped: (pid: number) => stopped.has(pid), hasTold: () => hasTold };
  const silence = new Silence(book, { now: () => clock.time }, settings);
  const tell = (seconds: number, speaking: readonly Running[], running: readonly Running[] = [one, other]): void => {
    for (let at = 0; at < seconds; at += 2) {
      clock.time += EVERY;
      for (const { service, instance } of speaking) silence.heard(service, instance);
      silence.look(running, [], EVERY);
    }
  };
  const open = (): readonly string[] =>
    book.list().flatMap(({ endedAt, text }) => (endedAt === undefined ? [text] : []));
  return { clock, book, stopped, silence, tell, open };
}

test('an instance that no longer tells anything is an alert, until it is heard again', () => {
  const { tell, open, stopped, book } = watched();
  tell(60, [one, other]);
  tell(10, [one]);
  expect(open()).toEqual([]);
  stopped.add(8);
  tell(4, [one]);
  expect(open()).toEqual([
    'shop-2 of shop tells nothing any more, though its process 8 is there: it is stopped (SIGSTOP).',
  ]);
  expect(book.list()[0]).toMatchObject({ severity: 'page', instance: 'shop-2' });
  tell(2, [one, other]);
  expect(open()).toEqual([]);
});

test('one that ends, that never told anything, or that tells seldom is none', () => {
  const { tell, open } = watched();
  tell(60, [one]);
  tell(60, [], [other]);
  expect(open()).toEqual([]);
  for (let round = 0; round < 4; round++) {
    tell(2, [one]);
    tell(8, []);
  }
  tell(16, []);
  expect(open()).toEqual([]);
  tell(20, []);
  expect(open()).toHaveLength(1);
});

test('time in which the daemon itself was held up does not count', () => {
  const { tell, open, silence } = watched();
  tell(10, [one, other]);
  silence.look([one, other], [], 3_600_000);
  expect(open()).toEqual([]);
});

test('a daemon that begins while an instance is silent goes on with its alert, and finds one that told something before', () => {
  const first = watched();
  first.tell(10, [one, other]);
  first.tell(14, [one]);
  const second = watched(true, databases[0]);
  second.tell(2, [one]);
  expect(second.book.list()).toHaveLength(1);
  expect(second.open()).toHaveLength(1);
  const third = watched(true);
  third.tell(14, [one]);
  expect(third.open()).toHaveLength(1);
});

test('one that answers no requests is an alert though it tells how it is', () => {
  const { silence, open } = watched();
  silence.heard('shop', 'shop-1');
  silence.look([one], [{ ...one, address: 'http://a', requests: 5, waited: 11_000 }], EVERY);
  expect(open()).toEqual(['shop-1 of shop answers no requests any more.']);
  silence.look([one], [], EVERY);
  expect(open()).toEqual([]);
});
