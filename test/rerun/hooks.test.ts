/**
 * Hooks that fail, before and after the tests of a suite: the failure is found where it was thrown, fails again, is mended by
 * what mends it, and neither an error that is swallowed nor another hook is a fix.
 */
import { expect, test } from 'vitest';
import { Program, told } from './kit.ts';

const FILES = {
  'shop.js': `exports.open = async (n) => {
  const rooms = [{ doors: [1, 2] }, {}];
  await new Promise((resolve) => setTimeout(resolve, 2));
  const room = rooms[n];
  return room.doors.length;
};
`,
};
const FAILING = 'return room.doors.length;';

interface Runner {
  readonly file: string;
  readonly head: string;
  readonly command: readonly string[];
}

const OPEN = "const { open } = require('./shop.js');\n";
const RUNNERS: Readonly<Record<string, Runner>> = {
  jest: { file: 'p.test.js', head: OPEN, command: ['node', 'node_modules/jest/bin/jest.js'] },
  vitest: {
    file: 'p.test.mjs',
    head: `import { open } from './shop.js';
import { afterAll, beforeAll, describe, it } from 'vitest';
`,
    command: ['node', 'node_modules/vitest/vitest.mjs', 'run', 'p.test.mjs'],
  },
  mocha: { file: 'p.test.js', head: OPEN, command: ['node', 'node_modules/mocha/bin/mocha.js', 'p.test.js'] },
  'node:test': {
    file: 'p.test.js',
    head: `${OPEN}const { after, afterEach, before, beforeEach, describe, it } = require('node:test');\n`,
    command: ['node', '--test', 'p.test.js'],
  },
  'node:test of ES modules': {
    file: 'p.test.mjs',
    head: `import { open } from './shop.js';
import { after, describe, it } from 'node:test';
`,
    command: ['node', '--test', 'p.test.mjs'],
  },
};

test.each([
  ['jest', 'beforeAll'],
  ['jest', 'afterAll'],
  ['vitest', 'beforeAll'],
  ['vitest', 'afterAll'],
  ['mocha', 'before'],
  ['mocha', 'beforeEach'],
  ['mocha', 'afterEach'],
  ['node:test', 'before'],
  ['node:test', 'beforeEach'],
  ['node:test', 'afterEach'],
  ['node:test of ES modules', 'after'],
])('%s: %s', async (name, hook) => {
  const { file, head, command } = RUNNERS[name]!;
  const text = `${head}
describe('rooms', () => {
  ${hook}(async () => {
    await open(1);
  });
  it('first', () => open(0));
  it('second', () => open(0));
});
`;
  const program = new Program({ ...FILES, [file]: text }).withPackages();
  await program.record(command);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  expect(still.reasons[0]?.place?.line, told(still)).toBe(5);

  program.edit('shop.js', FAILING, `try { ${FAILING} } catch { return 0; }`);
  const swallowed = await program.validate();
  expect(swallowed.verdict, told(swallowed)).toBe('inconclusive');

  program.write(FILES).edit(file, 'await open(1)', 'await open(0)');
  const other = await program.validate();
  expect(other.verdict, told(other)).toBe('inconclusive');

  program.write({ [file]: text }).edit('shop.js', 'room.doors.length', '(room.doors ?? []).length');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});
