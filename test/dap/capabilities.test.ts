/** What a client can ask for beyond stepping: conditions, logpoints, targets, origins, memory, getters, waiting calls. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-capabilities-')));
const file = path.join(folder, 'program.js');
const PROGRAM = `class Box {
  constructor(n) { this.n = n; }
  get double() { return this.n * 2; }
}
const bytes = Uint16Array.from([1, 2, 258]);
const box = new Box(4);
let total = 0;
function add(n) {
  total += n; // add
  return total;
}
function twice(n) { return n * 2; }
for (let i = 1; i <= 20; i++) add(twice(i)); // loop
box.n = 9; // change
async function inner(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms; // inner
}
async function outer() {
  const got = await inner(5); // outer
  return got + 1;
}
outer().then((last) => {
  console.log(last, box.double, bytes.length); // last
});
`;
const lineOf = (mark: string): number => PROGRAM.split('\n').findIndex((line) => line.includes(`// ${mark}`)) + 1;
const source = { path: file };

let client: Client;

beforeAll(() => {
  writeFileSync(file, PROGRAM);
  expect(run(folder, 'record', '--', process.execPath, 'program.js').status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

type Wanted = Omit<DebugProtocol.SourceBreakpoint, 'line'> & { readonly at: string };

function set(...wanted: Wanted[]): Promise<DebugProtocol.SetBreakpointsResponse> {
  const breakpoints = wanted.map(({ at, ...rest }) => ({ line: lineOf(at), ...rest }));
  return client.setBreakpointsRequest({ source, breakpoints });
}

const go = () => client.moved(() => client.continueRequest({ threadId: 1 }));
const back = () => client.moved(() => client.reverseContinueRequest({ threadId: 1 }));

async function value(expression: string): Promise<string> {
  const [top] = await client.frames();
  return (await client.evaluateRequest({ expression, frameId: top!.id, context: 'watch' })).body.result;
}

function printed(): { readonly text: string; readonly moment: string }[] {
  return client.events
    .filter(({ event, body }) => event === 'output' && (body as { data?: unknown }).data !== undefined)
    .map(({ body }) => {
      const { output, data } = body as { output: string; data: { moment: string } };
      return { text: output.slice(output.indexOf(' ') + 1).trimEnd(), moment: data.moment };
    });
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
}

test('conditions hold in both directions, with and without code to run', async () => {
  await client.open({ startAt: 'entry' });
  for (const condition of ['n === 14 || n > 36', 'twice(7) === n || [38, 40].includes(n)']) {
    expect((await set({ at: 'add', condition })).body.breakpoints).toMatchObject([{ verified: true }]);
    const seen: string[] = [];
    for (let stop = await go(); stop.reason === 'breakpoint'; stop = await go()) seen.push(await value('n'));
    for (let stop = await back(); stop.reason === 'breakpoint'; stop = await back()) seen.push(await value('n'));
    expect(seen).toEqual(['14', '38', '40', '40', '38', '14']);
  }
});

test('stops at writes by their conditions and numbers, and says that reads are not recorded', async () => {
  await client.open({ startAt: 'entry' });
  await set({ at: 'add' });
  await client.moved(() => client.continueRequest({ threadId: 1 }));
  await set();
  const [top] = (await client.stackTraceRequest({ threadId: 1 })).body.stackFrames;
  const { body } = await client.dataBreakpointInfoRequest({ name: 'total', frameId: top!.id });
  const dataId = body.dataId!;
  expect(body.accessTypes).toEqual(['write']);
  const watch = async (rest: Omit<DebugProtocol.DataBreakpoint, 'dataId'>) =>
    (await client.setDataBreakpointsRequest({ breakpoints: [{ dataId, ...rest }] })).body.breakpoints[0];
  const total = async (): Promise<string> => {
    const [frame] = (await client.stackTraceRequest({ threadId: 1 })).body.stackFrames;
    return (await client.evaluateRequest({ expression: 'total', frameId: frame!.id })).body.result;
  };
  expect(await watch({ condition: 'total > 100' })).toEqual({ verified: true });
  await client.moved(() => client.continueRequest({ threadId: 1 }));
  expect(await total()).toBe('90');
  expect(await watch({ hitCondition: '5' })).toEqual({ verified: true });
  await client.moved(() => client.reverseContinueRequest({ threadId: 1 }));
  expect(await total()).toBe('12');
  const functions = await client.setFunctionBreakpointsRequest({
    breakpoints: [{ name: 'add', hitCondition: 'often' }],
  });
  expect(functions.body.breakpoints).toMatchObject([{ verified: false, message: expect.stringMatching(/often/) }]);
  await client.setFunctionBreakpointsRequest({ breakpoints: [] });
  expect(await watch({ hitCondition: 'often' })).toMatchObject({ verified: false });
  expect(await watch({ accessType: 'read' })).toMatchObject({
    verified: false,
    message: expect.stringMatching(/writes/),
  });
  expect(await watch({ accessType: 'readWrite' })).toMatchObject({
    verified: true,
    message: expect.stringMatching(/writes/),
  });
});

test('a condition that cannot be told is not met, and says so once', async () => {
  await client.open({ startAt: 'entry' });
  await set({ at: 'add', condition: 'm > 3' });
  expect((await go()).reason).toBe('end');
  const told = client.events.filter(
    ({ event, body }) => event === 'output' && /m > 3/.test((body as { output: string }).output),
  );
  expect(told).toHaveLength(1);
  expect((told[0]!.body as { output: string }).output).toContain('m is not defined');
});

test('hit conditions count from the beginning, whichever way one comes', async () => {
  await client.open({ startAt: 'end' });
  const hits = async (hitCondition: string, condition?: string): Promise<string[]> => {
    await set({ at: 'add', hitCondition, ...(condition ? { condition } : {}) });
    const seen: string[] = [];
    for (let stop = await back(); stop.reason === 'breakpoint'; stop = await back()) seen.unshift(await value('n'));
    await client.moved(() =>
      client.customRequest('goToMoment', { moment: '1:100000' }).catch(() => client.continueRequest({ threadId: 1 })),
    );
    for (let stop = await go(); stop.reason === 'breakpoint'; stop = await go());
    return seen;
  };
  expect(await hits('3')).toEqual(['6']);
  expect(await hits('> 18')).toEqual(['38', '40']);
  expect(await hits('%8')).toEqual(['16', '32']);
  expect(await hits('== 2', 'n % 10 === 0')).toEqual(['20']);
  expect((await set({ at: 'add', hitCondition: 'often' })).body.breakpoints[0]).toMatchObject({
    verified: false,
    message: expect.stringContaining('often is no hit condition'),
  });
});

test('logpoints print every hit of the recording, with moments that one can go to', async () => {
  await client.open({ startAt: 'end' });
  const before = await client.frames();
  await set({ at: 'add', logMessage: 'n {n}, then {total + n} {`${twice(n)}`} {nope}', condition: 'n > 2' });
  await until(() => printed().length >= 19);
  const lines = printed();
  expect(lines).toHaveLength(19);
  expect(lines[0]!.text).toBe('n 4, then 6 8 ‹ReferenceError: nope is not defined›');
  expect(lines.at(-1)!.text).toMatch(/^n 40, then 420 80 /);
  expect(await client.frames()).toEqual(before.map((frame) => ({ ...frame, id: expect.any(Number) })));
  await client.moved(() => client.customRequest('goToMoment', { moment: lines[5]!.moment }));
  expect(await value('n')).toBe('14');
  await expect(client.customRequest('goToMoment', { moment: '1:99999999' })).rejects.toThrow('no such moment');
  // a logpoint does not stop
  expect((await go()).reason).toBe('end');
});

test('a line that a logpoint printed opens as a value in VS Code, and its location travels there', async () => {
  await client.open({ startAt: 'end' }, undefined, 'vscode');
  await set({ at: 'add', logMessage: 'n {n}', condition: 'n > 38' });
  await until(() => printed().length >= 1);
  const output = client.events.find(({ body }) => (body as { data?: unknown } | undefined)?.data !== undefined)!;
  const { variablesReference } = (output as DebugProtocol.OutputEvent).body;
  const [shown] = (await client.variablesRequest({ variablesReference: variablesReference! })).body.variables;
  expect(shown).toMatchObject({ value: `${printed()[0]!.moment} n 40`, variablesReference: 0 });
  const locationReference = shown!.valueLocationReference!;
  await client.moved(() => client.customRequest('locations', { locationReference }));
  expect((await client.frames())[0]).toMatchObject({ name: 'add', line: lineOf('add') });
  expect(await value('n')).toBe('40');
});

test('offers the calls of a statement to step into', async () => {
  await client.open({ startAt: 'entry' });
  await set({ at: 'loop' });
  await go();
  for (;;) {
    const [top] = await client.frames();
    const { targets } = (await client.stepInTargetsRequest({ frameId: top!.id })).body;
    if (targets.length === 0) await client.moved(() => client.stepInRequest({ threadId: 1 }));
    else {
      expect(targets.map(({ label }) => label)).toEqual(['twice', 'add']);
      await client.moved(() => client.stepInRequest({ threadId: 1, targetId: targets[1]!.id }));
      break;
    }
  }
  expect((await client.frames())[0]).toMatchObject({ name: 'add', line: lineOf('add') });
});

test('tells where a value was written', async () => {
  await client.open({ startAt: 'entry' });
  await set({ at: 'last' });
  await go();
  const [top] = await client.frames();
  const { scopes } = (await client.scopesRequest({ frameId: top!.id })).body;
  const inFile = (await client.variablesRequest(scopes.find(({ name }) => name === 'File')!)).body.variables;
  const named = (list: readonly DebugProtocol.Variable[], name: string) => list.find((each) => each.name === name)!;
  const origin = async ({ valueLocationReference }: DebugProtocol.Variable): Promise<number> =>
    (
      (await client.customRequest('locations', {
        locationReference: valueLocationReference!,
      })) as DebugProtocol.LocationsResponse
    ).body!.line;
  expect(await origin(named(inFile, 'total'))).toBe(lineOf('add'));
  const box = (await client.variablesRequest(named(inFile, 'box'))).body.variables;
  expect(await origin(named(box, 'n'))).toBe(lineOf('change'));
  expect((await client.frames())[0]).toMatchObject({ line: lineOf('last') });
  const bytes = named(inFile, 'bytes');
  const asked = { memoryReference: bytes.memoryReference!, offset: 2, count: 100 };
  const read = ((await client.customRequest('readMemory', asked)) as DebugProtocol.ReadMemoryResponse).body!;
  expect([...Buffer.from(read.data!, 'base64')]).toEqual([2, 0, 2, 1]);
  expect(read.unreadableBytes).toBe(96);
});

test('runs a getter when it is opened', async () => {
  await client.open({ startAt: 'entry' });
  await set({ at: 'last' });
  await go();
  const { variablesReference } = (await client.evaluateRequest({ expression: 'box' })).body;
  const box = (await client.variablesRequest({ variablesReference })).body.variables;
  const prototype = (await client.variablesRequest(box.find(({ name }) => name === '[[Prototype]]')!)).body.variables;
  const getter = prototype.find(({ name }) => name === 'double')!;
  expect(getter.presentationHint).toMatchObject({ lazy: true });
  expect((await client.variablesRequest(getter)).body.variables).toMatchObject([{ name: 'double', value: '18' }]);
});

test('shows what the statement before has returned', async () => {
  await client.open({ startAt: 'entry' });
  await set({ at: 'add', condition: 'n === 6' });
  await go();
  await client.moved(() => client.stepOutRequest({ threadId: 1 }));
  const [top] = await client.frames();
  const { scopes } = (await client.scopesRequest({ frameId: top!.id })).body;
  const returned = scopes.find(({ name }) => name === 'Returned')!;
  expect(returned.expensive).toBe(true);
  const { variables } = (await client.variablesRequest(returned)).body;
  expect(variables).toMatchObject([
    { name: 'twice()', value: '6' },
    { name: 'add()', value: '12' },
  ]);
});

test('shows who waits for an asynchronous call, and what began it', async () => {
  await client.open({ startAt: 'entry' });
  await set({ at: 'inner' }, { at: 'last' });
  await go();
  const frames = await client.frames();
  expect(frames.map(({ name, line, presentationHint }) => [name, line, presentationHint])).toEqual([
    ['inner', lineOf('inner'), undefined],
    ['await', 0, 'label'],
    ['outer', lineOf('outer'), undefined],
  ]);
  const { scopes } = (await client.scopesRequest({ frameId: frames[2]!.id })).body;
  expect((await client.variablesRequest(scopes[0]!)).body.variables.at(-1)).toMatchObject({
    name: 'got',
    value: '‹not yet initialised›',
  });
  await go();
  expect((await client.frames()).map(({ name }) => name)).toEqual(['(anonymous)', 'promise']);
});

test('records a program or a command first, and then replays it', async () => {
  const stop = await client.open({ program: 'program.js', cwd: folder, startAt: 'failure' });
  expect(stop.reason).toBe('end');
  await until(() =>
    client.events.some(({ event, body }) => event === 'output' && (body as { output: string }).output === '6 18 3\n'),
  );
  const other = new Client(folder);
  await other.start();
  const failing = ['node', '-e', 'setTimeout(() => { throw new Error(process.env.WHY) }, 1)'];
  await other.initializeRequest();
  await expect(other.launchRequest({ recording: 'a', program: 'b' } as never)).rejects.toThrow('Give one of');
  await other.close();
  const third = new Client(folder);
  await third.start();
  expect(await third.open({ command: failing, cwd: folder, env: { WHY: 'because' } })).toMatchObject({
    reason: 'exception',
  });
  await third.close();
});

test('a long move shows its progress, and can be paused and cancelled', async () => {
  const long = path.join(folder, 'long.js');
  writeFileSync(long, 'const list = [];\nfor (let i = 0; i < 40000; i++) {\n  list.push(String(i));\n}\n');
  const condition = "new Set(String(i)).has('x')";
  await client.open({ program: long, startAt: 'entry' });
  await client.setBreakpointsRequest({ source: { path: long }, breakpoints: [{ line: 3, condition }] });
  const noticed = (event: string) => client.events.filter((each) => each.event === event);
  const count = noticed('progressStart').length;
  const stopped = client.moved(() => client.continueRequest({ threadId: 1 }));
  await until(() => noticed('progressStart').length > count && noticed('progressUpdate').length > 2);
  await client.pauseRequest({ threadId: 1 });
  expect((await stopped).reason).toBe('pause');
  expect(await client.frames()).not.toEqual([]);
  const { progressId } = noticed('progressStart').at(-1)!.body as { progressId: string };
  await until(() =>
    noticed('progressEnd').some(({ body }) => (body as { progressId: string }).progressId === progressId),
  );
  const again = client.moved(() => client.continueRequest({ threadId: 1 }));
  await until(() => noticed('progressStart').length > count + 1);
  const next = noticed('progressStart').at(-1)!.body as { progressId: string };
  await client.customRequest('cancel', { progressId: next.progressId });
  expect((await again).reason).toBe('pause');
});

test('whoever goes to a moment during a long move stands there, and is told so once', async () => {
  const long = path.join(folder, 'scrubbed.js');
  writeFileSync(long, 'const list = [];\nfor (let i = 0; i < 40000; i++) {\n  list.push(String(i));\n}\n');
  await client.open({ program: long, startAt: 'entry' });
  const breakpoints = [{ line: 3, condition: "new Set(String(i)).has('x')" }];
  await client.setBreakpointsRequest({ source: { path: long }, breakpoints });
  const stops = () => client.events.filter(({ event }) => event === 'stopped');
  const before = stops().length;
  await client.continueRequest({ threadId: 1 });
  const moments = ['1:50', '1:70', '1:60'];
  await Promise.all(moments.map((moment) => client.customRequest('goToMoment', { moment })));
  await client.frames();
  expect(stops().slice(before)).toMatchObject(
    moments.map((moment) => ({ body: { reason: 'goto', description: expect.stringContaining(moment) } })),
  );
});

test('a restart stands again where the session began; only a launch that names its recording offers it', async () => {
  const offers = () =>
    client.events
      .filter(({ event }) => event === 'capabilities')
      .map(({ body }) => (body as { capabilities: object }).capabilities);
  const recording = readdirSync(path.join(folder, '.hindcast', 'recordings')).find((name) => !name.startsWith('.'));
  const begun = await client.open({ recording, startAt: 'entry' });
  expect(offers()).toEqual([{ supportsRestartRequest: true }]);
  const [first] = await client.frames();
  await set({ at: 'add' });
  expect((await go()).reason).toBe('breakpoint');
  expect(await client.moved(() => client.customRequest('restart', {}))).toEqual(begun);
  expect((await client.frames())[0]!.line).toBe(first!.line);
  expect((await go()).reason).toBe('breakpoint');
  const args = { recording, startAt: 'end' };
  expect((await client.moved(() => client.customRequest('restart', { arguments: args }))).reason).toBe('end');
  await expect(client.customRequest('restart', { arguments: { recording: 'another' } })).rejects.toThrow(/another/);

  const other = new Client(folder);
  await other.start();
  await other.open({ startAt: 'entry' });
  expect(other.events.some(({ event }) => event === 'capabilities')).toBe(false);
  await expect(other.customRequest('restart', {})).rejects.toThrow(/begin another/);
  await other.close();
});
