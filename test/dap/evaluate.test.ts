/** Expressions at a past moment: what they give, and what the sandbox does not let out. */
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-evaluate-')));
const file = path.join(folder, 'program.js');

const PROGRAM = `'use strict';
const { EventEmitter } = require('node:events');
class Account {
  #balance = 10;
  static opened = 0;
  items = [{ price: 3, tags: new Set(['a']) }, { price: 4, tags: new Set(['b', 'c']) }];
  constructor(owner) { this.owner = owner; Account.opened++; }
  get balance() { return this.#balance; }
  deposit(amount) { this.#balance += amount; return this; }
  total() { return this.items.reduce((sum, { price }) => sum + price, 0); }
  #secret() { return 'x' + this.#balance; }
  reveal() { return this.#secret(); }
  static count() { return this.opened; }
}
class Savings extends Account { rate = 2; total() { return super.total() * this.rate; } }
function counter(start) { let n = start; return { next() { n += 1; return n; }, get now() { return n; }, read: () => n }; }
const emitter = new EventEmitter();
const one = counter(5);
one.next();
const map = new Map([['k', { deep: [1, 2, { x: 1n }] }]]);
const when = new Date(86400000);
const frozen = Object.freeze({ list: [1, 2] });
const bytes = Buffer.from('hey');
const holes = [1, , 3];
const proxy = new Proxy({ a: 1 }, { get: (target, key) => (key in target ? target[key] : 'none: ' + String(key)) });
function* upTo(n) { for (let i = 0; i < n; i++) yield i; }
let savings = new Savings('ann');
savings.deposit(5);
function at(self, text) {
  const local = text + '!';
  return local.length; // here
}
at(savings, 'hi');
`;

let client: Client;

beforeAll(async () => {
  writeFileSync(file, PROGRAM);
  expect(run(folder, 'record', '--', process.execPath, 'program.js').status).toBe(0);
  client = await openAt('return local.length');
});
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openAt(text: string, launch: Readonly<Record<string, unknown>> = {}): Promise<Client> {
  const opened = new Client(folder);
  await opened.start();
  const line = PROGRAM.split('\n').findIndex((each) => each.includes(text)) + 1;
  await opened.open({ startAt: 'entry', ...launch }, () =>
    opened.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line }] }),
  );
  await Promise.all([opened.waitForEvent('stopped'), opened.continueRequest({ threadId: 1 })]);
  return opened;
}

async function evaluate(expression: string, context = 'repl', on = client): Promise<string> {
  const { body } = await on.stackTraceRequest({ threadId: 1 });
  const frameId = body.stackFrames[0]!.id;
  try {
    return (await on.evaluateRequest({ expression, frameId, context })).body.result;
  } catch (error) {
    return `fault: ${(error as Error).message}`;
  }
}

