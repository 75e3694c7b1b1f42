'use strict';
// Proxies: traps that count, reflection through Reflect, revoked proxies, proxies of arrays, functions and classes.
const traps = [];
const handler = {
  get(target, key, receiver) {
    traps.push(`get ${String(key)}`);
    const value = Reflect.get(target, key, receiver);
    return typeof value === 'number' ? value * 10 : value;
  },
  set(target, key, value, receiver) {
    traps.push(`set ${String(key)}`);
    return Reflect.set(target, key, value + 1, receiver);
  },
  has: (target, key) => key.startsWith('x') || key in target,
  deleteProperty(target, key) {
    traps.push(`delete ${key}`);
    return Reflect.deleteProperty(target, key);
  },
  ownKeys: (target) => [...Reflect.ownKeys(target), 'virtual'],
  getOwnPropertyDescriptor(target, key) {
    const virtual = key === 'virtual' && { value: 'v', enumerable: true, configurable: true };
    return Reflect.getOwnPropertyDescriptor(target, key) ?? (virtual || undefined);
  },
};
const target = { a: 1, b: { c: 2 } };
const proxy = new Proxy(target, handler);
const read = proxy.a + proxy.b.c;
proxy.a = 5;
proxy.fresh = 1;
delete proxy.b;
const checks = ['xyz' in proxy, 'a' in proxy, 'b' in proxy];
const keys = Object.keys(proxy);
const list = new Proxy([3, 1, 2], {
  get: (array, key) => (typeof key === 'string' && Number(key) < 0 ? array.at(Number(key)) : Reflect.get(array, key)),
});
const last = list[-1];
list.push(9);
const sorted = [...list].sort();
const timed = new Proxy(function add(a, b) {
  return a + b;
}, {
  apply: (f, self, args) => [f.apply(self, args), args.length],
  construct: (f, args) => ({ made: args }),
});
const calls = [timed(1, 2), timed.call(null, 3), new timed('n')];
const { proxy: temporary, revoke } = Proxy.revocable({}, {});
temporary.before = true;
revoke();
let failure;
try {
  temporary.after = true;
} catch (error) {
  failure = error.constructor.name;
}
const layered = new Proxy(proxy, { get: (inner, key) => inner[key] ?? 'default' });
const layer = [layered.a, layered.nothing];
console.log(read, target, checks, keys, last, sorted, calls, failure, layer, traps);
