import { expect, test } from 'vitest';
import { UnansweredRequests } from './unanswered.ts';

test('an instance that answers none of several requests for long is named until it answers', () => {
  const open = new UnansweredRequests();
  for (let second = 0; second < 12; second++) {
    open.asked('a', second * 1000);
    open.asked('b', second * 1000);
    open.answered('b', second * 1000, second * 1000 + 20);
  }
  expect(open.at(9000)).toEqual([]);
  expect(open.at(11_500)).toEqual([{ address: 'a', requests: 12, waited: 11_500 }]);
  open.answered('a', 0, 12_000);
  expect(open.at(12_000)).toEqual([]);
});

test('clients that go at once, and single requests, say nothing', () => {
  const open = new UnansweredRequests();
  for (let second = 0; second < 60; second++) {
    open.asked('a', second * 1000);
    open.givenUp('a', second * 1000, second * 1000 + 100);
  }
  open.asked('b', 0);
  expect(open.at(60_000)).toEqual([]);
  for (let second = 60; second < 80; second++) {
    open.asked('a', second * 1000);
    open.givenUp('a', second * 1000, second * 1000 + 1500);
  }
  expect(open.at(80_000).map(({ address }) => address)).toEqual(['a']);
});

test('a service that has its clients wait is given longer', () => {
  const open = new UnansweredRequests();
  open.asked('a', 0);
  open.answered('a', 0, 30_000);
  for (let at = 0; at < 5; at++) open.asked('a', 40_000);
  expect(open.at(80_000)).toEqual([]);
  expect(open.at(131_000)).toHaveLength(1);
});
