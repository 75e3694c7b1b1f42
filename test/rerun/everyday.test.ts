/**
 * Programs as people write them around streams, events, sockets and signals: what failed fails again when the world is
 * another one, its mending is proved, and one that does not mend it is not.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Program, TIMES, told, type RunOptions } from './kit.ts';

interface Everyday {
  readonly main: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: RunOptions;
  /** what is edited, into what does not mend it, and into what does */
  readonly edit: readonly [was: string, wrong: string, right: string];
  /** done while it runs */
  meanwhile?(program: Program): Promise<void>;
  /** the world afterwards */
  after?(program: Program): void;
}

const PROGRAMS: Readonly<Record<string, Everyday>> = {
  'a file that is watched': {
    files: { 'limits.json': '{"limits": {"max": 1}}' },
    main: `
const fs = require('node:fs');
const read = () => JSON.parse(fs.readFileSync('limits.json', 'utf8'));
let { max } = read().limits;
const watcher = fs.watch('limits.json', () => {
  const text = fs.readFileSync('limits.json', 'utf8');
  if (text === '') return;
  const { limits } = JSON.parse(text);
  max = limits.max;
  console.log(max);
  watcher.close();
});
fs.writeFileSync('ready', 'yes');
`,
    async meanwhile(program) {
      await program.written('ready');
      program.write({ 'limits.json': '{"limit": 3}' });
    },
    after: (program) => void program.write({ 'limits.json': '{"limits": {"max": 9}}' }).remove('ready'),
    edit: ['max = limits.max', 'max = (limits ?? {}).max.value', 'max = limits?.max ?? max'],
  },
  'lines of stdin, one by one': {
    main: `
const readline = require('node:readline');
async function main() {
  const sums = new Map();
  const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const line of lines) {
    const [name, amount] = line.split(';');
    const value = Number(amount);
    if (!Number.isFinite(value)) throw new RangeError('no amount: ' + line);
    sums.set(name, (sums.get(name) ?? 0) + value);
  }
  console.log(Object.fromEntries(sums));
}
main();
`,
    options: { input: 'a;1\nb;2\r\na;3\n\nb;4' },
    edit: [
      "const [name, amount] = line.split(';');",
      "const [name, amount = 'none'] = line.split(';');",
      "if (line === '') continue; const [name, amount] = line.split(';');",
    ],
  },
  'a body that comes in parts': {
    main: `
const port = process.argv[2];
async function main() {
  const response = await fetch('http://127.0.0.1:' + port + '/events');
  const decoder = new TextDecoder();
  let rest = '';
  const seen = [];
  for await (const part of response.body) {
    rest = decoder.decode(part, { stream: true });
    const lines = rest.split('\\n');
    for (const line of lines) if (line !== '') seen.push(JSON.parse(line).id);
  }
  console.log(seen);
}
main();
`,
    edit: [
      "rest = decoder.decode(part, { stream: true });\n    const lines = rest.split('\\n');",
      "rest = decoder.decode(part);\n    const lines = rest.split('\\n');",
      "rest += decoder.decode(part, { stream: true });\n    const lines = rest.split('\\n');\n    rest = lines.pop();",
    ],
  },
  'a limit of time on a slow answer': {
    main: `
const port = process.argv[2];
async function ask() {
  try {
    return await fetch('http://127.0.0.1:' + port + '/slow', { signal: AbortSignal.timeout(60) });
  } catch (error) {
    if (error.name !== 'TimeoutError') throw error;
    return undefined;
  }
}
ask().then((response) => console.log(response.status));
`,
    edit: ['response.status)', 'response.status ?? 504)', 'response?.status ?? 504)'],
  },
  'connections that are kept': {
    main: `
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const port = process.argv[2];
let tag;
const kept = [];
function get(path) {
  return new Promise((resolve, reject) => {
    const headers = tag ? { 'if-none-match': tag } : {};
    http.get({ port, path, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve({ response, text }));
    }).on('error', reject);
  });
}
async function main() {
  for (let i = 0; i < 2; i++) {
    const { response, text } = await get('/tagged');
    tag = response.headers.etag;
    const body = JSON.parse(text);
    kept.push(body.n);
  }
  agent.destroy();
  console.log(kept);
}
main();
`,
    edit: [
      'const body = JSON.parse(text);',
      "const body = JSON.parse(text.trim() || '');",
      'const body = response.statusCode === 304 ? { n: kept.at(-1) } : JSON.parse(text);',
    ],
  },
  'packed files in a pipeline': {
    main: `
const fs = require('node:fs');
const zlib = require('node:zlib');
const { Transform } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const count = new Transform({
  transform(part, _, done) {
    this.lines = (this.lines ?? 0) + part.toString().split('\\n').length - 1;
    done();
  },
});
async function main() {
  const source = fs.createReadStream('list.gz', { highWaterMark: 64 });
  await pipeline(source, zlib.createGunzip(), count);
  const { lines } = count;
  if (lines < 2000) throw new RangeError('too few lines: ' + lines);
  console.log(lines);
}
main();
`,
    edit: ['lines < 2000', 'lines + 1 < 2000', 'lines < 1000'],
    after: (program) => void program.remove('list.gz'),
  },
  'a child that is fed': {
    main: `
const { spawn } = require('node:child_process');
async function sorted(values) {
  const child = spawn('sort', ['-n'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(values.join('\\n') + '\\n');
  let text = '';
  for await (const part of child.stdout) text += part;
  return text.split('\\n').map(Number);
}
sorted([10, 9, 2, 33]).then((list) => {
  if (list.at(-1) !== 33) throw new Error('the last is ' + list.at(-1));
  console.log(list);
});
`,
    options: { env: { LC_ALL: 'C' } },
    edit: [
      "text.split('\\n').map(Number)",
      "text.split('\\n').map(Number).toSorted()",
      "text.trim().split('\\n').map(Number)",
    ],
  },
  'events as they come, until they are aborted': {
    main: `
const { EventEmitter, on, once } = require('node:events');
const feed = new EventEmitter();
const stop = new AbortController();
const seen = [];
async function listen() {
  await once(feed, 'open');
  for await (const [value] of on(feed, 'value', { signal: stop.signal })) seen.push(value.name.toUpperCase());
}
const listening = listen();
setTimeout(() => feed.emit('open'), 5);
let n = 0;
const timer = setInterval(() => {
  n++;
  feed.emit('value', n === 3 ? { id: n } : { name: 'n' + n });
  if (n === 5) {
    clearInterval(timer);
    stop.abort();
  }
}, 10);
listening.catch((error) => {
  if (error.name !== 'AbortError') throw error;
  console.log(seen);
});
`,
    edit: ['value.name.toUpperCase()', '(value.name ?? value.id).toUpperCase()', "(value.name ?? '').toUpperCase()"],
  },
  'a pool of threads': {
    files: {
      'work.js': `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ index, wait }) => setTimeout(() => parentPort.postMessage({ index, square: index * index }), wait));
`,
    },
    main: `
const { Worker } = require('node:worker_threads');
const tasks = [40, 1, 15, 5, 25, 2].map((wait, index) => ({ index, wait }));
const results = [];
const queue = [...tasks];
let open = 3;
for (let i = 0; i < 3; i++) {
  const worker = new Worker('./work.js');
  const next = () => {
    const task = queue.shift();
    if (task) return worker.postMessage(task);
    worker.terminate();
    if (--open === 0) check();
  };
  worker.on('message', ({ index, square }) => {
    results.push(square);
    next();
  });
  next();
}
function check() {
  const wrong = results.findIndex((square, index) => square !== index * index);
  if (wrong >= 0) throw new Error('wrong result at ' + wrong);
  console.log(results);
}
`,
    edit: ['results.push(square);', 'results.unshift(square);', 'results[index] = square;'],
  },
  'a signal from outside': {
    main: `
const fs = require('node:fs');
const times = [];
process.on('SIGUSR2', () => {
  const mean = times.reduce((a, b) => a + b) / times.length;
  console.log(mean);
  clearInterval(alive);
});
const alive = setInterval(() => {}, 1000);
fs.writeFileSync('pid', String(process.pid));
`,
    async meanwhile(program) {
      process.kill(Number(await program.written('pid')), 'SIGUSR2');
    },
    after: (program) => void program.remove('pid'),
    edit: [
      'times.reduce((a, b) => a + b) /',
      'times.slice().reduce((a, b) => a + b) /',
      'times.reduce((a, b) => a + b, 0) /',
    ],
  },
  'messages of a socket of the web': {
    main: `
const { WebSocket } = require('ws');
const socket = new WebSocket('ws://127.0.0.1:' + process.argv[2] + '/prices');
const prices = new Map();
socket.on('open', () => socket.send(JSON.stringify({ subscribe: ['a', 'b'] })));
socket.on('message', (data, isBinary) => {
  const { name, price } = JSON.parse(data);
  prices.set(name, price.toFixed(2));
  if (prices.size === 2) socket.close();
});
socket.on('close', () => console.log(prices));
`,
    edit: ['price.toFixed(2)', 'price.cents.toFixed(2)', 'Number(price).toFixed(2)'],
  },
  'days between, where clocks are set': {
    main: `
const fs = require('node:fs');
const format = new Intl.DateTimeFormat('de-DE', { dateStyle: 'short', timeZone: process.env.TZ });
const begun = Date.now();
const day = 24 * 3600 * 1000;
const days = fs.readFileSync('days.txt', 'utf8').trim().split('\\n').map((line) => new Date(line + 'T00:00:00'));
for (const [index, date] of days.slice(1).entries()) {
  const next = new Date(days[index].getTime() + day);
  if (next.getDate() !== date.getDate()) throw new Error(format.format(next) + ' is no ' + format.format(date));
}
console.log(crypto.randomUUID().length, begun);
`,
    files: { 'days.txt': '2024-10-26\n2024-10-27\n2024-10-28\n' },
    options: { env: { TZ: 'Europe/Berlin' } },
    after: (program) => void program.write({ 'days.txt': '2024-01-01\n' }),
    edit: [
      'new Date(days[index].getTime() + day)',
      'new Date(+days[index] + day - 1)',
      'new Date(days[index].getTime() + day * 1.25)',
    ],
  },
};

