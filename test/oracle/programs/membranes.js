'use strict';
// proxies and Reflect: validation, membranes, revocation, traps that throw, arrays behind proxies
const calls = [];
const handler = new Proxy({}, {
  get(_, trap) {
    return (target, ...args) => {
      calls.push(trap);
      return Reflect[trap](target, ...args);
    };
  },
});
const target = Object.assign(Object.create({ inherited: 1 }), { a: 1, list: [3, 1, 2] });
const p = new Proxy(target, handler);
p.a++;
p.b = p.inherited + p.a;
delete p.a;
'list' in p;
const keys = Object.keys(p);
Object.defineProperty(p, 'hidden', { value: 7, configurable: true });
p.list.push(9);
p.list.sort((l, r) => r - l);
const arr = new Proxy([5, 6, 7], handler);
arr.push(8);
arr.splice(1, 2, 'x');
arr.length = 2;
const mapped = arr.map((v) => `${v}`);
const spread = [...arr];
const { length, 0: first } = arr;
function wrap(o, path = 'root', seen = new WeakMap()) {
  if (typeof o !== 'object' || o === null) return o;
  if (seen.has(o)) return seen.get(o);
  const w = new Proxy(o, {
    get(t, k, r) {
      const v = Reflect.get(t, k, r);
      return wrap(v, `${path}.${String(k)}`, seen);
    },
    set(t, k, v) {
      if (v === undefined) throw new TypeError(`no undefined at ${path}.${String(k)}`);
      t[k] = v;
      return k !== 'refused';
    },
  });
  seen.set(o, w);
  return w;
}
const data = { user: { name: 'n', tags: ['t'] } };
data.self = data;
const m = wrap(data);
m.user.tags.push('u');
m.self.self.user.name = 'changed';
const errors = [];
for (const act of [() => (m.user.x = undefined), () => (m.refused = 1), () => Object.freeze(p.list).push(1), () => new (new Proxy(class {}, { construct: () => 1 }))()]) {
  try {
    act();
  } catch (e) {
    errors.push(`${e.name}: ${e.message}`);
  }
}
const { proxy, revoke } = Proxy.revocable(function f(x) { return [this, x, new.target === undefined]; }, {
  apply(t, self, args) {
    const r = Reflect.apply(t, self, args.concat('more'));
    return r.length + args.length;
  },
});
const applied = proxy.call(1, 2);
revoke();
try {
  proxy();
} catch (e) {
  errors.push(e.message);
}
class Model {
  constructor(fields) {
    return new Proxy(this, {
      get: (t, k, r) => (k in t ? Reflect.get(t, k, r) : fields[k]),
      has: (t, k) => k in fields || k in t,
      ownKeys: () => Reflect.ownKeys(fields),
      getOwnPropertyDescriptor: (t, k) => ({ value: fields[k], enumerable: true, configurable: true }),
    });
  }
  get full() {
    return `${this.first} ${this.last}`;
  }
}
const model = new Model({ first: 'F', last: 'L' });
const copy = { ...model };
const has = ['first' in model, 'nope' in model, model.full];
for (const k in model) has.push(k);
const inherits = Object.create(p);
inherits.own = 1;
const viaProto = inherits.b;
inherits.list = 0;
const meta = Reflect.ownKeys(inherits);
const bound = Reflect.getOwnPropertyDescriptor(p, 'hidden');
console.log(keys, calls.length, mapped, spread, length, first, errors, applied, copy, has, viaProto, meta, bound, data.user);
