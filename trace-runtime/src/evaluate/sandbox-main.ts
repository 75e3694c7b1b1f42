/**
 * The sandbox's process: takes a request a line on its input, gives an answer a line on its output. Code runs in a realm
 * of its own that no object of this one gets into. Node's permissions forbid files, processes, threads and addons from
 * the start; what is left of the network and of other processes is taken away here, before any code runs.
 */
import '../base/own-process.ts';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { readFileSync, readSync, writeSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import vm from 'node:vm';
import { READY, TRIAL_RUNS, type Ask } from './messages.ts';

type Realm = (request: string) => string;

const CREATE = new vm.Script(
  `(function () { ${readFileSync(path.join(__dirname, 'sandbox-realm.js'), 'utf8')}\n;return realm.create; })()`,
);
/** Calls the realm's function, and leaves no trace of it in the realm. */
const CALL = new vm.Script(
  `(function () { const { hindcastRealm, hindcastRequest } = this; delete this.hindcastRealm; delete this.hindcastRequest; return hindcastRealm(hindcastRequest); }).call(this)`,
);
/** Promises are settled after code that ran, as far as nothing but each other settles them. */
const SETTLE = new vm.Script('undefined');
const ASSERTIONS = JSON.stringify({ ask: 'assertions' } satisfies Ask);
const LIBRARY = path.join(__dirname, 'sandbox-assertions.js');
const readFile = readFileSync;
/** once it was asked for */
let library: string | undefined;
const cpuUsage = process.cpuUsage.bind(process);
const nodeGlobals = JSON.stringify(Object.getOwnPropertyNames(globalThis));
const read = readSync;
const write = writeSync;
const input = Buffer.alloc(65536);
const waiting = new Int32Array(new SharedArrayBuffer(4));
let text = '';
let rest: Buffer[] = [];

takeAway();
interface Made {
  readonly context: vm.Context;
  readonly realm: Realm;
}

/** those that stay, by what a request calls them */
const staying = new Map<string, Made>();
/** the realm of trials */
let tried: Made | undefined;
/** questions so far */
let asked = 0;
say(READY);
for (;;) {
  const line = readLine();
  if (line === undefined) break;
  // an answer that came too late
  if (line.startsWith('A')) continue;
  const [, milliseconds, again] = /^\{"milliseconds":(\d+),"again":(true|false)/.exec(line) ?? [];
  if (milliseconds !== undefined) {
    if (again === 'false') tried = undefined;
    say(`R${attempts((tried ??= makeRealm()), line, Number(milliseconds))}`);
    continue;
  }
  const { realm, context } = realmOf(/^\{"realm":"(shared|console)"/.exec(line)?.[1]);
  const outcome = realm(line);
  if (outcome === '') SETTLE.runInContext(context);
  say(`R${outcome || realm('')}`);
}

/** undefined: a fresh one */
function realmOf(name: string | undefined): Made {
  const made = (name === undefined ? undefined : staying.get(name)) ?? makeRealm();
  if (name !== undefined) staying.set(name, made);
  return made;
}

/** The outcomes of a request's trials, and the processor's time that they took. */
function attempts(made: Made, line: string, timeout: number): string {
  const count = Number(made.realm(line));
  const before = processorTime();
  const outcomes = Array.from({ length: count }, (_, index) => attempt(made, String(index), timeout));
  return `{"milliseconds":${processorTime() - before},"outcomes":[${outcomes.join(',')}]}`;
}

/** of this process, in milliseconds */
function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/**
 * Runs no longer than that by the clock, timer by timer; again, where the machine was busy with something else for most of it. Promises are
 * settled as far as nothing but each other settles them.
 */
function attempt({ context, realm }: Made, line: string, timeout: number): string {
  for (let more = TRIAL_RUNS - 1; ; more--) {
    const before = processorTime();
    const deadline = performance.now() + timeout;
    try {
      for (let request = line; ; request = '') {
        Object.assign(context, { hindcastRealm: realm, hindcastRequest: request });
        const left = Math.ceil(deadline - performance.now());
        const outcome = CALL.runInContext(context, { timeout: Math.max(1, left) }) as string;
        if (outcome !== '') return outcome;
        if (left <= 0) throw new Error('Time is up.');
      }
    } catch {
      if (more === 0 || processorTime() - before > timeout / 2) return JSON.stringify({ stopped: true });
    }
  }
}

function makeRealm(): Made {
  const context = vm.createContext(Object.create(null) as vm.Context, {
    codeGeneration: { strings: true, wasm: false },
    microtaskMode: 'afterEvaluate',
  });
  const create = CREATE.runInContext(context) as (ask: unknown, globals: string) => Realm;
  // a function of this realm would be a way into it
  const ask = Object.setPrototypeOf((question: string): string => {
    if (question === ASSERTIONS) return (library ??= JSON.stringify(readFile(LIBRARY, 'utf8')));
    const number = ++asked;
    say(`Q${number} ${question}`);
    return answerTo(number);
  }, null) as unknown;
  return { context, realm: create(ask, nodeGlobals) };
}

/** One that was asked by what was stopped is passed over: nobody waits for it any more. */
function answerTo(question: number): string {
  const mark = `A${question} `;
  for (;;) {
    const line = readLine();
    if (line === undefined) return 'null';
    if (line.startsWith(mark)) return line.slice(mark.length);
  }
}

function readLine(): string | undefined {
  for (;;) {
    const end = text.indexOf('\n');
    if (end >= 0) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return line;
    }
    const count = readSome();
    if (count === 0) return undefined;
    const part = Buffer.from(input.subarray(0, count));
    rest.push(part);
    if (!part.includes(10)) continue;
    text += Buffer.concat(rest).toString('utf8');
    rest = [];
  }
}

function readSome(): number {
  for (;;) {
    try {
      return read(0, input, 0, input.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EOF') return 0;
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(waiting, 0, 0, 1);
    }
  }
}

function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`, 'utf8');
  for (let at = 0; at < bytes.length;) {
    try {
      at += write(1, bytes, at, bytes.length - at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(waiting, 0, 0, 1);
    }
  }
}

/** Nothing in this process needs the network, other processes or Node's inner parts any more. */
function takeAway(): void {
  const no = (): never => {
    throw new Error('This is not allowed here.');
  };
  const fix = (holder: object, key: PropertyKey, value: unknown): void => {
    Reflect.defineProperty(holder, key, { value, configurable: false, writable: false });
  };
  for (const handle of networkHandles()) {
    const prototype = Object.getPrototypeOf(handle) as object;
    for (const key of Reflect.ownKeys(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, key)?.value as unknown;
      if (typeof method === 'function') fix(prototype, key, no);
    }
  }
  for (const holder of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
    for (const key of Object.getOwnPropertyNames(holder))
      if (typeof Object.getOwnPropertyDescriptor(holder, key)?.value === 'function') fix(holder, key, no);
  for (const name of ['require', 'module', 'fetch', 'WebSocket', 'EventSource', 'Worker', 'navigator'])
    fix(globalThis, name, undefined);
  for (const name of ['binding', '_linkedBinding', 'dlopen', 'kill', '_kill', 'abort', 'chdir', 'getBuiltinModule'])
    fix(process, name, no);
  for (const name of ['mainModule', '_debugProcess', 'reallyExit', 'permission']) fix(process, name, no);
  fix(globalThis, 'process', undefined);
}

/** One of each kind: their prototypes have what connects, listens and sends. Nothing is connected to. */
function networkHandles(): object[] {
  const server = (
    net as unknown as { _createServerHandle(host: string, port: number, family: 4): object | number }
  )._createServerHandle('127.0.0.1', 0, 4);
  const pipe = net.connect(process.platform === 'win32' ? '\\\\.\\pipe\\hindcast-none' : '/dev/null/none');
  pipe.on('error', () => undefined);
  const datagrams = dgram.createSocket('udp4');
  const inner = Object.getOwnPropertySymbols(datagrams).map((key) => Reflect.get(datagrams, key) as unknown);
  const handles = [
    server,
    (pipe as unknown as { _handle: unknown })._handle,
    ...inner.map((each) => (each as { handle?: unknown } | undefined)?.handle),
  ].filter((each): each is { close(): void } => typeof each === 'object' && each !== null);
  if (handles.length < 3) throw new Error('The network cannot be taken away on this Node.');
  for (const handle of handles) handle.close();
  return handles;
}
