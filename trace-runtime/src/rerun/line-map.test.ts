import { expect, test } from 'vitest';
import { mapLines } from './line-map.ts';

/** Lines of the edited text, each with the line it was, `+` for a new one. */
function check(before: string, after: string, expected: string): void {
  const lines = after.split('\n');
  const told = mapLines(before, after).map((was, at) => `${was === 0 ? '+' : was} ${lines[at]!.trim()}`);
  expect(told.join('\n')).toBe(expected.replaceAll(/^\s+/gm, '').trim());
}

test('lines keep their place when others come before them', () => {
  check('a();\nb();', 'x();\na();\n\n  b();', '+ x();\n1 a();\n+ \n2 b();');
});

test('a line that was changed a little is the same line, a new one is none', () => {
  check(
    'const t = Date.now();\nsend(t);',
    'log(1);\nconst begun = Date.now();\nsend(begun);',
    '+ log(1);\n1 const begun = Date.now();\n2 send(begun);',
  );
});

test('lines that were moved are found again', () => {
  check('f(1);\ng(2);\nh(3);', 'g(2);\nh(3);\nf(1);', '2 g(2);\n3 h(3);\n1 f(1);');
});

test('a removed line is nobody', () => {
  check('a();\nb();\nc();', 'a();\nc();', '1 a();\n3 c();');
});
