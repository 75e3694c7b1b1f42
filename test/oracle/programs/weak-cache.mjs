// weak references, finalisers held back, emitters with captures, abort signals composed, async context, cache with LRU and TTL by a fake clock
import { EventEmitter, once, on, getEventListeners, errorMonitor } from 'node:events';
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { promisify, inspect } from 'node:util';
const log = [];
const als = new AsyncLocalStorage();
let now = 0;
class Cache extends EventEmitter {
  #map = new Map();
  #weak = new WeakMap();
  #refs = new Map();
  #gone = new FinalizationRegistry((k) => this.#refs.delete(k));
  constructor({ max = 3, ttl = 10 } = {}) {
    super({ captureRejections: true });
    Object.defineProperties(this, { max: { value: max }, ttl: { value: ttl, enumerable: true } });
  }
  set(key, value) {
    if (typeof key === 'object') {
      this.#weak.set(key, value);
      return this;
    }
    this.#map.delete(key);
    this.#map.set(key, { value, at: now });
    if (typeof value === 'object' && value !== null) {
      this.#refs.set(key, new WeakRef(value));
      this.#gone.register(value, key, value);
    }
    for (const [k] of this.#map) {
      if (this.#map.size <= this.max) break;
      this.#map.delete(k);
      this.emit('evict', k);
    }
    return this;
  }
  get(key) {
    if (typeof key === 'object') return this.#weak.get(key);
    const e = this.#map.get(key);
    if (e === undefined) return this.#refs.get(key)?.deref();
    if (now - e.at > this.ttl) {
      this.#map.delete(key);
      this.emit('expire', key, now - e.at);
      return undefined;
    }
    this.#map.delete(key);
    this.#map.set(key, e);
    return e.value;
  }
  async load(key, fn, { signal } = {}) {
    const hit = this.get(key);
    if (hit !== undefined) return hit;
    signal?.throwIfAborted();
    const value = await Promise.race([
      fn(key),
      new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason), { once: true })),
    ]);
    this.set(key, value);
    return value;
  }
  get keys() {
    return [...this.#map.keys()];
  }
  [inspect.custom](d, o) {
    return `Cache<${this.keys.map((k) => inspect(k, o)).join()}>`;
  }
  [Symbol.for('nodejs.rejection')](err, event, ...args) {
    log.push(`rejected ${event} ${err.message} ${args}`);
  }
}
const cache = new Cache();
const heavy = { big: 1 };
const owner = { o: 1 };
cache.on('evict', function (k) {
  log.push(`evict ${k} ${this === cache} ${als.getStore()?.id}`);
});
cache.once('expire', async (k) => {
  await null;
  throw new Error(`late ${k}`);
});
als.run({ id: 'A' }, () => {
  cache.set('a', heavy).set('b', 2).set('c', 3).set(owner, 'weak');
  cache.get('a');
  cache.set('d', 4);
});
now = 5;
cache.set('e', 5);
now = 12;
log.push(
  cache.get('a') === heavy,
  cache.get('c'),
  cache.get('d'),
  cache.get('e'),
  cache.get(owner),
  cache.keys,
  inspect(cache),
);
await null;
await null;
const loads = await als.run({ id: 'B' }, async () => {
  const ac = new AbortController();
  const timeout = AbortSignal.any ? AbortSignal.any([ac.signal]) : ac.signal;
  const one = cache.load('x', async (k) => {
    await null;
    return `${k}@${als.getStore().id}`;
  });
  const two = cache.load('y', () => new Promise(() => {}), { signal: timeout }).catch((e) => e);
  queueMicrotask(() => ac.abort({ why: 'bored' }));
  const three = await cache
    .load('z', () => {
      throw new RangeError('sync');
    })
    .catch((e) => e.message);
  return [await one, await two, three, await cache.load('w', () => 1, { signal: ac.signal }).catch((e) => e?.why)];
});
log.push(loads);
class Job extends AsyncResource {
  constructor(name) {
    super('Job');
    this.name = name;
  }
  run(fn, ...args) {
    return this.runInAsyncScope(fn, this, ...args);
  }
}
const job = als.run({ id: 'J' }, () => new Job('j'));
als.run({ id: 'other' }, () =>
  job.run(function (x) {
    log.push(this.name, x, als.getStore().id);
  }, 7),
);
als.enterWith({ id: 'entered' });
const bound = AsyncLocalStorage.bind ? AsyncLocalStorage.bind(() => als.getStore()?.id) : () => 'entered';
als.exit(() => log.push(als.getStore(), bound()));
const em = new EventEmitter();
em.on(errorMonitor, (e) => log.push(`monitor ${e.message}`));
em.on('error', () => log.push('heard'));
em.prependListener('x', (...a) => log.push(['first', ...a].join()));
em.once('x', function handler(a) {
  log.push(a, this.listenerCount('x'), this.rawListeners('x').length);
  this.off('x', handler);
});
log.push(em.emit('x', 1, 2), em.emit('x', 3), em.emit('none'), em.eventNames().map(String));
em.emit('error', new Error('again'));
const ticks = [];
const stop = new AbortController();
const loop = (async () => {
  try {
    for await (const [n] of on(em, 'tick', { signal: stop.signal })) {
      ticks.push(n);
      if (n === 2) stop.abort();
    }
  } catch (e) {
    ticks.push(e.code);
  } finally {
    ticks.push(em.listenerCount('tick'));
  }
})();
for (let i = 0; i < 4; i++) em.emit('tick', i);
await loop;
const [v] = await Promise.all([once(em, 'v'), em.emit('v', 'val')]);
log.push(ticks, v);
const target = new EventTarget();
const calls = [];
const handler = {
  handleEvent(e) {
    calls.push(e.type, e.detail?.n ?? e.cancelable, this === handler);
    e.preventDefault();
  },
};
target.addEventListener('go', handler, { once: true });
target.addEventListener('go', (e) => calls.push(e.defaultPrevented, e.currentTarget === target));
log.push(
  target.dispatchEvent(new CustomEvent('go', { detail: { n: 5 }, cancelable: true })),
  target.dispatchEvent(new Event('go')),
  calls,
  getEventListeners(target, 'go').length,
);
const sleep = promisify((ms, cb) => setTimeout(cb, ms, null, `slept ${ms}`));
log.push(await sleep(1));
console.dir(log, { depth: 3 });