describe('values', () => {
  test.for([
    ['text', "'hi'"],
    ['process.env.HINDCAST_NONE === undefined && process.pid > 0 && process.platform', `'${process.platform}'`],
    ['self.owner.toUpperCase() + local', "'ANNhi!'"],
    ['self.items.map((item) => item.price * 2)', '[ 6, 8 ]'],
    ['self.items[1].tags.has("c")', 'true'],
    ['self.total()', '14'],
    ['await Promise.resolve(self.owner)', "'ann'"],
    ['({ given: await (async () => [await 1, text])() })', '{ given: Array(2) }'],
    ['(async () => await 1)() instanceof Promise', 'true'],
    ['await (1 + 1)', '2'],
    ['self.balance', '15'],
    ['self.#balance', '15'],
    ['self.reveal()', "'x15'"],
    ['Account.count()', '1'],
    ['new Savings("bob").total()', '14'],
    ['Account.opened', '1'],
    ['self instanceof Account && self.constructor === Savings', 'true'],
    ['self.deposit(100).balance', '115'],
    ['self.balance', '15'],
    ['one.now + one.next() + one.read()', '20'],
    ['one.read()', '6'],
    ['map.get("k").deep[2].x + 1n', '2n'],
    ['[...map.keys()]', "[ 'k' ]"],
    ['when.toISOString()', "'1970-01-02T00:00:00.000Z'"],
    ['Object.isFrozen(frozen) && frozen.list.concat(3)', '[ 1, 2, 3 ]'],
    ['bytes[1] + bytes.length', '104'],
    ['1 in holes', 'false'],
    ['holes.length', '3'],
    ['proxy.b', "'none: b'"],
    ['[...upTo(3)]', '[ 0, 1, 2 ]'],
    ['`${local} ${self.items.length}`', "'hi! 2'"],
    ['({ self, n: 1 }).n', '1'],
    ['{ a: 1, b: [2] }', '{ a: 1, b: Array(1) }'],
    ['let sum = 0; for (const { price } of self.items) sum += price; sum', '7'],
    ['typeof nothing', "'undefined'"],
    ['Date.now() > 1600000000000', 'true'],
    ['JSON.stringify(self)', `'{"items":[{"price":3,"tags":{}},{"price":4,"tags":{}}],"owner":"ann","rate":2}'`],
    ['emitter instanceof EventEmitter', 'true'],
  ])('%s is %s', async ([expression, expected]) => {
    expect(await evaluate(expression!)).toBe(expected);
  });

  test('what was changed by an expression is shown by it, and by it alone', async () => {
    const { body } = await client.evaluateRequest({ expression: 'self.items.push(1), self.items' });
    expect(body.result).toBe('[ Object {…}, Object {…}, 1 ]');
    const { body: opened } = await client.variablesRequest({ variablesReference: body.variablesReference });
    expect(opened.variables[2]).toMatchObject({ name: '2', value: '1' });
    expect(await evaluate('self.items.length')).toBe('2');
  });

  test.for([
    ['local.', /SyntaxError/],
    ['self.nope.x', /TypeError: Cannot read properties of undefined \(reading 'x'\)/],
    ['nothing', /ReferenceError: nothing is not defined/],
    ['await (', /SyntaxError/],
    ['await Promise.reject(new TypeError("no"))', /TypeError: no/],
    ['await new Promise(() => {})', /It waits for something that was not recorded/],
    ['emitter.emit("x")', /emit was not recorded/],
    ['bytes.toString()', /toString was not recorded/],
    ['process.uptime()', /process: its uptime was not recorded/],
    ['EventEmitter.once(emitter, "x")', /once was not recorded/],
    ['(() => { try { return process.uptime() } catch { return 1 } })()', /its uptime was not recorded/],
    ['(function f() { return f() })()', /RangeError: Maximum call stack/],
    ['arguments.length', /does not use its arguments object/],
    ['throw new Error("own")', /Error: own/],
  ] as const)('%s says why not', async ([expression, expected]) => {
    expect(await evaluate(expression)).toMatch(expected);
  });

  test('what it prints is shown before what it comes to', async () => {
    const printed = client.waitForEvent('output');
    expect(await evaluate('console.log("got", self.items.length, [1])')).toBe('undefined');
    expect((await printed).body).toMatchObject({ category: 'console', output: 'got 2 [ 1 ]\n' });
    expect(await evaluate('console.log')).toMatch(/^ƒ/);
  });

  test('what a line declares is there for later ones, at other moments too', async () => {
    const own = await openAt("at(savings, 'hi')");
    const said = (expression: string): Promise<string> => evaluate(expression, 'repl', own);
    try {
      expect(await said('z')).toMatch(/ReferenceError: z is not defined/);
      expect(await said('let z = 5')).toBe('undefined');
      expect(await said('z + 1')).toBe('6');
      expect(await said('z += 2, z')).toBe('7');
      expect(await said('const { rate, items: [first] } = savings, list = [z]; list')).toBe('[ 7 ]');
      expect(await said('function twice(x) { return x * z }')).toBe('undefined');
      expect(await said('let later = await Promise.resolve(z)')).toBe('undefined');
      expect(await said('class Box { n = twice(2) }')).toBe('undefined');
      expect(await said('let z = z0')).toMatch(/ReferenceError/);
      await own.moved(() => own.stepBackRequest({ threadId: 1 }));
      expect(await said('let z = 7')).toBe('undefined');
      expect(await said('[rate, first.price, list[0], twice(4), later, new Box().n]')).toBe('[ 2, 3, 7, 28, 7, 14 ]');
      expect(await said('first === savings.items[0]')).toBe('true');
      expect(await said('list = 1')).toMatch(/TypeError: Assignment to constant variable/);
      expect(await said('first = null')).toMatch(/TypeError: Assignment to constant variable/);
      expect(await said('const list = [8], { rate } = { rate: 1 }; [list[0], rate]')).toBe('[ 8, 1 ]');
      expect(await said('list[0]++; twice = 3; [list[0], twice]')).toBe('[ 9, 3 ]');
      const named = await own.completionsRequest({ text: 'tw', column: 3 });
      expect(named.body.targets).toEqual([{ label: 'twice', type: 'variable' }]);
      const completed = async (text: string): Promise<readonly string[]> =>
        (await own.completionsRequest({ text, column: text.length + 1 })).body.targets.map(({ label }) => label);
      expect(await completed('first.pr')).toEqual(['price']);
      expect(await said('const held = { inner: [first, { n: 1 }], get run() { throw new Error("ran") } }')).toBe(
        'undefined',
      );
      expect(await completed('held.')).toEqual(expect.arrayContaining(['inner', 'run']));
      expect(await completed('held.inner[0].pr')).toEqual(['price']);
      expect(await completed('held.inner[1].')).toEqual(expect.arrayContaining(['n']));
      expect(await completed('held.run.')).toEqual([]);
      expect(await completed('nowhere.')).toEqual([]);
      // the program's own names go before those of the console
      expect(await said('let one = 1')).toBe('undefined');
      expect(await said('typeof one')).toBe("'object'");
    } finally {
      await own.close();
    }
  });

  test('a hover runs no code', async () => {
    expect(await evaluate('self.items[0].price + 1', 'hover')).toBe('4');
    expect(await evaluate('self.balance', 'hover')).toBe('‹getter›');
    expect(await evaluate('self.total()', 'hover')).toMatch(/Code would have to run/);
  });
});

