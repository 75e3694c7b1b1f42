/** `hindcast why` of values that came from other threads and processes. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project, recordingOf, run } from './kit.ts';

const MAIN = `const { Worker, MessageChannel } = require('node:worker_threads');
const { fork } = require('node:child_process');
const path = require('node:path');
const worker = new Worker(path.join(__dirname, 'worker.js'));
const { port1, port2 } = new MessageChannel();
const order = { id: 7, price: { cents: 120 } };
worker.postMessage({ kind: 'port', port: port2 }, [port2]);
worker.postMessage(order);
worker.postMessage({ id: 8, price: { cents: 50 } });
const child = fork(path.join(__dirname, 'child.js'));
child.send({ rate: 3 });
let left = 3;
const done = () => {
  left -= 1;
  if (left > 0) return;
  worker.terminate();
  child.disconnect();
};
worker.on('message', (answer) => {
  if (answer.id !== 7) return;
  const total = answer.total;
  console.log('from worker', total);
  done();
});
port1.on('message', (note) => {
  const text = note.text;
  console.log('from port', text);
  port1.close();
  done();
});
child.on('message', (reply) => {
  const doubled = reply.doubled;
  console.log('from child', doubled);
  done();
});
`;
const WORKER = `const { parentPort } = require('node:worker_threads');
parentPort.on('message', (message) => {
  if (message.kind === 'port') {
    const text = 'hello'.concat(' port');
    message.port.postMessage({ text });
    return;
  }
  const { cents } = message.price;
  const total = cents * 2;
  parentPort.postMessage({ id: message.id, total });
});
`;
const CHILD = `process.on('message', ({ rate }) => {
  const doubled = rate * 2;
  process.send({ doubled });
});
`;

let folder: string;

beforeAll(() => {
  folder = project({ 'main.js': MAIN, 'worker.js': WORKER, 'child.js': CHILD });
  recordingOf(run(folder, 'record', '--', process.execPath, 'main.js'));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the expression, where the text is printed. */
function why(expression: string, printed: string): string {
  const events = run(folder, 'events').stdout;
  const line = events.split('\n').find((each) => /output 1/.test(each) && each.includes(printed));
  const moment = /^\s*(\d+:\d+)/.exec(line ?? '')?.[1];
  if (moment === undefined) throw new Error(`Nothing printed ${printed}:\n${events}`);
  return run(folder, 'why', expression, '--at', moment).stdout;
}

test('a value that a worker sent is followed into the worker, and from there to who had sent it the price', () => {
  const told = why('total', 'from worker');
  expect(told).toContain('total is 240: 120 stands in the source (main.js:6).');
  expect(told).toMatch(
    /main\.js:\d+ +answer\.total +240 +1:\d+ +It came as a message: worker 1 sent \{ id: message\.id/,
  );
  expect(told).toMatch(/worker\.js:9 +cents \* 2 +240 +[23]:\d+ /);
  expect(told).toMatch(
    /worker\.js:8 +message\.price\.cents +120 +[23]:\d+ +It came as a message: process \d+ sent order\./,
  );
  expect(told).toMatch(/main\.js:6 +120 +120 +1:\d+ +120 stands in the source\./);
});

test('over a port that was handed on', () => {
  const told = why('text', 'from port');
  expect(told).toMatch(/note\.text +'hello port' +1:\d+ +It came as a message: worker 1 sent \{ text \}\./);
  expect(told).toMatch(/worker\.js:4 +'hello'\.concat\(' port'\)/);
});

test('from a child process and back to its parent', () => {
  const told = why('doubled', 'from child');
  expect(told).toMatch(/reply\.doubled +6 +1:\d+ +It came as a message: process \d+ sent \{ doubled \}\./);
  expect(told).toMatch(/child\.js:2 +rate +3 +[23]:\d+ +rate came as a message: process \d+ sent \{ rate: 3 \}\./);
  expect(told).toContain('doubled is 6: 3 stands in the source (main.js:11).');
});

describe('messages that are awaited', () => {
  const files = {
    'w.mjs': `import { parentPort } from 'node:worker_threads';
const first = 3 * 7;
parentPort.postMessage({ first });
parentPort.on('message', (text) => {
  const long = text.length;
  parentPort.postMessage({ long });
  process.exit(5);
});
`,
    'm.mjs': `import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
const worker = new Worker('./w.mjs');
const [one] = await once(worker, 'message');
const first = one.first;
worker.postMessage('abcd');
const two = await new Promise((resolve) => {
  worker.once('message', resolve);
});
const long = two.long;
const [code] = await once(worker, 'exit');
console.log('all', first, long, code);
`,
  };
  let told: (expression: string) => string;

  beforeAll(() => {
    const own = project(files);
    recordingOf(run(own, 'record', '--', process.execPath, 'm.mjs'));
    const line = run(own, 'events')
      .stdout.split('\n')
      .find((each) => each.includes('output 1'));
    const moment = /^\s*(\d+:\d+)/.exec(line ?? '')?.[1];
    told = (expression) => run(own, 'why', expression, '--at', moment!).stdout;
    return () => rmSync(own, { recursive: true, force: true });
  }, 60_000);

  test('by once', () => {
    expect(told('first')).toMatch(/await once\(worker, 'message'\) came as a message: worker \d sent \{ first \}\./);
    expect(told('first')).toMatch(/w\.mjs:2 +3 \* 7 +21/);
  });

  test('by a promise of its own', () => {
    expect(told('long')).toMatch(/came as a message: worker \d sent \{ long \}\./);
    expect(told('long')).toMatch(/w\.mjs:5 +text\.length +4/);
  });

  test('and what is awaited of the same worker and is none is not taken for one', () => {
    expect(told('code')).toContain('code is 5');
    expect(told('code')).not.toContain('came as a message');
  });
});
