/** `hindcast why` where a value comes from a package: it names the package, and the option that records its steps. */
import { expect, test } from 'vitest';
import { project, recordingOf, run } from './kit.ts';

const TOOL = {
  'node_modules/tool/package.json': '{ "name": "tool", "main": "index.js" }',
  'node_modules/tool/index.js': 'exports.add = (a, b) => {\n  const sum = a + b;\n  return sum;\n};\n',
};
const FAILS = "if (sum !== 8) throw new Error('sum is ' + sum);";

test.each([
  ['required', 'main.js', `const tool = require('tool');\nconst sum = tool.add(3, 4);\n${FAILS}`],
  ['taken apart', 'main.js', `const { add: plus } = require('tool');\nconst sum = plus(3, 4);\n${FAILS}`],
  ['imported', 'main.mjs', `import tool from 'tool';\nconst sum = tool.add(3, 4);\n${FAILS}`],
  ['imported late', 'main.mjs', `const { add } = await import('tool');\nconst sum = add(3, 4);\n${FAILS}`],
])('%s', (_, file, text) => {
  const folder = project({ ...TOOL, [file]: text });
  const why = (...options: readonly string[]) => {
    const recording = recordingOf(run(folder, 'record', ...options, '--', process.execPath, file));
    return run(folder, 'why', recording).stdout;
  };
  const told = /\S+ of tool gave it, whose steps are not recorded \(--include '(.*)' has them\)/.exec(why());
  expect(told?.[1]).toBe('**/node_modules/tool/**');
  expect(why('--include', told![1]!)).toContain('it was computed as a + b, here 3 + 4 (node_modules/tool/index.js:2)');
});

test('code that is of no package is said to be not recorded', () => {
  const folder = project({
    ...TOOL,
    'main.js': `const tool = require('tool');\nconst { max } = Math;\nconst sum = max(tool.add.length, 3);\n${FAILS}`,
  });
  const recording = recordingOf(run(folder, 'record', '--', process.execPath, 'main.js'));
  expect(run(folder, 'why', recording).stdout).not.toContain('of tool');
});
