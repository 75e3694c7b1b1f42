/**
 * What test frameworks' `expect` and chai's `assert` decide, for cases that are made again: vitest's own implementation
 * of both, of which jest's matchers are a part. Loaded into a realm with the first of them that is called.
 */
import { ASYMMETRIC_MATCHERS_OBJECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import * as chai from 'chai';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const { assert } = chai;

/** `expect(value)`, with `expect.any` and its like. */
export const expect: object = Object.assign(
  (value: unknown, message?: string): object => chai.expect(value, message),
  chai.expect,
  (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT as unknown as symbol],
);
