import type { DebugProtocol } from '@vscode/debugprotocol';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-dap-')));
const file = (name: string): string => path.join(folder, name);
let client: Client;

beforeAll(() => {
  cpSync(path.join(root, 'examples/shop'), folder, { recursive: true });
  expect(run(folder, 'record', '--', process.execPath, 'checkout.js').status).toBe(1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

const moved = (request: () => Promise<unknown>) => client.moved(request);
const launch = (args: object = {}) => client.open({ startAt: 'failure', ...args });

async function stack(): Promise<DebugProtocol.StackFrame[]> {
  return (await client.stackTraceRequest({ threadId: 1 })).body.stackFrames;
}

async function where(): Promise<string> {
  const [top] = await stack();
  return top ? `${top.name} ${top.source?.name}:${top.line}` : 'nowhere';
}

async function locals(frame = 0): Promise<Map<string, DebugProtocol.Variable>> {
  const frameId = (await stack())[frame]!.id;
  const { scopes } = (await client.scopesRequest({ frameId })).body;
  const { variables } = (await client.variablesRequest(scopes[0]!)).body;
  return new Map(variables.map((variable) => [variable.name, variable]));
}

async function evaluate(expression: string): Promise<string> {
  const [top] = await stack();
  return (await client.evaluateRequest({ expression, frameId: top!.id })).body.result;
}

test('begins at the failure, with its stack and values', async () => {
  expect(await launch()).toMatchObject({
    reason: 'exception',
    threadId: 1,
    text: 'RangeError: order A-2 has no valid total: NaN',
  });
  expect((await client.threadsRequest()).body.threads).toEqual([{ id: 1, name: 'checkout.js' }]);
  const frames = await stack();
  expect(frames.map(({ name, line }) => [name, line])).toEqual([
    ['total', 12],
    ['checkout.js', 31],
  ]);
  expect(frames[0]!.source).toEqual({ name: 'checkout.js', path: file('checkout.js') });
  const variables = await locals();
  expect(variables.get('cents')).toMatchObject({ value: 'NaN', type: 'number', variablesReference: 0 });
  const order = variables.get('order')!;
  const inside = (await client.variablesRequest(order)).body.variables;
  expect(inside.slice(0, 2)).toMatchObject([
    { name: 'id', value: "'A-2'", evaluateName: 'order.id' },
    { name: 'customer', value: "'Edsger'" },
  ]);
  expect((await client.exceptionInfoRequest({ threadId: 1 })).body).toMatchObject({
    exceptionId: 'RangeError',
    description: 'order A-2 has no valid total: NaN',
    breakMode: 'unhandled',
    // under the message
    details: { stackTrace: expect.stringMatching(/^ {4}at \S/) },
  });
});

test('steps back over calls and into them, out of them, and forward again', async () => {
  await launch();
  const back = () => moved(() => client.stepBackRequest({ threadId: 1 }));
  await back();
  const [top] = await stack();
  expect(top).toMatchObject({ line: 12, column: 3 });
  await back();
  expect(await where()).toBe('total checkout.js:11');
  expect((await locals()).get('off')!.value).toBe('NaN');
  await back();
  expect(await where()).toBe('total checkout.js:10');
  expect((await locals()).get('off')!.value).toBe('‹not yet initialised›');
  await moved(() => client.nextRequest({ threadId: 1 }));
  expect(await where()).toBe('total checkout.js:11');
  await moved(() => client.customRequest('reverseInto', { threadId: 1 }));
  expect(await where()).toBe('discount discounts.js:17');
  expect((await locals()).get('rest')!.value).toBe('NaN');
  await moved(() => client.customRequest('reverseOut', { threadId: 1 }));
  expect(await where()).toBe('total checkout.js:10');
  await moved(() => client.stepInRequest({ threadId: 1 }));
  expect(await where()).toBe('discount discounts.js:12');
  await moved(() => client.stepOutRequest({ threadId: 1 }));
  expect(await where()).toBe('total checkout.js:11');
});

test('continues to breakpoints in both directions, and to either end', async () => {
  await launch();
  const source = { path: file('discounts.js') };
  const { breakpoints } = (await client.setBreakpointsRequest({ source, breakpoints: [{ line: 15 }, { line: 99 }] }))
    .body;
  expect(breakpoints).toMatchObject([{ verified: true, line: 15 }, { verified: false }]);
  expect(await moved(() => client.reverseContinueRequest({ threadId: 1 }))).toMatchObject({ reason: 'breakpoint' });
  expect(await where()).toBe('discount discounts.js:15');
  expect(await evaluate('coupon')).toBe("'Friends'");
  await moved(() => client.reverseContinueRequest({ threadId: 1 }));
  expect(await evaluate('coupon')).toBe("'spring10'");
  expect(await moved(() => client.reverseContinueRequest({ threadId: 1 }))).toMatchObject({ reason: 'entry' });
  await moved(() => client.continueRequest({ threadId: 1 }));
  expect(await evaluate('coupon')).toBe("'spring10'");
  await moved(() => client.continueRequest({ threadId: 1 }));
  await client.setBreakpointsRequest({ source, breakpoints: [] });
  await client.setExceptionBreakpointsRequest({ filters: ['uncaught'] });
  expect(await moved(() => client.continueRequest({ threadId: 1 }))).toMatchObject({ reason: 'exception' });
  expect(await where()).toBe('total checkout.js:12');
  expect(await moved(() => client.continueRequest({ threadId: 1 }))).toMatchObject({ reason: 'end' });
  await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'rateOf' }] });
  await moved(() => client.reverseContinueRequest({ threadId: 1 }));
  await moved(() => client.reverseContinueRequest({ threadId: 1 }));
  expect(await where()).toBe('rateOf discounts.js:7');
});

