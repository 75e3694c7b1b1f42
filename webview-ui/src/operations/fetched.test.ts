import { expect, test } from 'vitest';
import { Fetched } from './fetched.ts';

interface Asked {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

/** A clock that is set by hand, and what was asked. */
function begin() {
  const asked: Asked[] = [];
  const time = { now: 0 };
  const fetched = new Fetched<string>(() => time.now);
  const refresh = (subject: string): void =>
    fetched.refresh(subject, 1000, () => new Promise((resolve, reject) => asked.push({ resolve, reject })));
  return { asked, time, fetched, refresh };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('the same is asked for again only once it is old, and stays until the new answer is there', async () => {
  const { asked, time, fetched, refresh } = begin();
  refresh('a');
  asked[0]!.resolve('first');
  await settled();
  time.now = 999;
  refresh('a');
  expect(asked).toHaveLength(1);
  time.now = 1000;
  refresh('a');
  expect(asked).toHaveLength(2);
  expect(fetched.answer.value).toBe('first');
  asked[1]!.resolve('second');
  await settled();
  expect(fetched.answer.value).toBe('second');
});

test('an answer about another subject than the present one comes too late', async () => {
  const { asked, fetched, refresh } = begin();
  refresh('a');
  refresh('b');
  expect(asked).toHaveLength(2);
  asked[1]!.resolve('about b');
  asked[0]!.resolve('about a');
  await settled();
  expect(fetched.answer.value).toBe('about b');
});

test('a fault is told, and gone with the next answer', async () => {
  const { asked, time, fetched, refresh } = begin();
  refresh('a');
  asked[0]!.reject(new Error('The daemon does not answer.'));
  await settled();
  expect(fetched.fault.value).toBe('The daemon does not answer.');
  time.now = 2000;
  refresh('a');
  asked[1]!.resolve('it does');
  await settled();
  expect(fetched.fault.value).toBeUndefined();
});
