// event sourcing with snapshots, top-level await, causes, AggregateError, ESM default and namespace

import assert from 'node:assert/strict';
export let version = 1;
export { version as 'odd name', Store as default };
export class Store {
  static #reducers = new Map();
  static on(type, fn) { Store.#reducers.set(type, fn); return this; }
  #events = []; #snapshots = [[0, Object.freeze({ accounts: {} })]];
  get length() { return this.#events.length; }
  apply(...events) {
    for (const event of events) { this.#events.push(Object.freeze({ seq: this.#events.length + 1, ...event })); if (this.#events.length % 4 === 0) this.#snapshots.push([this.#events.length, this.at()]); }
    return this;
  }
  at(n = this.#events.length) {
    const [from, base] = this.#snapshots.findLast(([s]) => s <= n);
    return this.#events.slice(from, n).reduce((state, e) => { const fn = Store.#reducers.get(e.type); if (!fn) throw new Error(`no reducer ${e.type}`, { cause: e }); return fn(state, e); }, base);
  }
  *[Symbol.iterator]() { yield* this.#events; }
  async *since(n) { for (const e of this.#events.slice(n)) { await null; yield e; } }
}
const update = (state, id, fn) => ({ ...state, accounts: { ...state.accounts, [id]: fn(state.accounts[id] ?? { balance: 0n, log: [] }) } });
Store.on('open', (s, { id, owner = 'nobody' }) => update(s, id, (a) => ({ ...a, owner })))
  .on('move', (s, { id, by: amount }) => update(s, id, ({ balance, log, ...rest }) => { const next = balance + amount; if (next < 0n) throw new RangeError(`overdrawn ${id}: ${next}`); return { ...rest, balance: next, log: [...log, amount] }; }));
const store = new Store().apply({ type: 'open', id: 'a', owner: 'Ann' }, { type: 'open', id: 'b' }, { type: 'move', id: 'a', by: 100n }, { type: 'move', id: 'b', by: 5n }, { type: 'move', id: 'a', by: -30n });
console.log(store.at(), store.at(2), store.length);
version += store.length;
const self = { version };
const seen = [];
for await (const { seq, type } of store.since(2)) { if (seq === 5) break; seen.push(`${seq}${type[0]}`); }
console.log(seen);
const tries = await Promise.allSettled([{ type: 'move', id: 'b', by: -50n }, { type: 'nope' }, { type: 'move', id: 'c', by: 1n }].map(async (e, i) => { const copy = new Store().apply(...[...store].map(({ seq, ...rest }) => rest), e); await Promise.resolve(i); return copy.at().accounts[e.id].balance; }));
console.log(tries.map((t) => t.status === 'fulfilled' ? t.value : `${t.reason.name}: ${t.reason.message} ${t.reason.cause?.type}`));
try { await Promise.any(tries.filter((t) => t.reason).map((t) => Promise.reject(t.reason))); }
catch (e) { console.log(e.name, e.message, e.errors.length, e.errors.map((x) => x.message)); const wrapped = new AggregateError([e, ...e.errors], 'all', { cause: e }); console.log(wrapped.cause === e, wrapped.errors.length, Object.getOwnPropertyDescriptor(wrapped, 'cause')); }
import('./event-store.mjs').then((lazy) => console.log('lazy', lazy === self));
const { promise, resolve } = (() => { let resolve; const promise = new Promise((r) => (resolve = r)); return { promise, resolve }; })();
queueMicrotask(() => resolve({ then(ok, no) { ok('thenable'); } }));
console.log(await promise, await { then: (r) => r(7) }, await 8);
console.log(import.meta.url.endsWith('event-store.mjs'), typeof import.meta.resolve, this);
const thrower = { async *[Symbol.asyncIterator]() { try { yield 1; yield 2; } finally { console.log('closed'); await null; throw new Error('in close'); } } };
try { for await (const x of thrower) { console.log(x); throw new Error('in body'); } } catch (e) { console.log(e.message); }
try { for await (const x of thrower) { console.log(x); break; } } catch (e) { console.log(e.message); }
const Store2 = class extends Store {};
console.log(new Store2().length, (class {}).name, Store2.name);
