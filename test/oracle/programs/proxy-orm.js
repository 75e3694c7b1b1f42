// A small observable model: Proxy and Reflect, getters and setters, computed values, undo, WeakMap caches.
const watchers = new WeakMap();
const raw = new WeakMap();
let active = null;
const history = [];
function reactive(target) {
  if (typeof target !== 'object' || target === null) return target;
  const known = raw.get(target);
  if (known) return known;
  const proxy = new Proxy(target, {
    get(object, key, receiver) {
      track(object, key);
      const value = Reflect.get(object, key, receiver);
      return typeof value === 'object' ? reactive(value) : value;
    },
    set(object, key, value, receiver) {
      const before = Reflect.get(object, key, receiver);
      const had = Reflect.has(object, key);
      const done = Reflect.set(object, key, value, receiver);
      if (!Object.is(before, value) || !had) {
        history.push({ object, key, before, had });
        trigger(object, key);
      }
      return done;
    },
    deleteProperty(object, key) {
      const before = object[key];
      const had = Object.hasOwn(object, key);
      const done = Reflect.deleteProperty(object, key);
      if (had) {
        history.push({ object, key, before, had });
        trigger(object, key);
      }
      return done;
    },
    has: (object, key) => {
      track(object, key);
      return Reflect.has(object, key);
    },
    ownKeys: (object) => Reflect.ownKeys(object).filter((key) => !String(key).startsWith('_')),
  });
  raw.set(target, proxy);
  return proxy;
}
function track(object, key) {
  if (!active) return;
  let keys = watchers.get(object);
  if (!keys) watchers.set(object, (keys = new Map()));
  let effects = keys.get(key);
  if (!effects) keys.set(key, (effects = new Set()));
  effects.add(active);
}
function trigger(object, key) {
  for (const effect of [...(watchers.get(object)?.get(key) ?? [])]) effect();
}
function effect(run) {
  const wrapped = () => {
    const outer = active;
    active = wrapped;
    try {
      run();
    } finally {
      active = outer;
    }
  };
  wrapped();
  return wrapped;
}
const order = reactive({
  items: [{ price: 3, count: 2 }],
  discount: 0,
  _secret: 'x',
  get total() {
    return this.items.reduce((sum, item) => sum + item.price * item.count, 0) - this.discount;
  },
  set total(value) {
    this.discount += this.total - value;
  },
});
const totals = [];
effect(() => totals.push(order.total));
order.discount = 1;
order.items.push({ price: 10, count: 1 });
order.items[0].count = 5;
order.total = 20;
delete order.items[1].count;
order.items.splice(1, 1);
const keys = Object.keys(order);
const hasSecret = '_secret' in order;
function undo() {
  const step = history.pop();
  if (!step) return false;
  const { object, key, before, had } = step;
  if (had) object[key] = before;
  else delete object[key];
  return true;
}
let undone = 0;
while (undone < 3 && undo()) undone++;
class Point {
  static #made = 0;
  #x = 0;
  constructor(x) {
    this.#x = x;
    Point.#made++;
    return new Proxy(this, { get: (self, key) => (key === 'x' ? self.#x : key === 'made' ? Point.#made : Reflect.get(self, key)) });
  }
}
const point = new Point(4);
const frozen = Object.freeze(Reflect.construct(Array, [3], Point));
console.log(totals, keys, hasSecret, undone, point.x, point.made, frozen instanceof Point, JSON.stringify(order));