let server: http.Server;
let port = '';

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const later = (milliseconds: number, work: () => void): void => void setTimeout(work, milliseconds);
    switch (request.url) {
      case '/events':
        response.write('{"id": 1}\n{"i');
        later(20, () => response.write('d": 2}\n{"name": "ä'.slice(0, -1)));
        later(40, () => response.end('ä"}\n{"id": 4}\n'));
        return;
      case '/slow':
        later(300, () => response.end());
        return;
      default:
        if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304, { etag: '"1"' }).end();
        response.writeHead(200, { etag: '"1"' }).end('{"n": 1}');
    }
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', () => {
      socket.send('{"name": "a", "price": 1.5}');
      socket.send(Buffer.from('{"name": "b", "price": "2"}'));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = String((server.address() as AddressInfo).port);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each(Object.entries(PROGRAMS))('%s', { timeout: 180_000 * TIMES }, async (_, each) => {
  const { main, files, options, edit, meanwhile, after } = each;
  const [was, wrong, right] = edit;
  const program = new Program({ 'main.js': main, ...files }).withPackages();
  const list = Array.from({ length: 1500 }, (__, index) => `line ${index * 7919}\n`).join('');
  if (main.includes('list.gz')) program.writeBytes({ 'list.gz': zlib.gzipSync(list) });
  const recorded = program.record(['node', 'main.js', port], options);
  await meanwhile?.(program);
  const { status, stdout, stderr } = await recorded;
  expect(status, stdout + stderr).toBe(1);
  after?.(program);
  const before = program.tree();
  for (let i = 0; i < TIMES; i++) {
    const still = await program.validate();
    expect(still.verdict, told(still)).toBe('still-failing');
  }
  program.edit('main.js', was, wrong);
  for (let i = 0; i < TIMES; i++) {
    const answer = await program.validate();
    expect(answer.verdict, told(answer)).not.toBe('fixed');
  }
  program.edit('main.js', wrong, right);
  for (let i = 0; i < TIMES; i++) {
    const fixed = await program.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  }
  expect(Object.keys(program.tree())).toEqual(Object.keys(before));
});

