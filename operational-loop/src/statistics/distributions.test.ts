import { expect, test } from 'vitest';
import {
  betaQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  fCdf,
  fQuantile,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
} from './distributions.ts';

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7: tables of critical values
test('quantiles equal the tables of the NIST handbook', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6);
  expect(tQuantile(0.975, 10)).toBeCloseTo(2.228, 3);
  expect(tQuantile(0.95, 1)).toBeCloseTo(6.314, 3);
  expect(tQuantile(0.995, 30)).toBeCloseTo(2.75, 3);
  expect(chiSquareQuantile(0.95, 1)).toBeCloseTo(3.841, 3);
  expect(chiSquareQuantile(0.99, 10)).toBeCloseTo(23.209, 3);
  expect(chiSquareQuantile(0.025, 20)).toBeCloseTo(9.591, 3);
  expect(fQuantile(0.95, 3, 20)).toBeCloseTo(3.098, 3);
  expect(fQuantile(0.99, 2, 10)).toBeCloseTo(7.559, 3);
});

test('distribution functions undo their quantiles', () => {
  for (const p of [0.001, 0.025, 0.3, 0.5, 0.9, 0.999]) {
    expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 8);
    expect(tCdf(tQuantile(p, 4), 4)).toBeCloseTo(p, 8);
    expect(chiSquareCdf(chiSquareQuantile(p, 7), 7)).toBeCloseTo(p, 8);
    expect(fCdf(fQuantile(p, 4, 9), 4, 9)).toBeCloseTo(p, 8);
  }
});

test('the ends and what lies outside of them have their values', () => {
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(chiSquareQuantile(0, 3)).toBe(0);
  expect(betaQuantile(1, 2, 3)).toBe(1);
  expect(normalQuantile(1.1)).toBeNaN();
  expect(tQuantile(0.5, 0)).toBeNaN();
  expect(fCdf(-1, 2, 3)).toBe(0);
});
