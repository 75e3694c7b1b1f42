import { expect, test } from 'vitest';
import { statementStart } from './statement-starts.ts';

/** `^` stands before the name that is read. */
function check(marked: string, start: string): void {
  const line = marked.replace('^', '');
  expect(line.slice(statementStart(line, marked.indexOf('^'))), marked).toBe(line.slice(line.indexOf(start)));
}

test('a name that is read first in a return or throw is read at the statement', () => {
  check('  return ^name;', 'return');
  check('  if (a) throw (^name.x)', 'throw');
  check('return !^name', 'return');
  check('return -(^na_me$1 + 2)', 'return');
  check('throw new ^Problem(x)', 'throw');
  check('return `${^name}`', 'return');
});

test('anything else is read where it stands', () => {
  check('return ^call()', 'call');
  check('return ^tag``', 'tag');
  check('return ^call?.()', 'call');
  check('return ^x => x', 'x =>');
  check('return ^async () => 1', 'async');
  check('return a + ^name', 'name');
  check('return [^name]', 'name');
  check('const areturn = ^name', 'name');
  check('areturn ^name', 'name');
  check('it.areturn (^name)', 'name');
  check('return ^1', '1');
  check('const a = ^name', 'name');
  check('^name', 'name');
});
