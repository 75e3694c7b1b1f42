/** Programs that put functions of their own in the place of builtins: the recorder calls none of them while such a program runs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'hindcast-replaced-builtins-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Node loads modules of its own when it first makes stdout: before anything is replaced
const PROGRAM = `
require('net');
const holders = {
  Math, Object, Reflect,
  arrays: Array.prototype,
  functions: Function.prototype,
  iterators: Object.getPrototypeOf([][Symbol.iterator]()),
  strings: String.prototype,
};
const [, , name, style] = process.argv;
const holder = holders[name];
const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
let calls = 0;
const keys = ownKeys(holder);
for (let i = 0; i < keys.length; i++) {
  const key = keys[i];
  const own = getOwnPropertyDescriptor(holder, key);
  if (!own.configurable || typeof own.value !== 'function' || key === 'constructor' || key === Symbol.hasInstance) continue;
  const { value } = own;
  const mine = { [key](...args) { calls++; return apply(value, this, args); } };
  const late = { get [key]() { calls++; return value; } };
  if (style === 'values') defineProperty(holder, key, { ...own, value: mine[key] });
  else defineProperty(holder, key, { get: getOwnPropertyDescriptor(late, key).get, configurable: true });
}
class Base { #secret = 1; list = [1, 2]; get secret() { return this.#secret; } }
class Derived extends Base { constructor(...args) { super(...args); this.copy = { ...this.list, secret: this.secret }; } }
const made = new Derived(1);
const [first, ...rest] = made.list;
let text = '' + first + rest;
for (const [key, value] of new Map([[1, made], [2, 'b']])) text += key + String(value);
text += new Date(0).getTime() + /a(.)/.exec('ab')[1];
(async () => { for await (const x of (async function* () { yield 1; yield await 2; })()) text += x; })().then(() => {
  process.stdout.write(text + ' ' + calls + '\\n');
});
`;

function run(...args: readonly string[]): { readonly status: number | null; readonly stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  return { status, stdout };
}

test.each(
  ['Math', 'Object', 'Reflect', 'arrays', 'functions', 'iterators', 'strings'].flatMap((name) =>
    ['values', 'getters'].map((style) => [name, style] as const),
  ),
)('%s, by %s', (name, style) => {
  writeFileSync(path.join(folder, 'main.js'), PROGRAM);
  const cli = path.join(root, 'cli/bin/hindcast.cjs');
  const plain = run('main.js', name, style);
  for (const level of ['full', 'light']) {
    const command = [process.execPath, 'main.js', name, style];
    expect([level, run(cli, 'record', '--level', level, '--out', 'out', '--', ...command)]).toEqual([level, plain]);
  }
});
