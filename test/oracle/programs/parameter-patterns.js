'use strict';
class Item {
  #t;
  constructor(t) {
    this.#t = t;
  }
  get total() {
    const t = this.#t;
    return t;
  }
  get [Symbol.toStringTag]() {
    return 'Item';
  }
}
const xs = [new Item(1), new Item(2)];
const a = xs.map(({ total }) => total * 2);
const b = xs.map(({ total }, i, ...rest) => total * 2);
function helper(n) {
  const m = n + 1;
  return m;
}
function opts({ total: first, extra = helper(first), ...others }, [x, y = helper(x)] = [1], last = helper(y)) {
  const sum = first + extra + x + y + last;
  return [sum, others];
}
const c = xs.map((item) => opts(item));
const it = {
  *[Symbol.iterator]() {
    let i = 0;
    try {
      while (true) yield i++;
    } finally {
      helper(i);
    }
  },
};
function take([p, q], { total }) {
  return [p, q, total];
}
const d = [take(it, xs[0]), take(it, { total: 5 })];
const px = new Proxy(
  { k: 1, l: 2 },
  {
    get(t, k, r) {
      const v = Reflect.get(t, k, r);
      return v;
    },
    ownKeys(t) {
      const keys = Reflect.ownKeys(t);
      return keys;
    },
    getOwnPropertyDescriptor(t, k) {
      const found = Reflect.getOwnPropertyDescriptor(t, k);
      return found;
    },
  },
);
const e = (({ k, ...rest }) => {
  return [k, rest];
})(px);
async function later({ k }, n = 1) {
  await null;
  return k + n;
}
function* gen({ k }, [z] = it) {
  yield k;
  yield z;
}
const f = [...gen(px)];
class Sub extends Item {
  constructor({ total }, { l }) {
    super(total);
    this.l = l;
  }
  method({ k }) {
    return k;
  }
  static make([q]) {
    return q;
  }
}
const g = new Sub(xs[1], px);
const h = g.method(px);
const j = Sub.make(it);
Promise.resolve(px).then(({ k, l }) => {
  const s = k + l;
  console.log('then', s);
});
Promise.resolve({})
  .then(({ n: { o } }) => o)
  .catch((error) => {
    const m = error.message;
    console.log(m);
  });
Promise.resolve()
  .then(({ n }) => n)
  .catch((error) => {
    const m = error.message;
    console.log(m);
  });
later(px).then((v) => {
  console.log(v);
});
setTimeout(() => {
  const q = 1;
  console.log('timer', q, a, b, c, d, e, f, g.l, h, j);
}, 5);
const notes = [];
const nothing = {};
const fns = [];
const take0 = ({ p }) => p;
fns.push(take0);
const take1 = ({ p } = {}) => p;
fns.push(take1);
const take2 = ([p]) => p;
fns.push(take2);
const take3 = ([p] = []) => p;
fns.push(take3);
const take4 = ({ p: { r } }) => r;
fns.push(take4);
const take5 = ({ p: { r } = {} }) => r;
fns.push(take5);
const take6 = ({ ...r }) => r;
fns.push(take6);
const take7 = ({ p: { r } = {} } = {}) => r;
fns.push(take7);
const take8 = ({ p } = nothing.x) => p;
fns.push(take8);
const take9 = ([p] = nothing.x) => p;
fns.push(take9);
const take10 = ({ ['p' + 1]: w }) => w;
fns.push(take10);
const take11 = ({}) => 1;
fns.push(take11);
const take12 = ({ 'p-q': pq, 3: t }) => [pq, t];
fns.push(take12);
const take13 = ({ q }, [p]) => [p, q];
fns.push(take13);
const take14 = ({ q = nothing.x }, [p] = q, ...r) => [p, r];
fns.push(take14);
const take15 = (q, { p }, ...r) => [p, r.length, r];
fns.push(take15);
for (const fn of fns)
  for (const bad of [undefined, null, 5, {}]) {
    try {
      notes.push(String(fn(bad, bad, 1, 2)));
    } catch (error) {
      notes.push(error.message, error.stack.split('\n')[1]);
    }
  }
console.log(
  notes.join('\n'),
  [opts, take, later, gen].map((f) => f.length),
  String(take),
);
