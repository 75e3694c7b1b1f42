// class hierarchies: accessors, private methods, static blocks, mixins with super, symbols, species, toString tags, brand checks
const log = [];
class Entity {
  static #count = 0;
  static registry = new Map();
  #id;
  #frozen = false;
  static {
    this.kinds = Object.create(null);
    this.register = (K) => {
      Entity.kinds[K.kind ?? K.name] = K;
      return K;
    };
  }
  constructor(data = {}) {
    this.#id = ++Entity.#count;
    new.target.registry.set(this.#id, new WeakRef(this));
    this.init?.(data);
    if (new.target.sealed) Object.seal(this);
  }
  get id() {
    return `${this.constructor.kind ?? '?'}-${this.#id}`;
  }
  static is(x) {
    return typeof x === 'object' && x !== null && #id in x;
  }
  #guard(op) {
    if (this.#frozen) throw new TypeError(`${this.id} is frozen (${op})`);
    return this;
  }
  update(patch) {
    const self = this.#guard('update');
    for (const [k, v] of Object.entries(patch)) self[k] = v;
    return self;
  }
  freeze() {
    this.#frozen = true;
    return this;
  }
  get [Symbol.toStringTag]() {
    return `Entity:${this.id}`;
  }
  [Symbol.toPrimitive](hint) {
    return hint === 'number' ? this.#id : `<${this.id}>`;
  }
  static get count() {
    return Entity.#count;
  }
  static set count(n) {
    log.push(`count set to ${n}`);
    Entity.#count = n;
  }
}
const Timed = (Base) =>
  class Timed extends Base {
    static clock = 100;
    at = Timed.clock++;
    touch() {
      this.at = Timed.clock++;
      return super.touch?.() ?? this.at;
    }
  };
const Tagged = (Base, ...tags) => {
  const key = Symbol('tags');
  return class extends Base {
    [key] = new Set(tags);
    tag(...more) {
      for (const t of more) this[key].add(t);
      return this;
    }
    get tags() {
      return [...this[key], ...(super.tags ?? [])];
    }
  };
};
const Person = Entity.register(
  class Person extends Tagged(Timed(Entity), 'person') {
    static kind = 'person';
    first;
    last = 'Doe';
    #age = 0;
    init({ first = 'J', age = 1 }) {
      this.pending = [first, age];
      log.push(`init ${'first' in this}`);
    }
    constructor(data) {
      super(data);
      [this.first, this.age] = this.pending;
      delete this.pending;
    }
    get full() {
      return `${this.first} ${this.last}`;
    }
    set full(v) {
      [this.first, this.last = 'Doe'] = v.split(' ');
    }
    get age() {
      return this.#age;
    }
    set age(v) {
      if (!(v >= 0)) throw new RangeError(`age ${v}`);
      this.#age = Math.trunc(v);
    }
    static compare(a, b) {
      return a.#age - b.#age || Intl.Collator('en').compare(a.full, b.full);
    }
    birthday() {
      this.#age++;
      ++this.age;
      this.age **= 1;
      return this.#age;
    }
  },
);
const Boss = Entity.register(
  class extends Tagged(Person, 'boss') {
    static kind = 'boss';
    #reports = [];
    accessor;
    get full() {
      return `Dr. ${super.full}`;
    }
    set full(v) {
      super.full = v.toUpperCase();
    }
    hire(...people) {
      for (const p of people) {
        if (!Entity.is(p)) throw new TypeError(`not an entity: ${Object.prototype.toString.call(p)}`);
        this.#reports.push(p);
      }
      return this.#reports.length;
    }
    *[Symbol.iterator]() {
      yield this;
      for (const p of this.#reports)
        if (p !== this && Symbol.iterator in p) yield* p;
        else yield p;
    }
    static [Symbol.hasInstance](x) {
      return Entity.is(x) && x.tags?.includes('boss');
    }
  },
);
const a = new Person({ first: 'Ann', age: 30.7 }),
  b = new Boss({ first: 'Bo', age: 55 }),
  c = new Boss({ first: 'Cy' });
b.hire(a, c);
c.hire(new Person());
c.full = 'cyrus smith';
a.full = 'Annie';
a.tag('x', 'y').touch();
log.push(
  a.full,
  b.full,
  c.full,
  a.tags.join(),
  b.tags.join(),
  [...b].map((p) => p.full).join('|'),
  `${a}`,
  +b,
  a instanceof Boss,
  c instanceof Boss,
  String(Object.prototype.toString.call(c)),
);
for (const bad of [
  () => b.hire({}),
  () => (a.age = -1),
  () => a.freeze().update({ first: 'Z' }),
  () => {
    'use strict';
    b.unknown = 1;
  },
  () => Person.compare(a, {}),
  () => Entity.prototype.update.call({}),
  () =>
    new (class extends Entity {
      constructor() {
        this.x = 1;
      }
    })(),
])
  try {
    bad();
    log.push('fine');
  } catch (e) {
    log.push(`${e.name}: ${e.message}`);
  }
log.push(
  a.birthday(),
  [a, b, c]
    .sort(Person.compare)
    .map((p) => p.id)
    .join(),
  Entity.count,
  (Entity.count += 10),
  [...Entity.registry].length,
  Object.keys(Entity.kinds).join(),
);
class Vec extends Array {
  static get [Symbol.species]() {
    return Array;
  }
  constructor(...xs) {
    super();
    for (const x of xs) this.push(x);
  }
  get norm() {
    return Math.hypot(...this);
  }
  set norm(n) {
    const k = n / this.norm;
    this.forEach((x, i) => (this[i] = x * k));
  }
  map(fn) {
    return Vec.of(...super.map(fn));
  }
  static of(...xs) {
    return new this(...xs);
  }
}
const v = new Vec(3, 4);
v.norm = 10;
const w = v.map((x) => x + 1);
log.push(v.join(), w.constructor.name, w.filter(Boolean).constructor.name, w.norm.toFixed(3), v.length);
const proto = {
  greet() {
    return `hi ${this.name}`;
  },
  get shout() {
    return this.greet().toUpperCase();
  },
};
const derived = {
  __proto__: proto,
  name: 'd',
  greet() {
    return `${super.greet()}!`;
  },
  get shout() {
    return super.shout + '?';
  },
  set shout(v) {
    this.name = v;
  },
  async *['gen' + 1]() {
    yield super.greet();
  },
};
derived.shout = 'dd';
log.push(derived.greet(), derived.shout);
const { shout, ...rest } = derived;
log.push(shout, Object.keys(rest).join());
const o = {
  n: 1,
  get v() {
    return this.n;
  },
  set v(x) {
    this.n = x;
  },
};
o.v += 2;
o.v++;
o.v ||= 9;
o.v &&= o.v * 2;
o.w ??= o.v--;
log.push(o.n, o.w);
({ n: o.v, m: [o.x, ...o.rest] = [1, 2, 3] } = { n: 40 });
log.push(JSON.stringify(o));
(async () => {
  for await (const x of derived.gen1()) log.push(x);
  console.log(log.join('\n'));
})();
