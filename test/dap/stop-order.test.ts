/** The order of stops and responses: VS Code is told of a near stop before the response, every other client afterwards. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-stop-order-')));
const PROGRAM = `let a = 1;
a += 1;
a += 2;
a += 3;
throw new Error(String(a));
`;

type Told = DebugProtocol.StoppedEvent['body'] & { readonly moment?: string };

let client: Client;

beforeAll(() => {
  writeFileSync(path.join(folder, 'program.js'), PROGRAM);
  expect(run(folder, 'record', '--', process.execPath, 'program.js').status).toBe(1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

/** What is told from here on until the request was answered and its stop was told, in the adapter's order. */
async function told(request: () => Promise<DebugProtocol.Response>): Promise<readonly string[]> {
  const from = client.events.length;
  const answered: DebugProtocol.Response[] = [];
  await client.moved(async () => answered.push(await request()));
  const messages = [
    ...client.events.slice(from).map(({ seq, event }) => ({ seq, name: event })),
    ...answered.map(({ seq }) => ({ seq, name: 'response' })),
  ];
  return messages.sort((a, b) => a.seq - b.seq).map(({ name }) => name);
}

const back = () => client.stepBackRequest({ threadId: 1 });

test('a client gets the response first, and a stop that names its moment', async () => {
  const { description } = await client.open({ startAt: 'failure' });
  expect(description).toMatch(/^Stopped at moment 1:\d+$/);
  expect(await told(back)).toEqual(['response', 'stopped']);
});

test('VS Code is told of a step before the response, and that the program ran on only where the stop has another label', async () => {
  const { description } = await client.open({ startAt: 'failure' }, undefined, 'vscode');
  expect(description).toBe('Stopped at an exception');
  expect(await told(back)).toEqual(['continued', 'stopped', 'response']);
  expect(await told(back)).toEqual(['stopped', 'response']);
  expect(await told(() => client.stepInRequest({ threadId: 1 }))).toEqual(['stopped', 'response']);
  expect(await told(() => client.continueRequest({ threadId: 1 }))).toEqual(['continued', 'stopped', 'response']);
  const stops = client.events.filter(({ event }) => event === 'stopped').map(({ body }) => body as Told);
  const moments = stops.map(({ moment }) => moment);
  expect(moments).toEqual([...Array.from({ length: 4 }, () => expect.stringMatching(/^1:\d+$/)), undefined]);
  expect(moments[3]).toBe(moments[1]);
  expect(stops.at(-1)!.description).toBe('At the end of the recording');
});

test('what is asked about the failure waits until nobody steps any more', async () => {
  await client.open({ startAt: 'failure' }, undefined, 'vscode');
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  await Promise.all([
    back().then(note('step')),
    client.customRequest('whyFailed', {}).then(note('why')),
    client.customRequest('suspects', {}).then(note('suspects')),
    back().then(note('step')),
    client.nextRequest({ threadId: 1 }).then(note('step')),
  ]);
  expect(order.slice(0, 3)).toEqual(['step', 'step', 'step']);
  expect(order.slice(3).toSorted()).toEqual(['suspects', 'why']);
});

test('variables of the stop before are nothing to VS Code, which still asks for them, and gone to every other client', async () => {
  for (const clientID of ['vscode', undefined]) {
    await client.open({ startAt: 'failure' }, undefined, clientID);
    const scope = await localScope();
    const old = scope.variablesReference;
    expect((await client.variablesRequest({ variablesReference: old })).body.variables).not.toEqual([]);
    await client.moved(back);
    expect((await localScope()).variablesReference).not.toBe(old);
    const asked = client.variablesRequest({ variablesReference: old });
    if (clientID === undefined) await expect(asked).rejects.toThrow('These variables are gone');
    else expect((await asked).body.variables).toEqual([]);
    await client.close();
    client = new Client(folder);
    await client.start();
  }
});

test('VS Code shows no error for the frame of the stop before: it hears of it once it has asked for the new one', async () => {
  for (const clientID of ['vscode', undefined]) {
    await client.open({ startAt: 'failure' }, undefined, clientID);
    const [old] = await client.frames();
    await client.moved(back);
    const order: string[] = [];
    const scopes = client.scopesRequest({ frameId: old!.id }).finally(() => order.push('old'));
    const value = client.evaluateRequest({ expression: 'a', frameId: old!.id, context: 'watch' });
    if (clientID === undefined) {
      await expect(scopes).rejects.toThrow('This frame is gone');
      await expect(value).rejects.toThrow();
    } else {
      expect((await value).body.result).toBe('4');
      const [now] = await client.frames();
      expect(now!.id).not.toBe(old!.id);
      expect((await client.scopesRequest({ frameId: now!.id })).body.scopes).not.toEqual([]);
      order.push('new');
      expect((await scopes).body.scopes).toEqual([]);
      expect(order).toEqual(['new', 'old']);
    }
    await client.close();
    client = new Client(folder);
    await client.start();
  }
});

async function localScope(): Promise<DebugProtocol.Scope> {
  const [frame] = await client.frames();
  return (await client.scopesRequest({ frameId: frame!.id })).body.scopes[0]!;
}
