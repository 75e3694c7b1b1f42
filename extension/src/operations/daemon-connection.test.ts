import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderOfWork, stateAt } from '../../../test/support/served-daemon.ts';
import { TIMES } from './daemon-connection.ts';

let work: FolderOfWork;
beforeEach(() => {
  work = new FolderOfWork();
});
afterEach(() => work[Symbol.asyncDispose]());

/** A daemon's address that answers, in a process of its own. */
const STOPPABLE = path.resolve(import.meta.dirname, '../../../test/support/stoppable-daemon.mjs');

const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

test('a daemon that begins later is found, and what it says is heard', async () => {
  const followed = work.follow();
  await followed.reach('none');
  const { streams } = await work.serve();
  await followed.reach('connected');
  await followed.until(() => streams.size === 1);
  expect(followed.connection.state?.time).toBe(1);
  for (const send of streams) {
    send('state', stateAt(2));
    send('alert', { id: 'a1', text: 'It drifts.' });
  }
  await followed.until(() => followed.heard.some(({ kind }) => kind === 'alert'));
  expect(followed.connection.state?.time).toBe(2);
});

test('one that ended in good order is gone, with what it said', async () => {
  const daemon = await work.serve();
  const followed = work.follow();
  await followed.reach('connected');
  daemon.leave();
  await daemon.stop();
  await followed.reach('none');
  expect(followed.connection.state).toBeUndefined();
});

test('one that is cut off is lost: its last words stay, and it is found again', async () => {
  const daemon = await work.serve();
  const followed = work.follow();
  await followed.reach('connected');
  await daemon.stop();
  await followed.reach('lost');
  expect(followed.connection.state?.time).toBe(1);
  expect(followed.connection.client).toBeUndefined();
  await work.serve();
  await followed.reach('connected');
});

test('the address of a process that has ended is no daemon', async () => {
  await work.serve({ pid: 2 ** 22 + 1 });
  const followed = work.follow();
  await aMoment();
  expect(followed.connection.connection).toEqual({ state: 'none' });
  expect(followed.heard).toEqual([]);
});

test('nothing is looked for in a workspace that is not trusted', async () => {
  const { streams } = await work.serve();
  const followed = work.follow(false);
  await followed.reach('untrusted');
  await aMoment();
  expect(streams.size).toBe(0);
  expect(followed.connection.state).toBeUndefined();
});

test('one that is disposed of asks no more', async () => {
  const { streams } = await work.serve();
  const followed = work.follow();
  await followed.until(() => streams.size === 1);
  followed.connection.dispose();
  await followed.until(() => streams.size === 0);
  await aMoment();
  expect(streams.size).toBe(0);
});

test('one that was stopped is told of within a quarter of a minute, and heard again when it goes on', async () => {
  expect(TIMES.silence + TIMES.answer).toBeLessThan(15_000);
  const daemon = fork(STOPPABLE, { execArgv: [], serialization: 'json' });
  try {
    const [port] = await once(daemon, 'message');
    work.name(Number(port), daemon.pid!);
    const followed = work.follow(true, { silence: 200, answer: 500 });
    await followed.reach('connected');
    daemon.kill('SIGSTOP');
    await followed.reach('lost');
    expect(followed.connection.connection).toMatchObject({
      sentence: 'The daemon gives no answer: it is stopped, or hangs.',
    });
    daemon.kill('SIGCONT');
    await followed.reach('connected');
  } finally {
    daemon.kill('SIGKILL');
  }
});
