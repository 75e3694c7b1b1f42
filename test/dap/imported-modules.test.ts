/** What lines of an editor show of names that stand for modules. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-modules-')));
const FILES = {
  'parts.cjs': 'module.exports = { rate: 2 };\n',
  'rates.json': '{ "rate": 3 }\n',
  'named.mjs': 'export const rates = { rate: 4 };\nexport default { rate: 5 };\n',
  'plain.cjs': `const path = require('node:path');
const parts = require('./parts.cjs'), { join } = path;
const rates = require('./rates.json');
const inner = require('./parts.cjs').rate;
const made = [path.sep];
function fails(given) {
  void [path, parts, rates, inner, made, given]; // here
  throw 1; // here
}
fails({ a: 1 });
`,
  'module.mjs': `import path from 'node:path';
import * as all from './named.mjs';
import own, { rates } from './named.mjs';
const later = await import('./named.mjs');
function fails(given) {
  void [path, all, own, rates, later, given]; // here
  throw 1; // here
}
fails({ a: 1 });
`,
};

let client: Client;

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

async function namesShown(file: 'plain.cjs' | 'module.mjs'): Promise<readonly string[]> {
  expect(run(folder, 'record', '--', process.execPath, file).status).toBe(1);
  await client.open({ startAt: 'failure' });
  const [top] = await client.frames();
  const lines = FILES[file].split('\n').filter((line) => line.includes('// here'));
  const { values } = (await client.customRequest('inlineValues', { frameId: top!.id, lines })).body as {
    readonly values: readonly { readonly name: string }[];
  };
  return values.map(({ name }) => name);
}

test('what was required as a whole is left out, its data and parts are not', async () => {
  expect(await namesShown('plain.cjs')).toEqual(['rates', 'inner', 'made', 'given']);
});

test('namespaces and default exports of packages are left out, what other files of the project export is not', async () => {
  expect(await namesShown('module.mjs')).toEqual(['own', 'rates', 'given']);
});