test('runs what is left of TypeScript when its types are taken away', () => {
  const shop = `type Item = { sku: string; cents: number };
class Basket<T extends Item> {
  private items: T[] = [];
  add(item: T): this { this.items.push(item); return this; }
  private get total(): number { return this.items.reduce((sum: number, { cents }: T) => sum + cents, 0); }
  static of<N extends Item>(...items: N[]): Basket<N> { return items.reduce((all, item) => all.add(item), new Basket<N>()); }
}
const apply = <N extends number>(p: N): number => p / 2;
const basket = new Basket<Item>().add({ sku: 'a', cents: 5 });
console.log(apply(4), basket);
`;
  const types = mkdtempSync(path.join(folder, 'types-'));
  writeFileSync(path.join(types, 'shop.ts'), shop);
  const node24 = path.resolve(import.meta.dirname, '../../node_modules/node24/bin/node');
  expect(run(types, 'record', '--', node24, 'shop.ts').status).toBe(0);
  const expression = 'basket.total + apply(8) + Basket.of({ cents: 2 }).total + new Basket().total';
  expect(run(types, 'events', '--log', 'shop.ts:10', expression).stdout).toMatch(/^1:\d+ +11 {2}shop\.ts:10$/m);
});

describe('the sandbox', () => {
  test('ends what does not end, and goes on afterwards', async () => {
    expect(await evaluate('while (true);')).toMatch(/stopped after 2 s/);
    expect(await evaluate('/(a+)+$/.test("a".repeat(40) + "b")')).toMatch(/stopped after 2 s/);
    expect(await evaluate('self.total()')).toBe('14');
  });

  test('ends what takes all memory', async () => {
    const greedy = 'const all = []; for (;;) all.push(new Array(1e6).fill(all.length))';
    expect(await evaluate(greedy)).toMatch(/ended: it may have run out of memory|stopped after/);
    expect(await evaluate('self.total()')).toBe('14');
  }, 20_000);

  test('gives neither files, nor the network, nor processes', async () => {
    const server = net.createServer((socket) => socket.destroy());
    let connections = 0;
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const roads = [
      'require',
      'process',
      'this.constructor.constructor("return process")()',
      'Function("return process")()',
      'globalThis.constructor.constructor("return process")()',
      '(() => { try { null.x } catch (e) { return e.constructor.constructor("return process")() } })()',
      'self.total.constructor("return process")()',
      'emitter.constructor.constructor("return process")()',
      '__hindcastPrivate.constructor("return process")()',
      '(function () { return arguments.callee.caller })()',
      '(async function () {}).constructor("return process")()',
    ];
    const uses = [
      (road: string) => `(${road}).mainModule.require("fs").readFileSync("/etc/passwd", "utf8")`,
      (road: string) =>
        `(${road}).getBuiltinModule("fs").writeFileSync(${JSON.stringify(path.join(folder, 'made'))}, "x")`,
      (road: string) => `(${road}).binding("tcp_wrap")`,
      (road: string) => `(${road})("child_process").execSync("touch ${path.join(folder, 'made')}")`,
      (road: string) => `(${road})("net").connect(${port}, "127.0.0.1")`,
    ];
    for (const road of roads) for (const use of uses) expect(await evaluate(use(road)), use(road)).toMatch(/^fault: /);
    for (const road of ['import("node:fs")', 'import("node:net")', `fetch("http://127.0.0.1:${port}")`])
      await evaluate(road);
    expect(await evaluate(`new WebSocket("ws://127.0.0.1:${port}")`)).toMatch(/^fault: /);
    expect(await evaluate('new Worker("data:text/javascript,1")')).toMatch(/^fault: /);
    expect(await evaluate('new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0]))')).toMatch(/^fault: /);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(connections).toBe(0);
    expect(readdirSync(folder)).not.toContain('made');
    server.close();
  }, 60_000);

  test('is off where the launch says so', async () => {
    const closed = await openAt('return local.length', { allowEvaluate: false });
    expect(await evaluate('self.items.length', 'repl', closed)).toBe('2');
    expect(await evaluate('self.total()', 'repl', closed)).toMatch(/allowEvaluate/);
    await closed.close();
  });

  test('is off for an imported recording until it is allowed', async () => {
    const portable = path.join(folder, 'moved.hindcast');
    const [newest] = readdirSync(path.join(folder, '.hindcast/recordings')).filter((name) => /^\d/.test(name));
    expect(run(folder, 'export', newest!, portable).status).toBe(0);
    const other = path.join(folder, 'other');
    expect(run(folder, 'import', portable, '--out', other).status).toBe(0);
    const [imported] = readdirSync(other).filter((name) => /^\d/.test(name));
    const recording = path.join(other, imported!);
    const closed = await openAt('return local.length', { recording });
    expect(await evaluate('self.total()', 'repl', closed)).toMatch(/was imported.*allowEvaluate/);
    await closed.close();
    const open = await openAt('return local.length', { recording, allowEvaluate: true });
    expect(await evaluate('self.total()', 'repl', open)).toBe('14');
    await open.close();
  });
});
