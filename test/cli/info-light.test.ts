/** What `info` says of a light recording that was not executed again. */
import { expect, test, vi } from 'vitest';
import { project, recordingOf, run } from './kit.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a run that failed is not said to have no failures', () => {
  const cwd = project({
    'main.js': `
      async function main() {
        throw new Error('no');
      }
      main().catch((error) => {
        console.error(error.message);
        process.exit(3);
      });`,
    'well.js': 'console.log(1);',
    'code.js': "process.exitCode = Number('4');",
  });
  const record = (file: string): string =>
    recordingOf(run(cwd, 'record', '--level', 'light', '--', process.execPath, file));
  const failed = record('main.js');
  expect(run(cwd, 'info', failed).stdout).toContain(
    'It ended with exit code 3: what failed shows when it is executed again (hindcast why).',
  );
  run(cwd, 'why', failed);
  expect(run(cwd, 'info', failed).stdout).toContain('1 failure:\n  Error: no');
  expect(run(cwd, 'info', record('well.js')).stdout).toContain('No failures.');
  const given = record('code.js');
  expect(run(cwd, 'info', given).stdout).not.toContain('No failures.');
});

test('a run that ends by an uncaught error is read without problems', () => {
  const cwd = project({ 'main.js': 'function f() { absent; }\nf();' });
  const folder = recordingOf(run(cwd, 'record', '--level', 'light', '--', process.execPath, 'main.js'));
  const { stdout } = run(cwd, 'info', folder);
  expect(stdout).toContain('1 failure:\n  ReferenceError: absent is not defined');
  expect(stdout).not.toContain('while reading');
});
