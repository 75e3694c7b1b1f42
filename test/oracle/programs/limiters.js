// Concurrency: limiters, mutex, semaphores, retry with backoff, timeouts, allSettled/any/race, thenables, unhandled, microtask order, async errors.
'use strict';
const order = [];
class Mutex {
  #tail = Promise.resolve();
  #held = 0;
  lock() { let release; const next = new Promise((r) => (release = r)); const mine = this.#tail.then(() => { this.#held++; return () => { this.#held--; release(); }; }); this.#tail = this.#tail.then(() => next); return mine; }
  async with(fn) { const release = await this.lock(); try { return await fn(this.#held); } finally { release(); } }
}
async function* limit(n, tasks) {
  const running = new Set();
  const it = tasks[Symbol.iterator]();
  let seq = 0;
  const start = () => { const { done, value: task } = it.next(); if (done) return false; const p = task().then((v) => [p, v, seq++], (e) => [p, e.message, seq++]); running.add(p); return true; };
  while (running.size < n && start());
  while (running.size) { const [p, ...rest] = await Promise.race(running); running.delete(p); start(); yield rest; }
}
const delay = (ms, v, fail) => new Promise((res, rej) => setTimeout(() => (fail ? rej(new Error(v)) : res(v)), ms));
const thenable = { then(ok, no) { order.push('then called'); ok({ then(o) { o('inner'); } }); } };
class Deferred { constructor() { this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject })); } }
class MyPromise extends Promise { static get [Symbol.species]() { return Promise; } tag = 'mine'; log() { return this.then((v) => { order.push(`log ${v}`); return v; }); } }
async function retry(fn, { times = 3, wait = 1 } = {}) { for (let i = 1; ; i++) { try { return await fn(i); } catch (e) { if (i >= times) throw new Error(`gave up after ${i}`, { cause: e }); await delay(wait * i); } } }
const timeout = (p, ms) => { let t; return Promise.race([p, new Promise((_, no) => { t = setTimeout(no, ms, new Error('timeout')); })]).finally(() => clearTimeout(t)); };
async function main() {
  Promise.resolve().then(() => order.push('p1')).then(() => order.push('p2'));
  queueMicrotask(() => order.push('m1'));
  process.nextTick(() => order.push('t1'));
  await null;
  order.push('after await');
  const m = new Mutex();
  let shared = 0;
  await Promise.all([1, 2, 3].map((k) => m.with(async (held) => { const was = shared; await delay(1); shared = was + k * held; })));
  const done = [];
  for await (const [v, s] of limit(2, [() => delay(300, 'a'), () => delay(3, 'b', true), async () => 'c', async () => { throw new TypeError('now'); }])) done.push(`${v}${s}`);
  const t = await thenable;
  const d = new Deferred();
  setTimeout(d.resolve, 2, 'deferred');
  const mine = MyPromise.resolve(5);
  const logged = mine.log();
  const settled = await Promise.allSettled([d.promise, logged, Promise.reject(0), 7]);
  const any = await Promise.any([delay(900, 'slow'), delay(1, 'x', true), delay(30, 'fast')]);
  const tries = [];
  const ok = await retry(async (i) => { tries.push(i); if (i < 3) throw new Error(`no ${i}`); return 'yes'; });
  const bad = await retry(() => Promise.reject(new Error('never')), { times: 2 }).catch((e) => `${e.message}: ${e.cause.message}`);
  const late = await timeout(delay(900, 'late'), 4).catch(({ message }) => message);
  const soon = await timeout(delay(1, 'soon'), 900);
  const { promise, resolve } = Promise.withResolvers?.() ?? new Deferred();
  resolve(Promise.resolve('flat'));
  const chain = await promise.then((v) => { throw new RangeError(v); }).catch((e) => e.name).finally(() => 'ignored').then((n) => [n], () => 'no');
  const results = await Promise.all({ *[Symbol.iterator]() { yield 1; yield delay(1, 2); yield thenable; } });
  const nested = await (async () => { try { return await (async () => { try { throw 'inner'; } finally { await null; order.push('inner finally'); } })(); } catch (e) { return `caught ${e}`; } finally { order.push('outer finally'); } })();
  const sequential = await ['a', 'b', 'c'].reduce(async (acc, k) => ({ ...(await acc), [k]: await delay(1, k + k) }), Promise.resolve({}));
  console.log(shared, done, t, settled, any, ok, tries, bad, late, soon, chain, results, nested, sequential, logged instanceof MyPromise, mine.tag, order);
}
main();
