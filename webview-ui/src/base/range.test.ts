import { expect, test } from 'vitest';
import { panned, revealing, rulerMarks, toMoment, toPixel, within, zoomed } from './range.ts';

const whole = { from: 0, to: 1000 };

test('zooming keeps what is under the pointer, and ends at the whole and at a few events', () => {
  expect(zoomed({ from: 100, to: 300 }, 150, 0.5, whole)).toEqual({ from: 125, to: 225 });
  expect(zoomed({ from: 100, to: 900 }, 150, 4, whole)).toEqual(whole);
  const near = zoomed({ from: 100, to: 120 }, 110, 0.001, whole);
  expect(near.to - near.from).toBe(12);
  expect(zoomed({ from: 0, to: 10 }, 4, 2, { from: 0, to: 5 })).toEqual({ from: 0, to: 5 });
});

test('panning stops at the ends', () => {
  expect(panned({ from: 100, to: 200 }, 50, whole)).toEqual({ from: 150, to: 250 });
  expect(panned({ from: 100, to: 200 }, -500, whole)).toEqual({ from: 0, to: 100 });
  expect(panned({ from: 100, to: 200 }, 5000, whole)).toEqual({ from: 900, to: 1000 });
});

test('a range is moved only as far as it must be', () => {
  expect(within({ from: -50, to: 50 }, whole)).toEqual({ from: 0, to: 100 });
  expect(within({ from: -50, to: 5000 }, whole)).toEqual(whole);
  expect(revealing({ from: 100, to: 200 }, 150, whole)).toEqual({ from: 100, to: 200 });
  expect(revealing({ from: 100, to: 200 }, 500, whole)).toEqual({ from: 450, to: 550 });
  expect(revealing({ from: 100, to: 200 }, 10, whole)).toEqual({ from: 0, to: 100 });
});

test('pixels and moments are each other’s', () => {
  const range = { from: 100, to: 300 };
  expect(toPixel(150, range, 400)).toBe(100);
  expect(toMoment(100, range, 400)).toBe(150);
});

test('a ruler has round marks', () => {
  expect(rulerMarks(whole, 1000, 200)).toEqual([0, 200, 400, 600, 800]);
  expect(rulerMarks({ from: 130, to: 190 }, 600, 100)).toEqual([130, 140, 150, 160, 170, 180]);
  expect(rulerMarks({ from: 1.5, to: 3.5 }, 600, 10)).toEqual([2, 3]);
});
