/** A long recording without an index: one stands at its failure before it was read. */
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-early-')));
const file = path.join(folder, 'orders.js');
const PROGRAM = `const orders = [];
class Order {
  constructor(id) { this.id = id; this.lines = [{ price: id % 7, count: 2 }]; }
  total() { return this.lines.reduce((sum, { price, count }) => sum + price * count, 0); }
}
let sum = 0;
for (let i = 0; i < 60000; i++) {
  const order = new Order(i);
  orders.push(order);
  sum += order.total();
}
function check(order) {
  const label = 'order ' + order.id;
  if (order.total() > 6) throw new RangeError(\`bad \${label}: \${order.total()}\`);
  return label;
}
orders.slice(-9).map(check);
`;
let index: string;
let client: Client;

beforeAll(async () => {
  writeFileSync(file, PROGRAM);
  expect(run(folder, 'record', '--', process.execPath, 'orders.js').status).toBe(1);
  const recordings = path.join(folder, '.hindcast/recordings');
  const recording = path.join(
    recordings,
    readdirSync(recordings).find((name) => /^\d/.test(name))!,
  );
  index = path.join(recording, 'index');
  await until(
    () => existsSync(index) && readdirSync(index).some((stream) => existsSync(path.join(index, stream, 'index'))),
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

/** Waits for what another process or the adapter does. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const frames = async () => (await client.frames()).map(({ name, line, source }) => [name, line, source?.name]);

async function locals() {
  const [top] = await client.frames();
  const { scopes } = (await client.scopesRequest({ frameId: top!.id })).body;
  return (await client.variablesRequest(scopes[0]!)).body.variables.map(({ name, value }) => `${name}: ${value}`);
}

test('one stands at the failure while the recording is read, and then there is everything', async () => {
  rmSync(index, { recursive: true });
  const breakpoints = [{ line: 10, condition: 'order.id === 59000' }, { line: 4000 }];
  const first = await client.open({ startAt: 'failure' }, async () => {
    const { body } = await client.setBreakpointsRequest({ source: { path: file }, breakpoints });
    expect(body.breakpoints).toMatchObject([
      { id: 1, verified: false },
      { id: 2, verified: false },
    ]);
  });
  const text = first.text;
  expect(first).toMatchObject({ reason: 'exception', threadId: 1, description: 'The recording is being read.' });
  expect((await client.threadsRequest()).body.threads).toEqual([{ id: 1, name: 'orders.js' }]);
  const early = await frames();
  expect(await locals()).toEqual([expect.stringMatching(/^The recording is being read\.: \d+ %$/)]);
  expect((await client.exceptionInfoRequest({ threadId: 1 })).body).toMatchObject({ exceptionId: 'RangeError' });
  // it waits until that can be told
  const [stop, answer] = await Promise.all([
    client.waitForEvent('stopped'),
    client.evaluateRequest({ expression: 'orders.length', context: 'repl' }),
  ]);
  expect(answer.body.result).toBe('60000');
  expect(stop.body).toMatchObject({ reason: 'exception', threadId: 1, text });
  expect(await frames()).toEqual(early);
  expect(early).toEqual([
    ['check', 14, 'orders.js'],
    ['orders.js', 17, 'orders.js'],
  ]);
  expect(await locals()).toContain("label: 'order 59994'");
  expect(client.events.filter(({ event }) => event === 'breakpoint')).toMatchObject([
    { body: { reason: 'changed', breakpoint: { id: 1, verified: true, line: 10 } } },
    { body: { reason: 'changed', breakpoint: { id: 2, verified: false } } },
  ]);
  const back = await client.moved(() => client.reverseContinueRequest({ threadId: 1 }));
  expect(back.reason).toBe('breakpoint');
  const [top] = await client.frames();
  expect((await client.evaluateRequest({ expression: 'i', frameId: top!.id })).body.result).toBe('59000');
});

test('with its index it is read before one stands anywhere', async () => {
  expect((await client.open({ startAt: 'failure' })).description).toMatch(/^Stopped at moment 1:\d+$/);
  expect(await locals()).toContain("label: 'order 59994'");
});

test('reading can be cancelled meanwhile, and what was asked for is refused', async () => {
  rmSync(index, { recursive: true });
  await client.open({ startAt: 'failure' });
  await until(() => client.events.some(({ event }) => event === 'progressStart'));
  const { progressId } = client.events.find(({ event }) => event === 'progressStart')!.body as { progressId: string };
  const asked = client.evaluateRequest({ expression: '1', context: 'repl' }).catch((error: Error) => error.message);
  await Promise.all([client.waitForEvent('terminated'), client.customRequest('cancel', { progressId })]);
  expect(await asked).toMatch(/No recording is open/);
});