test('a limit of time that is passed as before, and caught now, is not mended', async () => {
  const program = new Program({
    'main.js': `
const { port } = JSON.parse(require('node:fs').readFileSync('port.json', 'utf8'));
async function main() {
  const response = await fetch('http://127.0.0.1:' + port + '/slow', { signal: AbortSignal.timeout(60) });
  return response.status;
}
main().then((status) => console.log(status));
`,
    'port.json': JSON.stringify({ port }),
  });
  expect((await program.record(['node', 'main.js'])).status).toBe(1);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', 'main().then', 'main().catch(() => 504).then');
  const outside = await program.validate();
  expect(outside.verdict, told(outside)).toBe('inconclusive');
  program
    .edit('main.js', 'main().catch(() => 504).then', 'main().then')
    .edit('main.js', 'return response.status;', 'return response.status ?? 0;')
    .edit('main.js', '  const response', '  try {\n  const response')
    .edit('main.js', '?? 0;', '?? 0;\n  } catch (error) {\n    return 504;\n  }');
  const caught = await program.validate();
  expect(caught.verdict, told(caught)).toBe('inconclusive');
});

test('a child that ends with an exit code of its own is no failure where its parent has failed', async () => {
  const program = new Program({
    'child.js': `console.log('2 files differ'); process.exitCode = 3;`,
    'main.js': `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['child.js'], { stdio: 'ignore' });
child.on('exit', (code) => {
  const ok = [0];
  if (!ok.includes(code)) throw new Error('the comparison ended with ' + code);
  console.log(code);
});
`,
  });
  expect((await program.record(['node', 'main.js'])).status).toBe(1);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', 'const ok = [0];', 'const ok = [0, 3];');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
  program.edit('main.js', 'console.log(code);', 'process.exitCode = code;');
  const ended = await program.validate();
  expect(ended.verdict, told(ended)).not.toBe('fixed');
});

test('an exit that an edit put before what failed proves nothing', async () => {
  const program = new Program({
    'main.js': `
const rows = ['a=1', 'b=2', 'c', 'd=4'];
let sum = 0;
for (const row of rows) {
  const match = /(\\w)=(\\d)/.exec(row);
  sum += Number(match[2]);
}
console.log(sum);
process.exit(0);
`,
  });
  expect((await program.record(['node', 'main.js'])).status).toBe(1);
  program.edit('main.js', '  sum +=', '  if (!match) process.exit(0);\n  sum +=');
  const hidden = await program.validate();
  expect(hidden.verdict, told(hidden)).toBe('inconclusive');
  program.edit('main.js', '  if (!match) process.exit(0);\n', '  if (!match) continue;\n');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});
