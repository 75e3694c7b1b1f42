import { expect, test } from 'vitest';
import { type SuiteRun, compare, readTap } from './outcomes.ts';

const TAP = 'TAP version 13\n# adds\nok 1 one and one\nnot ok 2 two # time=3ms\n# tests 2\n# pass  1\n1..2\n';

function run(outcomes: readonly string[], exitCode = 1): SuiteRun {
  return { exitCode, outcomes, ms: 1, stderr: '' };
}

test('test names and assertions are read without numbers and times', () => {
  expect(readTap(TAP)).toEqual(['# adds', '# adds › ok one and one', '# adds › not ok two']);
});

test('a changed outcome, a missing one and another exit code are told', () => {
  const plain = run(readTap(TAP));
  expect(compare([plain, plain], plain)).toEqual({ changed: [], unstable: [], reordered: false });
  const other = run(['# adds', '# adds › not ok one and one'], 0);
  expect(compare([plain, plain], other).changed).toEqual([
    'exit code 1 became 0',
    '# adds › ok one and one became # adds › not ok one and one',
    '# adds › not ok two became nothing',
  ]);
});

test('an outcome more is a change', () => {
  expect(compare([run(['ok a']), run(['ok a'])], run(['ok a', 'ok a'])).changed).toEqual(['nothing became ok a']);
});

test('a title that differs between plain runs may differ once more, but not its outcome', () => {
  const plain = [run(['ok a', 'ok at 12:01']), run(['ok a', 'ok at 12:02'])];
  expect(compare(plain, run(['ok a', 'ok at 12:03']))).toEqual({
    changed: [],
    unstable: ['ok at 12:01', 'ok at 12:02'],
    reordered: false,
  });
  expect(compare(plain, run(['ok a', 'not ok at 12:03'])).changed).toEqual(['nothing became not ok at 12:03']);
  expect(compare(plain, run(['ok at 12:03'])).changed).toEqual(['ok a became nothing']);
});

test('another order is no other outcome, and is told where plain runs do not show it', () => {
  const [a, b] = [run(['ok a', 'ok b']), run(['ok b', 'ok a'])];
  expect(compare([a, a], b)).toEqual({ changed: [], unstable: [], reordered: true });
  expect(compare([a, b], b)).toEqual({ changed: [], unstable: [], reordered: false });
});
