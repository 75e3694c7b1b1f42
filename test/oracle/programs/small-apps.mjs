import { EventEmitter } from 'node:events';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep, setInterval as every } from 'node:timers/promises';
import util from 'node:util';
import assert from 'node:assert/strict';

const report = [];
const add = (line) => { report.push(line); return report.length; };

class Store extends EventEmitter {
  #state; #reducers = new Map(); static #instances = 0;
  static { this.create = (...args) => new Store(...args); }
  constructor(initial = {}) { super(); this.#state = structuredClone(initial); Store.#instances++; }
  get state() { return Object.freeze({ ...this.#state }); }
  static get instances() { return this.#instances; }
  on(name, fn, { once = false } = {}) { return once ? super.once(name, fn) : super.on(name, fn); }
  reduce(type, fn) { this.#reducers.set(type, [...(this.#reducers.get(type) ?? []), fn]); return this; }
  dispatch({ type, ...action }) {
    const before = this.#state;
    for (const fn of this.#reducers.get(type) ?? []) this.#state = { ...this.#state, ...(fn(this.#state, action) ?? {}) };
    if (before !== this.#state) this.emit('change', { type, keys: Object.keys(this.#state).filter((k) => before[k] !== this.#state[k]) });
    else this.emit('noop', type);
    return this;
  }
}
const store = Store.create({ count: 0, list: [1] });
store.on('change', ({ type, keys: [first = 'nothing', ...more] }) => add(`change ${type} ${first} ${more}`));
store.on('noop', (t) => add(`noop ${t}`), { once: true });
store.reduce('add', ({ count }, { by = 1 }) => ({ count: count + by })).reduce('add', ({ list, count }) => ({ list: [...list, count] })).reduce('bad', () => { throw new RangeError('bad reducer'); });
store.dispatch({ type: 'add' }).dispatch({ type: 'add', by: 5 }).dispatch({ type: 'none' }).dispatch({ type: 'none' });
try { store.dispatch({ type: 'bad' }); } catch (e) { add(`${e}`); }
add(JSON.stringify(store.state) + Store.instances);

const limiter = (max) => {
  let active = 0, peak = 0; const waiting = [];
  const next = () => { if (active < max && waiting.length) { active++; peak = Math.max(peak, active); const { fn, resolve, reject } = waiting.shift(); fn().then(resolve, reject).finally(() => { active--; next(); }); } };
  return Object.assign((fn) => new Promise((resolve, reject) => { waiting.push({ fn, resolve, reject }); next(); }), { get peak() { return peak; }, peakNow: () => peak });
};
const limit = limiter(2);
const jobs = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name, i) => limit(async () => { for (let k = 0; k < 3 - i; k++) await null; if (name === 'c') throw new Error('job c', { cause: { i } }); return name.repeat(i + 1); })));
add(jobs.map(({ status, value, reason }) => value ?? `${status}:${reason.message}:${reason.cause.i}`).join());
add(`${limit.peak} ${limit.peakNow()}`);

const order = [];
setTimeout(() => order.push('timeout'), 0); setImmediate(() => order.push('immediate')); process.nextTick(() => order.push('tick')); queueMicrotask(() => order.push('micro'));
await (async () => { order.push('sync'); await null; order.push('after'); })(); await sleep(3); order.sort(); add(order.join());

const collected = [];
const sink = new Writable({ objectMode: true, highWaterMark: 1, write(chunk, _, cb) { collected.push(chunk); setImmediate(cb); }, final(cb) { collected.push('final'); cb(); } });
const through = new PassThrough({ objectMode: true });
through.on('data', ({ id, tags: [t = '-'] = [] }) => add(`data ${id} ${t}`));
Readable.from([{ id: 1 }, { id: 2, tags: ['x'] }]).pipe(through).pipe(sink);
await new Promise((resolve, reject) => sink.on('finish', resolve).on('error', reject));
add(collected.map((c) => c.id ?? c).join());
const echo = new Duplex({ read() {}, write(c, e, cb) { this.push(c.toString().toUpperCase()); cb(); }, final(cb) { this.push(null); cb(); } });
echo.setEncoding('utf8'); echo.write('one '); echo.end('two');
let text = ''; for await (const chunk of echo) text += chunk; add(text);
try { for await (const x of Readable.from((async function* () { yield 1; throw new Error('source broke'); })())) add(`got ${x}`); } catch ({ message }) { add(message); }
let beats = 0; for await (const v of every(1, 'beat')) { if (++beats > 2) break; add(v + beats); }

const sleepy = util.promisify((ms, cb) => setTimeout(() => (ms > 2 ? cb(new Error(`too long: ${ms}`)) : cb(null, ms)), ms));
const outcomes = []; for (const ms of [1, 3]) outcomes.push(await sleepy(ms).catch(({ message: m }) => m)); add(outcomes.join('|'));
const timeout = (ms, signal) => new Promise((_, reject) => { const timer = setTimeout(reject, ms, new Error('timed out')); signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true }); });
const ac = new AbortController(); setTimeout(() => ac.abort('stop it'), 2); add(await timeout(500, ac.signal).catch((e) => (typeof e === 'string' ? e : e.message)));
add(await Promise.race([timeout(1), sleep(20, 'slow')]).catch((e) => e.message)); add(AbortSignal.abort('x').reason);
for (const [actual, expected] of [[{ a: 1 }, { a: 1 }], [[1, 2], [1, 3]], [new Set([1]), new Set([2])]]) { try { assert.deepEqual(actual, expected); add('same'); } catch ({ code, generatedMessage: g, operator }) { add(`${code} ${g} ${operator}`); } }
await assert.rejects(async () => { throw new TypeError('nope'); }, { name: 'TypeError' }); assert.throws(() => JSON.parse('{'), SyntaxError);
add(util.inspect(new Map([['k', { [util.inspect.custom]: () => 'CUSTOM', x: 1 }]])) + util.format('%s %d %o', 'a', 4.2, [1]).length + util.isDeepStrictEqual({ a: [1] }, { a: [1] }));
async function* paged(fetchPage, { from = 0, size = 2 } = {}) { for (let page = from, items; (items = await fetchPage(page, size)).length; page++) yield* items; }
const all = []; for await (const item of paged(async (page, size) => [1, 2, 3, 4, 5].slice(page * size, (page + 1) * size))) { if (item === 2) continue; all.push(item); } add(all.join());
const lazy = { async *[Symbol.asyncIterator]() { let i = 0; try { while (true) yield i++; } finally { add(`closed at ${i}`); } } };
outer: for await (const x of lazy) { for (const y of [1, 2, 3]) { try { if (y === 2) continue outer; if (x === 2) break outer; } finally { add(`${x}${y}`); } } }
process.on('beforeExit', () => { if (report.at(-1) !== 'bye') { add('bye'); setTimeout(() => {}, 1); } }); process.once('exit', (code) => console.log(report.join('\n') + code));
