import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { json, project, run } from './kit.ts';

const root = path.resolve(import.meta.dirname, '../..');
const nodes = [
  process.execPath,
  ...['node22', 'node24'].map((name) => path.join(root, 'node_modules', name, 'bin/node')).filter(existsSync),
];

interface Found {
  readonly events: readonly { readonly operation: string; readonly detail: string }[];
}

test.each(nodes)("modules that Node reads to run them are not the program's input, JSON modules are: %s", (node) => {
  const folder = project({
    'm.js': 'module.exports = 1;\n',
    'm.json': '{"a":1}',
    'program.js': "require('./m.js'); require('./m.json'); require('fs').readFileSync('m.js');\n",
  });
  expect(run(folder, 'record', '--', node, 'program.js').status).toBe(0);
  const { events } = json<Found>(run(folder, 'events', '--json', '--kind', 'boundary'));
  const reads = events.filter(({ operation }) => operation === 'fs.readFile');
  const paths = reads.map(({ detail }) => (JSON.parse(detail) as { readonly path: string }).path);
  expect(paths).toEqual([path.join(folder, 'm.json'), 'm.js']);
});

test.each(nodes)('a namespace whose exports are not initialised yet is recorded, and all behind it: %s', (node) => {
  const folder = project({
    'a.mjs': "import { names } from './b.mjs';\nexport const unit = { name: 'day' };\nnames.push(unit);\nnull.x;\n",
    'b.mjs':
      "import * as all from './a.mjs';\nexport const names = [{ first: 'week' }];\nexport const keys = () => all;\n",
  });
  run(folder, 'record', '--', node, 'a.mjs');
  const { stdout } = run(folder, 'state');
  expect(stdout).toContain("{ first: 'week' }");
  expect(stdout).toContain("{ name: 'day' }");
  expect(stdout).not.toContain('not captured');
  expect(run(folder, 'info').stdout).not.toContain('the stack was nearly full');
});

test.each(nodes)('a module is recorded however it is loaded, and keeps its text and its turn: %s', (node) => {
  const text =
    "export const found = [{ first: 'week' }];\nexport const later = () => { throw new Error(found[0].first); };\n";
  const folder = project({
    'a.mjs': text,
    'package.json': '{"type":"module"}',
    'b.js': "export { later } from './a.mjs';\nexport default import.meta.url.length;\n",
    'program.cjs': `
      const read = (name) => require('fs').promises.readFile(new URL(name, require('url').pathToFileURL(__filename)));
      setImmediate(() => console.log('immediate'));
      import('./a.mjs').then(() => console.log('a'));
      const name = './b.js';
      import(name).then(async ({ later }) => {
        console.log('b', String(await read('a.mjs')) === ${JSON.stringify(text)}, later.toString());
        await import('./absent.mjs').catch((error) => console.log(error.code));
        later();
      });`,
  });
  const plain = spawnSync(node, ['program.cjs'], { cwd: folder, encoding: 'utf8' });
  const recorded = run(folder, 'record', '--', node, 'program.cjs');
  expect(recorded.stdout).toBe(plain.stdout);
  expect(recorded.status).toBe(plain.status);
  expect(recorded.stderr).toContain(plain.stderr.trim());
  const state = run(folder, 'state').stdout;
  expect(state).toContain('a.mjs:2');
  expect(state).toContain("{ first: 'week' }");
});

test.each(nodes)('a .cjs file of a package of modules is CommonJS: %s', (node) => {
  const folder = project({
    'package.json': '{"type":"module"}',
    'program.cjs': 'var await = { n: 2 };\nfunction sum(a, a) { return a + await.n; }\nsum(1, 3).no.such;\n',
  });
  run(folder, 'record', '--', node, 'program.cjs');
  expect(run(folder, 'info').stdout).not.toContain('not-instrumented');
  expect(run(folder, 'state').stdout).toContain('await = { n: 2 }');
});
