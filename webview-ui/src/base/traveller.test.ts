import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Traveller } from './traveller.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('while it is on its way, only the last wish is kept', () => {
  const went: number[] = [];
  const traveller = new Traveller((_, moment) => went.push(moment));
  traveller.goTo(1, 10.4);
  traveller.goTo(1, 20);
  traveller.goTo(1, 30);
  expect(went).toEqual([10]);
  expect(traveller.target.value).toEqual({ threadId: 1, moment: 30 });
  vi.advanceTimersByTime(100);
  expect(went).toEqual([10]);
  traveller.arrived();
  expect(went).toEqual([10, 30]);
  traveller.arrived();
  expect(traveller.target.value).toBeUndefined();
});

test('moves are some milliseconds apart', () => {
  const went: number[] = [];
  const traveller = new Traveller((_, moment) => went.push(moment));
  traveller.goTo(1, 1);
  traveller.arrived();
  traveller.goTo(1, 2);
  expect(went).toEqual([1]);
  vi.advanceTimersByTime(100);
  expect(went).toEqual([1, 2]);
});

test('a debugger that never says where it stands is not waited for', () => {
  const went: number[] = [];
  const traveller = new Traveller((_, moment) => went.push(moment));
  traveller.goTo(1, 1);
  traveller.goTo(1, 2);
  vi.advanceTimersByTime(2000);
  expect(went).toEqual([1, 2]);
});
