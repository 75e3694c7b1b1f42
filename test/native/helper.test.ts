import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const helper = path.join(root, 'trace-runtime/dist/helper.node');
const nodes = [
  process.execPath,
  ...['node22', 'node24'].map((name) => path.join(root, 'node_modules', name, 'bin/node')).filter(existsSync),
];
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-helper-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the code with `helper` in sight in a process of its own that nobody records, and returns what it printed. */
function run(node: string, code: string): string {
  const source = `const helper = require(${JSON.stringify(helper)});${code}`;
  return execFileSync('env', ['-u', 'NODE_OPTIONS', node, '-e', source], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 20_000,
  }).trim();
}

const depthOf = 'function depth(){let n=0;function r(){n++;r()} try{r()}catch{} return n}';

test.skipIf(!existsSync(helper)).each(nodes)('what is written to the ring survives SIGKILL: %s', (node) => {
  const ring = path.join(folder, `ring-${nodes.indexOf(node)}`);
  const code = `new Int32Array(helper.map(${JSON.stringify(ring)}, 65536))[5] = 4711; process.kill(process.pid, 'SIGKILL')`;
  expect(() => run(node, code)).toThrow();
  expect(readFileSync(ring).readInt32LE(20)).toBe(4711);
  expect(statSync(ring).size).toBe(65536);
  expect(statSync(ring).mode & 0o777).toBe(0o600);
});

test.skipIf(!existsSync(helper)).each(nodes)('a ring that cannot be made is an error with its code: %s', (node) => {
  const code =
    "for (const a of [['missing/ring', 64], ['ring', -1], []]) try { helper.map(...a) } catch (e) { console.log(e.code) }";
  expect(run(node, code).split('\n')).toEqual(['ENOENT', 'EINVAL', 'EINVAL']);
});

test.skipIf(!existsSync(helper)).each(nodes)('a higher stack limit gives deeper recursion and no crash: %s', (node) => {
  const code = `${depthOf} const before = depth(); const set = helper.setStackLimit(1800); console.log(set, depth() > before * 1.5)`;
  expect(run(node, code)).toBe('true true');
});

test.skipIf(!existsSync(helper)).each(nodes)(
  'a limit beyond the stack that the system gives is refused: %s',
  (node) => {
    const code = `${depthOf} const before = depth(); console.log(helper.setStackLimit(2 ** 40), depth() === before)`;
    expect(run(node, code)).toMatch(/^false /);
  },
);

test.skipIf(!existsSync(helper)).each(nodes)("a worker's stack is left as its maker chose it: %s", (node) => {
  const code = `const { Worker } = require('worker_threads');
    new Worker('console.log(require(' + JSON.stringify(${JSON.stringify(helper)}) + ').setStackLimit(500))', { eval: true })`;
  expect(run(node, code)).toBe('false');
});
