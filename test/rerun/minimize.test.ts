/** Inputs are made smaller while the failure stays: a handful of `proof:minimize`, and what else a person meets. */
import { expect, test } from 'vitest';
import { FAILING_PROGRAMS } from './failing-programs.ts';
import { Program, told, type RunOptions } from './kit.ts';
import { recordFailing } from './record-failing.ts';

interface Minimized {
  readonly ended: string;
  readonly before: number;
  readonly after: number;
  readonly inputs: readonly {
    readonly kind: string;
    readonly name: string;
    readonly after: number;
    readonly text: string | null;
  }[];
  readonly rerun: string | null;
  readonly missingSecrets: readonly string[];
}

async function minimize(program: Program, args: readonly string[] = [], options: RunOptions = {}): Promise<Minimized> {
  const { stdout, stderr } = await program.hindcast(['minimize', '--json', ...args], options);
  expect(stdout, stderr).toMatch(/^\{"version":1,/);
  return JSON.parse(stdout) as Minimized;
}

const failing = (name: string) => FAILING_PROGRAMS.find((each) => each.name === name)!;

test.each([
  ['arguments', '--'],
  ['json-file', '{"users":[{}]}'],
  ['stdin-json-lines', '{"user":{}}'],
  ['http-sequence', 'GET /take/item1\n\n'],
  ['json-body', 'POST /total\n\n{"items":[{}]}\n\n'],
])('%s', async (name, text) => {
  const { program } = await recordFailing(failing(name));
  const before = program.tree();
  const minimized = await minimize(program);
  expect(minimized.ended).toBe('minimal');
  expect(minimized.inputs.map((input) => input.text).filter(Boolean)).toEqual([text]);
  const still = await program.validate([minimized.rerun!]);
  expect(still.verdict, told(still)).toBe('still-failing');
  expect(program.tree()).toEqual(before);
});

test('what is left is kept in the corpus, and proves the fix', async () => {
  const { program } = await recordFailing(failing('child-output'));
  const { stdout, stderr } = await program.hindcast(['minimize', '--keep']);
  expect(stdout).toMatch(/stdout of cat status\.txt +5\.3 kB → 1 B/);
  expect(stdout).toContain('Nothing more can be left out.');
  expect(stderr).toContain('kept: .hindcast/corpus/');
  expect((await program.hindcast(['validate', '--all'])).status).toBe(1);
  program.edit('summary.js', 'KINDS[line[0]].', "(KINDS[line[0]] ?? 'other').");
  expect((await program.hindcast(['validate', '--all'])).status).toBe(0);
});

test('the mistake stays the same: not another property of nothing, nor another line', async () => {
  const program = new Program({
    'order.json': JSON.stringify({
      customer: { name: 'Ann', mail: 'ann@example.com' },
      items: [{ price: 1 }, { prize: 2 }],
    }),
    'main.js': `
      const order = JSON.parse(require('node:fs').readFileSync('order.json', 'utf8'));
      const greet = ({ customer: { name } }) => name.toUpperCase();
      const line = (item) => greet(order) + item.price.toFixed(2);
      order.items.forEach((item) => console.log(line(item)));
    `,
  });
  await program.record([process.execPath, 'main.js']);
  const { inputs } = await minimize(program);
  expect(inputs[0]?.text).toBe('{"customer":{"name":""},"items":[{}]}');
});

test('an assertion keeps its message: any other value would be wrong, too', async () => {
  const program = new Program({
    'list.json': JSON.stringify(Array.from({ length: 20 }, (_, id) => ({ id, name: `n${id}` }))),
    'name.test.js': `
      const test = require('node:test');
      const assert = require('node:assert');
      const find = (id) => JSON.parse(require('node:fs').readFileSync('list.json', 'utf8')).find((each) => each.id === id)?.name;
      test('finds', () => assert.strictEqual(find(7), 'seven'));
    `,
  });
  await program.record([process.execPath, '--test', 'name.test.js']);
  expect((await minimize(program)).inputs[0]?.text).toBe('[{"id":7,"name":"n7"}]');
});

test('what comes in nowhere cannot be made smaller, and it says where it looked', async () => {
  const program = new Program({
    'sum.test.js': `
      const test = require('node:test');
      const assert = require('node:assert');
      test('sums', () => assert.strictEqual([1, 2].reduce((a, b) => a - b), 3));
    `,
  });
  await program.record([process.execPath, '--test', 'sum.test.js']);
  expect((await minimize(program)).ended).toBe('no-input');
  const { stdout, status } = await program.hindcast(['minimize']);
  expect(stdout).toContain(
    'There is no recorded input to make smaller: what the test works on stands in its own code.',
  );
  expect(stdout).toContain('Looked at: arguments');
  expect(status).toBe(0);
});

test('what does not fail again is told, with the secret that is missing', async () => {
  const program = new Program({
    'main.js': `
      const [word] = process.argv.slice(2);
      const token = process.env.API_TOKEN;
      if (token.length + word.length > 12) throw new Error('long');
    `,
  });
  await program.record([process.execPath, 'main.js', 'word'], { env: { API_TOKEN: 'secret-0123456789' } });
  const missing = await minimize(program, [], { unset: ['API_TOKEN'] });
  expect(missing).toMatchObject({ ended: 'not-reproduced', missingSecrets: ['API_TOKEN'], rerun: null });
  const { stdout, status } = await program.hindcast(['minimize'], { unset: ['API_TOKEN'] });
  expect(stdout).toContain('the secret API_TOKEN is not in the environment');
  expect(status).toBe(3);
  const text = JSON.stringify(await minimize(program, [], { env: { API_TOKEN: 'secret-0123456789' } }));
  expect(text).not.toContain('secret-0123456789');
});

test('when the time is up, what was found until then is the result', async () => {
  const { program } = await recordFailing(failing('nested-config'));
  // enough for some of the hundred reruns, on any machine
  const { milliseconds } = await program.validate();
  const { ended, before, after, rerun } = await minimize(program, ['--timeout', `${Math.ceil(milliseconds / 125)}s`]);
  expect(ended).toBe('timeout');
  expect(after).toBeLessThan(before);
  expect((await program.validate([rerun!])).verdict).toBe('still-failing');
});
