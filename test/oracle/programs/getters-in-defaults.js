'use strict';
// Defaults of parameters that read properties: getters, inherited ones, iterators, proxies. They run in the function's name.
class Pool {
  #taken = 0;
  static get most() {
    const most = 4;
    return most;
  }
  get free() {
    const free = Pool.most - this.#taken;
    return free;
  }
  get length() {
    const taken = this.#taken;
    return taken;
  }
  take(count = this.free, { label = this.name, spare = count - 1 } = {}, of = Pool.most) {
    this.#taken += Math.min(count, this.free);
    return [count, label, spare, of];
  }
  size(n = this.length) {
    return n;
  }
}
class Named extends Pool {
  get name() {
    const parts = ['named', super.length];
    return parts.join('-');
  }
  constructor(options = Named.defaults, { start = options.start } = {}) {
    super();
    this.start = start;
  }
  static get defaults() {
    return {
      get start() {
        const start = 'now';
        return start;
      },
    };
  }
}
const pool = new Named();
const told = [pool.take(1), pool.take(), pool.take(undefined, { spare: 0 }), pool.size(), pool.size(7)];
const LIMITS = { low: 1, high: 9 };
const numbers = {
  *[Symbol.iterator]() {
    let n = LIMITS.low;
    while (n < 4) yield n++;
  },
};
const spread = (first, all = [...numbers], copy = { ...pool, first }, most = LIMITS.high) => {
  const sum = all.reduce((a, b) => a + b, first);
  return [sum, copy, most];
};
told.push(spread(10), spread(1, [2]));
const seen = [];
const watched = new Proxy(pool, {
  get(target, key) {
    seen.push(String(key));
    return Reflect.get(target, key, target);
  },
});
async function later(what = watched.free, key = 'name', name = watched[key]) {
  await null;
  return `${what} ${name}`;
}
function* rounds(from = watched.start, to = watched?.free ?? 0) {
  yield from;
  yield to;
}
function failing(value = pool.missing.part) {
  return value;
}
try {
  failing();
} catch (error) {
  told.push(error.message);
}
told.push([...rounds()], [...rounds(1, 2)]);
later().then((text) => {
  told.push(text);
  console.log(JSON.stringify(told), seen);
});