test('finds who wrote a variable or a property, in both directions', async () => {
  await launch();
  const dataId = async (reference: number, name: string): Promise<string> =>
    (await client.dataBreakpointInfoRequest({ variablesReference: reference, name })).body.dataId!;
  const watch = (...ids: string[]) =>
    client.setDataBreakpointsRequest({ breakpoints: ids.map((id) => ({ dataId: id, accessType: 'write' as const })) });
  const back = () => moved(() => client.reverseContinueRequest({ threadId: 1 }));
  const [top] = await stack();
  const { scopes } = (await client.scopesRequest({ frameId: top!.id })).body;
  const off = await dataId(scopes[0]!.variablesReference, 'off');
  const catalogue = await dataId(scopes[0]!.variablesReference, 'catalogue');
  const line = (await client.variablesRequest((await locals()).get('cart')!)).body.variables.find(
    ({ name }) => name === 'lines',
  )!;
  const [pot] = (await client.variablesRequest(line)).body.variables;
  const cents = await dataId(pot!.variablesReference, 'quantity');
  const lines = await dataId(line.variablesReference, '1');
  await watch(off);
  expect(await back()).toMatchObject({ reason: 'data breakpoint' });
  expect(await where()).toBe('total checkout.js:10');
  expect(await back()).toMatchObject({ reason: 'entry' });
  expect(await moved(() => client.continueRequest({ threadId: 1 }))).toMatchObject({ reason: 'data breakpoint' });
  await moved(() => client.continueRequest({ threadId: 1 }));
  await watch(lines, cents);
  await back();
  expect(await where()).toBe('add cart.js:14');
  expect(await evaluate('sku')).toBe("'cup'");
  await watch(catalogue);
  await back();
  expect(await where()).toBe('checkout.js checkout.js:31');
  expect(await evaluate('order.id')).toBe("'A-2'");
  expect((await client.dataBreakpointInfoRequest({ name: 'nothing' })).body.dataId).toBeNull();
});

test('goes to any hit of a line, and to where a call began', async () => {
  await launch();
  const source = { path: file('cart.js') };
  const { targets } = (await client.gotoTargetsRequest({ source, line: 14 })).body;
  expect(targets).toHaveLength(3);
  await moved(() => client.gotoRequest({ threadId: 1, targetId: targets[1]!.id }));
  expect(await evaluate('sku')).toBe("'pot'");
  expect(await evaluate('this.lines.length')).toBe('0');
  const [, caller] = await stack();
  await moved(() => client.restartFrameRequest({ frameId: caller!.id }));
  expect(await where()).toBe('total checkout.js:7');
});

test('evaluates names and property paths, completes them, and refuses what would change the recording', async () => {
  await launch();
  const [top] = await stack();
  expect(await evaluate('order.items[1]["sku"]')).toBe("'cup'");
  expect(await evaluate('cart.lines[0].cents')).toBe('2450');
  await expect(evaluate('nowhere')).rejects.toThrow('ReferenceError: nowhere is not defined');
  await expect(evaluate('order.a.b')).rejects.toThrow("Cannot read properties of undefined (reading 'b')");
  const complete = async (text: string) =>
    (await client.completionsRequest({ text, column: text.length + 1, frameId: top!.id })).body.targets.map(
      (t) => t.label,
    );
  expect(await complete('sub')).toEqual(['subtotal']);
  expect(await complete('order.cu')).toEqual(['customer']);
  const set = client.setVariableRequest({ variablesReference: 1, name: 'off', value: '0' });
  await expect(set).rejects.toThrow('A recording cannot be changed');
});

test('shows the recorded source where the file has changed since', async () => {
  const original = readFileSync(file('discounts.js'), 'utf8');
  writeFileSync(file('discounts.js'), original.replace('coupon.trim()', 'coupon.trim().toLowerCase()'));
  try {
    await launch();
    const { sources } = ((await client.customRequest('loadedSources')) as DebugProtocol.LoadedSourcesResponse).body;
    const changed = sources.find(({ name }) => name === 'discounts.js')!;
    expect(changed.origin).toContain('has changed since');
    const { content } = (await client.sourceRequest({ source: changed, sourceReference: changed.sourceReference! }))
      .body;
    expect(content).toBe(original);
    expect(sources.find(({ name }) => name === 'cart.js')).not.toHaveProperty('sourceReference');
  } finally {
    writeFileSync(file('discounts.js'), original);
  }
});

test('an unknown recording, thread, frame or moment gets a sentence, and the adapter stays', async () => {
  await client.initializeRequest();
  const early = client.setBreakpointsRequest({ source: { path: 'a.js' }, breakpoints: [] });
  await expect(early).rejects.toThrow('No recording is open.');
  await expect(client.launchRequest({ recording: 'nothing-like-it' } as never)).rejects.toThrow(/nothing-like-it/);
  await Promise.all([client.waitForEvent('initialized'), client.launchRequest({ startAt: '1:99999999' } as never)]);
  expect(await moved(() => client.configurationDoneRequest())).toMatchObject({ reason: 'end' });
  await expect(client.stackTraceRequest({ threadId: 9 })).rejects.toThrow('There is no thread 9.');
  await expect(client.scopesRequest({ frameId: 77 })).rejects.toThrow('This frame is gone');
  await expect(client.variablesRequest({ variablesReference: 77 })).rejects.toThrow('These variables are gone');
  await moved(() => client.stepBackRequest({ threadId: 1 }));
  expect(await where()).toBe('total checkout.js:12');
});
