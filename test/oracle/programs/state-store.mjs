// a store by Proxy with history, computed values, batches, and an async undo queue
const RAW = Symbol('raw');
class Store {
  #listeners = new Map();
  #depth = 0;
  #pending = new Set();
  #past = [];
  #future = [];
  static #proxies = new WeakMap();
  constructor(initial) {
    this.state = this.#wrap(initial, []);
    this.computed = Object.create(null);
  }
  #wrap(target, path) {
    if (typeof target !== 'object' || target === null) return target;
    const known = Store.#proxies.get(target);
    if (known) return known;
    const store = this;
    const proxy = new Proxy(target, {
      get(t, key, receiver) {
        if (key === RAW) return t;
        const value = Reflect.get(t, key, receiver);
        return typeof key === 'symbol' || typeof value === 'function' ? value : store.#wrap(value, [...path, key]);
      },
      set(t, key, value, receiver) {
        const raw = value?.[RAW] ?? value;
        const had = Object.hasOwn(t, key),
          old = t[key];
        if (had && Object.is(old, raw)) return true;
        const ok = Reflect.set(t, key, raw, t);
        if (ok) store.#changed({ t, key, had, old, now: raw, path: [...path, key].join('.') });
        return ok;
      },
      deleteProperty(t, key) {
        if (!Object.hasOwn(t, key)) return true;
        const old = t[key];
        delete t[key];
        store.#changed({ t, key, had: true, old, gone: true, path: [...path, key].join('.') });
        return true;
      },
      ownKeys(t) {
        return Reflect.ownKeys(t).filter((k) => typeof k === 'symbol' || !k.startsWith('_'));
      },
      has(t, key) {
        return typeof key === 'string' && key.startsWith('_') ? false : key in t;
      },
      getOwnPropertyDescriptor(t, key) {
        const d = Reflect.getOwnPropertyDescriptor(t, key);
        if (d && 'value' in d) d.enumerable = true;
        return d;
      },
    });
    Store.#proxies.set(target, proxy);
    return proxy;
  }
  #changed(change) {
    this.#past.push(change);
    this.#future.length = 0;
    this.#pending.add(change.path.split('.')[0]);
    if (this.#depth === 0) this.#flush();
  }
  #flush() {
    for (let rounds = 0; this.#pending.size; rounds++) {
      if (rounds > 10) throw new Error('cycle');
      const paths = [...this.#pending];
      this.#pending.clear();
      for (const path of paths) for (const fn of this.#listeners.get(path) ?? []) fn(this.state, path);
    }
  }
  on(path, fn) {
    const set = this.#listeners.get(path) ?? new Set();
    this.#listeners.set(path, set.add(fn));
    return {
      [Symbol.dispose ?? Symbol.for('dispose')]() {
        set.delete(fn);
      },
      off: () => set.delete(fn),
    };
  }
  batch(fn) {
    this.#depth++;
    try {
      return fn(this.state);
    } finally {
      if (--this.#depth === 0) this.#flush();
    }
  }
  undo(steps = 1) {
    let done = 0;
    for (; done < steps && this.#past.length; done++) {
      const c = this.#past.pop();
      if (c.had) c.t[c.key] = c.old;
      else delete c.t[c.key];
      this.#future.push(c);
    }
    return done;
  }
  redo() {
    const c = this.#future.pop();
    if (!c) return false;
    if (c.gone) delete c.t[c.key];
    else c.t[c.key] = c.now;
    this.#past.push(c);
    return true;
  }
  compute(name, ...args) {
    const fn = args.pop();
    let cache,
      dirty = true;
    for (const path of args)
      this.on(path, () => {
        dirty = true;
      });
    Object.defineProperty(this.computed, name, {
      enumerable: true,
      get: () => {
        if (dirty) {
          cache = fn(this.state);
          dirty = false;
        }
        return cache;
      },
    });
    return this;
  }
  get depths() {
    return [this.#past.length, this.#future.length];
  }
}
const store = new Store({
  user: { name: 'Ada', tags: ['x'], _secret: 1 },
  cart: [],
  total: 0,
  meta: { [Symbol.for('v')]: 1 },
});
const seen = [];
const sub = store.on('cart', (s, path) => {
  seen.push(`${path}:${s.cart.length}`);
  s.total = s.cart.reduce((n, { price, qty = 1 }) => n + price * qty, 0);
});
store.on('total', (s) => seen.push(`total:${s.total}`));
store
  .compute('label', 'user', 'total', ({ user, total }) => `${user.name}/${user.tags.join('+')}=${total}`)
  .compute('count', 'cart', (s) => s.cart.length);
const { state } = store;
state.cart.push({ price: 3, qty: 2 });
state.cart.push({ price: 5 });
store.batch((s) => {
  s.user.tags.unshift('new');
  s.user.name += ' L';
  s.cart[0].qty++;
  s.cart.splice(1, 1, { price: 7, qty: 1 }, { price: 1 });
});
console.log(store.computed.label, store.computed.count, seen, Object.keys(state.user), '_secret' in state.user);
sub.off();
delete state.user.tags;
state.user.extra ??= { deep: { er: [] } };
state.user.extra.deep.er[2] = 'hole';
state.cart.sort((a, b) => a.price - b.price).reverse();
console.log(JSON.stringify(state), store.depths, store.undo(3), store.redo(), store.depths, JSON.stringify(state.user));
const queue = [];
let running = Promise.resolve();
const later = (fn) =>
  (running = running.then(async () => {
    await null;
    queue.push(await fn());
  }));
later(() => store.undo(2));
later(async () => {
  const { promise, resolve } = { promise: new Promise((r) => setImmediate(r, 'tick')), resolve: null };
  return promise;
});
later(() => {
  throw new TypeError('no');
});
await running.catch((e) => queue.push(e.message));
await null;
const {
  user: { name, ...others },
  cart: [first, ...rest],
} = state;
console.log(queue, name, others, first, rest.length, { ...state.meta }, structuredClone(state.cart[RAW]));
try {
  Object.freeze(state.cart[RAW]);
  state.cart.push(1);
} catch (e) {
  console.log(e.name, store.depths);
}
const c = new Store({ n: 0 });
c.on('n', (s) => {
  if (s.n < 5) s.n = s.n + 1;
});
try {
  c.state.n = 1;
} catch (e) {
  console.log(e.message, c.state.n);
}
