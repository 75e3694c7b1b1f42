import { expect, test } from 'vitest';
import { differences, readTap } from './outcomes.ts';

const TAP = 'TAP version 13\n# adds\nok 1 one and one\nnot ok 2 two # time=3ms\n# tests 2\n# pass  1\n1..2\n';

test('test names and assertions are read without numbers and times', () => {
  expect(readTap(TAP)).toEqual(['# adds', 'ok one and one', 'not ok two']);
});

test('a changed outcome, a missing one and another exit code are told', () => {
  const run = { exitCode: 1, outcomes: readTap(TAP), ms: 1, stderr: '' };
  expect(differences(run, run)).toEqual([]);
  const other = { ...run, exitCode: 0, outcomes: ['# adds', 'not ok one and one'] };
  expect(differences(run, other)).toEqual([
    'exit code 1 became 0',
    'ok one and one became not ok one and one',
    'not ok two became nothing',
  ]);
});
