/** Texts of a dependency's functions, of which only the writes are recorded. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'hindcast-dependency-texts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DEPENDENCY = `
exports.outer = function outer(name) {
  const mask = 0xffff00ff;
  Object.assign(globalThis, { [name](...args) { const c = globalThis[name]; c.args ??= new Map(); c.n = 0x1234abcd; return c.n & mask; } });
};
exports.one = (o) => (o.x = 1);
exports.same = (o) => (o.x = 1);
exports.Counter = class Counter {
  bump(by) { this.count += by; return this.count++; }
  static made = { get late() { return (o) => { delete o.k; [o.a, o.b] = [1, 2]; }; } };
};
`;
const PROGRAM = `
const dep = require('dep');
const late = Object.getOwnPropertyDescriptor(dep.Counter.made, 'late').get;
for (const f of [dep.outer, dep.one, dep.same, dep.Counter, dep.Counter.prototype.bump, late, dep.Counter.made.late]) {
  console.log(String(f));
  try { structuredClone(f); } catch (error) { console.log(error.message); }
}
`;

function run(...args: readonly string[]): string {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout;
}

test.each(['full', 'light'])('are the original ones: level %s', (level) => {
  mkdirSync(path.join(folder, 'node_modules/dep'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/dep/index.js'), DEPENDENCY);
  writeFileSync(path.join(folder, 'main.js'), PROGRAM);
  const plain = run('main.js');
  const cli = path.join(root, 'cli/bin/hindcast.cjs');
  const recorded = run(cli, 'record', '--level', level, '--out', 'out', '--', process.execPath, 'main.js');
  expect(plain).toContain('delete o.k');
  expect(recorded).toBe(plain);
});
