/** What came first then comes first again: answers, child processes, files, timers. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Program, told } from './kit.ts';

/** `TIMES=100` proves it so often (`npm run proof:races`). */
const TIMES = Number(process.env['TIMES'] ?? 2);

const GET = `const http = require('node:http');
const get = (path, done) =>
  http.get({ port: process.argv[2], path }, (res) => {
    let text = '';
    res.on('data', (part) => (text += part)).on('end', () => done(text));
  });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

/** Each with its mistake, and what mends it. */
const PROGRAMS: Readonly<Record<string, readonly [source: string, wrong: string, right: string]>> = {
  'an answer that comes too late': [
    `${GET}const slow = new Promise((resolve) => get('/slow', resolve));
Promise.race([slow, sleep(40).then(() => null)]).then((text) => {
  console.log(text.length);
  process.exit(0);
});
`,
    'text.length',
    'text?.length',
  ],
  'two answers': [
    `${GET}const seen = [];
get('/slow', (text) => {
  seen.push(text);
  if (seen[0] !== text) throw new Error(\`\${seen[0]} came first\`);
});
get('/quick', (text) => seen.push(text));
`,
    'seen[0] !== text',
    'seen.includes(text) === false',
  ],
  'an answer and a timer': [
    `${GET}let isReady = false;
get('/quick', () => (isReady = true));
setTimeout(() => {
  if (isReady) throw new Error('it was ready already');
}, 60);
`,
    'if (isReady)',
    'if (!isReady)',
  ],
  'a child process and a timer': [
    `const { exec } = require('node:child_process');
let isLate = false;
setTimeout(() => (isLate = true), 60);
exec('sleep 0.2; echo ready', (_, text) => {
  if (isLate) throw new Error(\`\${text.trim()} came late\`);
});
`,
    'if (isLate)',
    'if (!isLate)',
  ],
  'timers whose times are drawn': [
    `${GET}let balance = 100;
async function withdraw(amount) {
  const before = balance;
  await sleep(Math.random() * 10);
  balance = before - amount;
}
Promise.all([withdraw(10), withdraw(20), withdraw(30)]).then(() => {
  if (balance !== 40) throw new Error(\`\${balance} are left\`);
});
`,
    'balance = before - amount',
    'balance -= amount',
  ],
  'files of which the first is the largest': [
    `const fs = require('node:fs');
const order = [];
for (const name of ['large', 'small'])
  fs.readFile(name, () => {
    order.push(name);
    if (order.join() === 'small,large') throw new Error(\`\${order} is the wrong order\`);
  });
`,
    "order.join() === 'small,large'",
    "order.join() === 'large,'",
  ],
};

/** On a busy machine a race may be won: it is run until it is lost. */
async function lost(program: Program, port: string): ReturnType<Program['record']> {
  for (let tries = 1; ; tries++) {
    const ran = await program.record(['node', 'p.js', port]);
    if (ran.status === 1 || tries === 20) return ran;
  }
}

let server: http.Server;
beforeAll(async () => {
  server = http.createServer((request, response) => {
    setTimeout(() => response.end(request.url), request.url === '/slow' ? 120 : 5);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
});
afterAll(() => server.close());

test.each(Object.entries(PROGRAMS))('%s', { timeout: 180_000 * TIMES }, async (_, [source, wrong, right]) => {
  const program = new Program({ 'p.js': source, large: 'x'.repeat(2e7), small: 'x' });
  const { status, stderr } = await lost(program, String((server.address() as AddressInfo).port));
  expect(status, stderr).toBe(1);
  program.remove('large').remove('small');
  for (let i = 0; i < TIMES; i++) {
    const still = await program.validate();
    expect(still.verdict, told(still)).toBe('still-failing');
  }
  program.edit('p.js', wrong, right);
  for (let i = 0; i < TIMES; i++) {
    const fixed = await program.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  }
});
