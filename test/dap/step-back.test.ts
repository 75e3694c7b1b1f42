/** Step Back where the call has no statement before. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-step-back-')));
const PROGRAM = `let calls = 0;
const count = () => ++calls;
setTimeout(() => {
  throw new Error(\`\${count()}\`);
}, 1);
`;

const TURNS = `let list = [];
const add = (value) => {
  list.push(value);
};
setTimeout(() => {
  list = [];
  add(1);
}, 1);
setTimeout(() => {
  const sum = 1;
  throw new Error(\`\${sum}\`);
}, 5);
`;

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

interface Stand {
  readonly reason: string;
  readonly line?: number;
  readonly calls?: string | undefined;
}

async function back(): Promise<Stand> {
  const { reason } = await client.moved(() => client.stepBackRequest({ threadId: 1 }));
  const [top] = await client.frames();
  if (!top) return { reason };
  // before its declaration it cannot be told
  const calls = await client.evaluateRequest({ expression: 'calls', frameId: top.id }).then(
    ({ body }) => body.result,
    () => undefined,
  );
  return { reason, line: top.line, calls };
}

test('goes to the beginning of the statement, then to the one that ran before it elsewhere, and last to the beginning', async () => {
  await client.open({ startAt: 'failure' });
  expect(await back()).toEqual({ reason: 'step', line: 4, calls: '0' });
  expect(await back()).toEqual({ reason: 'step', line: 3, calls: '0' });
  expect(await back()).toEqual({ reason: 'step', line: 2, calls: '0' });
  expect(await back()).toEqual({ reason: 'step', line: 1, calls: undefined });
  expect(await back()).toEqual({ reason: 'entry' });
});

test('goes from a callback to the statement of the one before, not into what that called', async () => {
  const turns = path.join(folder, 'turns');
  mkdirSync(turns);
  writeFileSync(path.join(turns, 'program.js'), TURNS);
  expect(run(turns, 'record', '--', process.execPath, 'program.js').status).toBe(1);
  const other = new Client(turns);
  await other.start();
  try {
    await other.open({ startAt: 'failure' });
    const lines: (number | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      await other.moved(() => other.stepBackRequest({ threadId: 1 }));
      lines.push((await other.frames())[0]?.line);
    }
    expect(lines).toEqual([10, 7, 6, 9]);
  } finally {
    await other.close();
  }
});
