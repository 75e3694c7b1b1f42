'use strict';
// Object and array literals of every form, where their values go at once and where they are changed afterwards.
const log = [];
const key = 'computed';
const symbol = Symbol('own');

function shapes(a, b) {
  const plain = { a, b };
  const nested = { list: [a, [b, { deep: [a] }]], more: { a: { b: { c: b } } } };
  const indexed = { 2: 'two', 1: 'one', name: 'x', 10: a };
  const twice = { a: 1, a: b };
  const quoted = { 'a b': 1, '': 2, '__x': 3 };
  const calculated = { [key]: a, [symbol]: b, plain: 1 };
  const spread = { ...plain, b: 'after', ...[a, b] };
  const inherited = { __proto__: plain, own: 1 };
  const ownProto = { ['__proto__']: 1 };
  const __proto__ = 7;
  const shorthandProto = { __proto__ };
  const accessors = {
    get x() {
      return a;
    },
    set x(value) {
      log.push(value);
    },
    y: b,
  };
  const methods = {
    method() {
      return this === methods;
    },
    async later() {},
    *steps() {
      yield a;
    },
    arrow: () => a,
  };
  const empty = {};
  const none = [];
  const holes = [, a, , b];
  const listed = [...none, a, ...holes, ...'xy'];
  const negative = [-0, 0, NaN, 1n, null, undefined, true, 2 ** 40, 0.5];
  return [plain, nested, indexed, twice, quoted, calculated, spread, inherited, ownProto, shorthandProto, accessors, methods, empty, none, holes, listed, negative];
}

function changedAtOnce() {
  const made = [];
  made.push(Object.freeze({ a: 1, list: [1, 2] }));
  made.push(Object.assign({ a: 1 }, { b: [2] }));
  made.push(Object.defineProperty({ a: 1 }, 'a', { enumerable: false }));
  made.push(Object.setPrototypeOf({ a: 1 }, null));
  made.push(((object) => (delete object.a, object))({ a: 1, b: 2 }));
  made.push([3, 1, 2].sort());
  made.push([1, 2, 3].map((n) => ({ n })).filter(({ n }) => n > 1));
  made.push(new Map([['a', { a: [1] }], ['b', []]]));
  made.push(Object.seal([1, 2]));
  const list = [1];
  list.name = 'named';
  list[4] = { five: 5 };
  made.push(list);
  return made;
}

function Old(name) {
  this.name = name;
  this.parts = [{ name }];
}
Old.prototype = {
  constructor: Old,
  greet() {
    return { greeting: `I am ${this.name}` };
  },
};

class Fresh {
  field = { a: [] };
  static shared = { count: 0, all: [] };
  constructor(options = { size: 1, tags: ['none'] }) {
    Fresh.shared.count += 1;
    Fresh.shared.all = [...Fresh.shared.all, { options }];
    Object.assign(this, { options });
  }
}

function defaults({ a = { x: 1 }, b = [1, { y: a }] } = {}, ...rest) {
  let [c = { z: b }, [d] = [{ w: c }]] = rest;
  ({ c = { again: 1 }, d } = { d });
  for (const item of [{ i: 1 }, { i: 2 }]) log.push({ item });
  for (const k in { p: 1, q: 2 }) log.push([k]);
  return { a, b, c, d };
}

function* generated() {
  const got = yield { first: [1] };
  yield [{ got }];
  return { done: true };
}

async function awaited(n) {
  const values = await Promise.all([{ n }, [n]].map(async (value) => ({ value, then: await [n] })));
  return { values, last: { n, at: (await { n }).n } };
}

function thrown() {
  try {
    throw { code: 1, details: [{ reason: 'none' }] };
  } catch ({ code, details }) {
    return { code, details };
  }
}

const results = {
  shapes: shapes('a', { b: 'b' }),
  changed: changedAtOnce(),
  old: new Old('old').greet(),
  fresh: [new Fresh(), new Fresh({ size: 2 })],
  defaults: defaults({ b: undefined }, undefined),
  generated: [],
  thrown: thrown(),
};
const steps = generated();
results.generated.push(steps.next(), steps.next({ sent: [] }), steps.next());

// for..in goes up the chain
Object.prototype.everywhere = { yes: true };
const under = { a: 1, b: { c: [2] } };
const none = {};
delete Object.prototype.everywhere;

const other = require('node:vm').runInNewContext('({ list: [1, { a: 1 }] })');

awaited(3).then((last) => {
  log.push({ last });
  console.log(Object.keys(results).length, under.a, Object.keys(none).length, other.list.length, log.length);
});
