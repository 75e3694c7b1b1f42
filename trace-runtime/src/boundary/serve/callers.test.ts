import { expect, test } from 'vitest';
import { callerOf } from './callers.ts';

/** `files`: of the stack, innermost first. */
function check(files: readonly string[], expected: string): void {
  const frames = files.map((file, index) => ({
    getFileName: () => file,
    getFunctionName: () => `f${index}`,
    getLineNumber: () => index + 1,
    getColumnNumber: () => 1,
  }));
  const { by, place } = callerOf(frames as unknown as NodeJS.CallSite[]);
  expect([by, place?.file, place?.function].filter(Boolean).join(' ')).toBe(expected);
}

test('the program calls, whoever called it', () => {
  check(['/p/a.js', '/p/node_modules/mocha/lib/runner.js'], 'program /p/a.js f0');
  check(['node:fs', 'file:///p/a.mjs?x=1'], 'program /p/a.mjs f1');
});

test('a package calls on behalf of the program', () => {
  check(['/p/node_modules/dotenv/lib/main.js', '/p/a.js'], 'package /p/a.js f1');
});

test('a tool calls for itself, with what it brings along and what it asks packages to do', () => {
  check(['/p/node_modules/jest-runtime/build/index.js', '/p/a.js'], 'tool');
  check(['/p/node_modules/npm/node_modules/which/which.js'], 'tool');
  check(['/p/node_modules/signal-exit/index.js', '/p/node_modules/@jest/core/build/index.js', '/p/a.js'], 'tool');
});

test('packages that hand calls on are looked through', () => {
  check(['/p/node_modules/graceful-fs/graceful-fs.js', '/p/a.js'], 'program /p/a.js f1');
});

test('Node loads a module', () => {
  check(['node:internal/modules/cjs/loader', '/p/a.js'], 'loader');
  check(['node:internal/process/task_queues'], 'node');
});
