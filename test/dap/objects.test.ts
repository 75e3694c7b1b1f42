/** Objects at a moment as a graph of references, and the moments at which they change. */
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PanelRequests } from '../../trace-runtime/src/model/panel-answers.ts';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-objects-')));
const PROGRAM = `class Cart {
  lines = [];
  owner = { name: 'Ada' };
}
const cart = new Cart();
cart.owner.cart = cart; // cycle
cart.lines.push({ sku: 'tea', count: 1 }); // push
cart.lines[0].count = 2; // set
const seen = new Map([['tea', cart.lines[0]]]);
seen.set('pot', 3); // map
delete cart.owner.name; // delete
throw new Error('done'); // end
`;
const lineOf = (mark: string): number => PROGRAM.split('\n').findIndex((line) => line.includes(`// ${mark}`)) + 1;
let client: Client;

beforeAll(() => {
  writeFileSync(path.join(folder, 'cart.js'), PROGRAM);
  run(folder, 'record', '--out', 'r', '--', process.execPath, 'cart.js');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
  const [name] = readdirSync(path.join(folder, 'r')).filter((each) => /^\d/.test(each));
  await client.open({ recording: path.join(folder, 'r', name!) });
});
afterEach(() => client.close());

async function ask<Name extends 'objectRoot' | 'objectGraph' | 'objectChanges'>(
  name: Name,
  args: PanelRequests[Name]['args'],
): Promise<PanelRequests[Name]['answer']> {
  return (await client.customRequest(name, args)).body as PanelRequests[Name]['answer'];
}

const graphOf = async (expression: string) => {
  const { threadId, object } = await ask('objectRoot', { expression });
  return ask('objectGraph', { threadId, object });
};

test('objects have their properties, and refer to each other, in cycles too', async () => {
  const { nodes, isCut } = await graphOf('cart');
  expect(isCut).toBe(false);
  expect(nodes.map(({ title }) => title)).toEqual(['Cart', 'Array(1)', 'Object', 'Object']);
  const [cart, lines, owner, line] = nodes;
  expect(cart!.properties.map(({ name, to }) => [name, to])).toEqual([
    ['lines', lines!.object],
    ['owner', owner!.object],
  ]);
  expect(owner!.properties).toMatchObject([{ name: 'cart', to: cart!.object }]);
  expect(line!.properties).toEqual([
    { name: 'sku', value: "'tea'", to: null },
    { name: 'count', value: '2', to: null },
  ]);
});

test('what a Map holds is there, and an object is closed and opened', async () => {
  const { nodes } = await graphOf('seen');
  expect(nodes[0]).toMatchObject({ title: 'Map(2)', properties: [{ name: "'tea'" }, { name: "'pot'", value: '3' }] });
  const { threadId, object } = await ask('objectRoot', { expression: 'cart' });
  const whole = await ask('objectGraph', { threadId, object });
  const lines = whole.nodes[1]!.object;
  const closed = await ask('objectGraph', { threadId, object, closed: [lines] });
  expect(closed.nodes.find((node) => node.object === lines)).toMatchObject({
    isOpen: false,
    properties: [],
    hasProperties: true,
  });
  expect(closed.nodes).toHaveLength(3);
});

test('each change has the first moment at which it is there, and its line', async () => {
  const { threadId, object } = await ask('objectRoot', { expression: 'cart' });
  const { nodes } = await ask('objectGraph', { threadId, object });
  const objects = nodes.map((node) => node.object);
  const { changes, isCut } = await ask('objectChanges', { threadId, objects });
  expect(isCut).toBe(false);
  const lines = changes.map(({ line }) => line);
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  for (const mark of ['cycle', 'push', 'set', 'delete']) expect(lines).toContain(lineOf(mark));
  const count = changes.find(({ line }) => line === lineOf('set'))!;
  expect(count).toMatchObject({ key: 'count', object: nodes[3]!.object });
  const countAt = async (moment: number) => {
    await client.moved(() => client.customRequest('goToMoment', { moment: `${threadId}:${moment}` }));
    const graph = await ask('objectGraph', { threadId, object });
    return graph.nodes.find((node) => node.object === count.object)?.properties.find(({ name }) => name === 'count')
      ?.value;
  };
  expect(await countAt(count.moment)).toBe('2');
  expect(await countAt(count.moment - 1)).toBe('1');
  // from the middle the same ones are found
  expect((await ask('objectChanges', { threadId, objects })).changes).toEqual(changes);
});

test('before it is made an object is not there; what is no object is refused', async () => {
  const { threadId, object } = await ask('objectRoot', { expression: 'cart' });
  await expect(ask('objectRoot', { expression: 'cart.lines[0].count' })).rejects.toThrow(
    'cart.lines[0].count is no object at this moment.',
  );
  await client.moved(() => client.customRequest('goToMoment', { moment: `${threadId}:0` }));
  expect(await ask('objectGraph', { threadId, object })).toEqual({ nodes: [], isCut: false });
});
