import { expect, test } from 'vitest';
import { json, project, run } from './kit.ts';

test('arrays whose length says nothing about what they hold are shown at once', { timeout: 30_000 }, () => {
  const folder = project({
    'program.js': [
      'const large = []; large[4294967290] = 1; large.push(2);',
      'const cut = [1]; cut.length = 4294967295; cut.length = 2;',
      "throw new Error('stop');",
    ].join('\n'),
  });
  expect(run(folder, 'record', '--', process.execPath, 'program.js').status).toBe(1);
  const { stdout } = run(folder, 'state', '--at', 'failure');
  expect(stdout).toContain('large = { "4294967290": 1, "4294967291": 2, length: 4294967292 }');
  expect(stdout).toContain('cut = [ 1, ‹empty› ]');
  expect(json(run(folder, 'state', '--at', 'failure', '--json'))).toHaveProperty('objects');
});
