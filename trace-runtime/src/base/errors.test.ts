import { expect, test } from 'vitest';
import { HindcastError, exitCodes, inputOutput, noFailure, usage } from './errors.ts';

test('an error says what is wrong and what to do, in two sentences', () => {
  const error = noFailure('r1');
  expect(error).toBeInstanceOf(HindcastError);
  expect(error.message).toBe(
    'Nothing failed in recording r1. Use `--at end`, or a moment that `hindcast events` lists.',
  );
});

test('usage and input or output errors exit with 4, and no error takes the code of a verdict', () => {
  expect(usage('x').exitCode).toBe(4);
  expect(inputOutput('read x', new Error('gone')).exitCode).toBe(4);
  expect(Object.values(exitCodes).filter((code) => code < 4)).toEqual([]);
});

test('every other kind of error has an exit code of its own', () => {
  const own = Object.values(exitCodes).filter((code) => code !== 4);
  expect(new Set(own).size).toBe(own.length);
});

test('the original error of the file system is kept as the cause', () => {
  const cause = new Error('EACCES: permission denied');
  expect(inputOutput('write the manifest', cause).cause).toBe(cause);
  expect(inputOutput('write the manifest', cause).message).toContain('permission denied');
});
