'use strict';
// Fields and defaults of parameters that count, assign and remember: variables, statics, private fields.
let nextId = 1;
let last;
var made = 0;
class Entity {
  static #count = 0;
  static most = 0;
  static get count() {
    return Entity.#count;
  }
  id = nextId++;
  #index = Entity.#count++;
  label = (last = `entity ${this.id}`);
  most = (Entity.most = Math.max(Entity.most, this.id));
  twice = (made += 2);
  get index() {
    return this.#index;
  }
}
class Named extends Entity {
  name = `${last}!`;
  order = --nextId + (nextId += 3);
  #seen = (this.id = nextId);
  constructor(name = (last = 'default'), { size = made++, by = (Named.by ??= size) } = {}) {
    super();
    this.size = size;
    this.by = by;
    if (name !== 'default') this.name = name;
  }
  get seen() {
    return this.#seen;
  }
}
class Counter {
  #n = 0;
  start = nextId;
  constructor(step = (nextId += 10)) {
    this.step = step;
  }
  next(by = this.#n++, twice = (this.#n += by)) {
    return [this.#n, twice];
  }
}
const all = [new Entity(), new Entity(), new Named(), new Named('given', { size: 1 })];
const after = nextId + made;
const counter = new Counter();
const steps = [counter.next(), counter.next(5), counter.next()];
function inner() {
  let local = 0;
  const take = (n = local++, m = (local *= 2)) => {
    const sum = n + m + local;
    return sum;
  };
  function again(value = (local -= 1), ...rest) {
    return [value, local, rest.length];
  }
  const taken = [take(), take(), take(7), again(), again(1, 2)];
  const doubled = local * 2;
  return { taken, doubled };
}
const first = inner();
const second = inner();
const remember = (value, old = last, now = (last = value)) => `${old} ${now}`;
const told = [remember('a'), remember('b')];
const total = nextId + Entity.count;
console.log(all.map((each) => [each.id, each.index, each.size]), after, steps, first, second, told, total, last, made, all[2].seen);
