// Proxies and Reflect: observable models, validation, lazy loading from files, revocation, read-only views.
const fs = require('node:fs');

function observable(target, notify, path = []) {
  return new Proxy(target, {
    get(object, key, receiver) {
      const value = Reflect.get(object, key, receiver);
      return typeof value === 'object' && value !== null ? observable(value, notify, [...path, key]) : value;
    },
    set(object, key, value, receiver) {
      const before = object[key];
      const done = Reflect.set(object, key, value, receiver);
      if (before !== value) notify([...path, String(key)].join('.'), before, value);
      return done;
    },
    deleteProperty(object, key) {
      notify([...path, key].join('.'), object[key], undefined);
      return Reflect.deleteProperty(object, key);
    },
  });
}

const changes = [];
const model = observable({ user: { name: 'ann', tags: ['x'] }, n: 1 }, (...change) => changes.push(change.join(' ')));
model.user.name = 'bob';
model.user.tags.push('y');
model.n += Math.floor(Math.random() * 3);
delete model.user.tags[0];
Object.assign(model, { n: 100, extra: true });
console.log(changes);

const lazy = new Proxy({}, {
  has: (_, name) => fs.existsSync(`${__dirname}/lib/${name}.json`),
  get: (cache, name) => (cache[name] ??= JSON.parse(fs.readFileSync(`${__dirname}/lib/${String(name)}.json`, 'utf8'))),
  ownKeys: () => fs.readdirSync(`${__dirname}/lib`).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)),
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
});
console.log('settings' in lazy, 'other' in lazy, lazy.settings.name, Object.keys(lazy));

const calls = new Map();
const traced = new Proxy(class Point { constructor(x, y) { this.x = x; this.y = y; } static of(...parts) { return new this(...parts); } }, {
  construct(target, args, newTarget) {
    calls.set('new', (calls.get('new') ?? 0) + 1);
    return Reflect.construct(target, args.map(Number), newTarget);
  },
  get: (target, key, receiver) => (calls.set(key, (calls.get(key) ?? 0) + 1), Reflect.get(target, key, receiver)),
});
console.log(traced.of('1', '2'), new traced('3', 4) instanceof traced, [...calls]);

const { proxy, revoke } = Proxy.revocable([3, 1, 2], {});
console.log(proxy.toSorted?.() ?? [...proxy].sort(), Array.isArray(proxy));
setTimeout(revoke, 1);
setTimeout(() => {
  try {
    proxy.push(1);
  } catch (error) {
    console.log(error.name, Reflect.ownKeys(Object.freeze({ b: 1, a: 2, [Symbol.iterator]: 3 })).length);
  }
}, 3);
