// `yield*` over iterators whose results have getters: of their own, of a class, frozen, of a proxy, throwing, with setters
const log = [];
class Result {
  constructor(done, value) {
    this.state = { done, value };
  }
  get done() {
    log.push(`done of ${this.state.value}`);
    return this.state.done;
  }
  get value() {
    log.push(`value ${this.state.value}`);
    return this.state.value;
  }
  set value(to) {
    this.state.value = to;
  }
}
const own = (done, value) => ({
  before: 1,
  get done() {
    log.push(Object.keys(this).join());
    if (done === 'throws') throw new Error(`done throws for ${value}`);
    return done;
  },
  get value() {
    if (value === 'throws') throw new Error('value throws');
    log.push(Object.getOwnPropertyDescriptor(this, 'done')?.get?.name);
    return value;
  },
  after: 2,
});
const MAKERS = [
  (done, value) => new Result(done, value),
  own,
  (done, value) => Object.freeze(own(done, value)),
  (done, value) => Object.preventExtensions(new Result(done, value)),
  (done, value) => new Proxy(own(done, value), { get: (t, key, r) => (log.push(`get ${String(key)}`), Reflect.get(t, key, r)) }),
  (done, value) => Object.create(own(done, value)),
  (done, value) => ({ done, get value() { log.push(`only value ${value}`); return value; } }),
  (done, value) => ({ get done() { log.push('only done'); return done; }, value }),
];
function source(make, last = 'end') {
  let n = 0;
  const results = [];
  return {
    results,
    [Symbol.iterator]() {
      return this;
    },
    next(sent) {
      const result = n < 2 ? make(false, `${n++}${sent ?? ''}`) : make(true, last);
      results.push(result);
      return result;
    },
    return(value) {
      return make(true, `returned ${value}`);
    },
    throw(error) {
      return make(n++ > 1, `caught ${error.message}`);
    },
  };
}
function* outer(inner) {
  let got = 'none';
  try {
    got = yield* inner;
    log.push(`got ${got}`);
    return got;
  } catch (error) {
    log.push(`failed ${error.message}`);
    return error.message;
  } finally {
    yield `cleaned ${got}`;
  }
}
for (const [i, make] of MAKERS.entries()) {
  const inner = source(make);
  const all = outer(inner);
  const first = all.next('x');
  log.push(first === inner.results[0], first.value, first.done, Object.keys(first).join());
  log.push([...all].join(), Object.keys(inner.results.at(-1)).length);
  const thrown = outer(source(make));
  thrown.next();
  log.push(thrown.throw(new Error('t')).value, thrown.throw(new Error('u')).value);
  const left = outer(source(make));
  left.next();
  log.push(left.return(i).value, left.next().value);
  console.log(i, log.splice(0).join(' | '));
}
for (const [done, value] of [['throws', 1], [true, 'throws']]) {
  const it = outer(source((isLast) => own(isLast ? done : false, isLast ? value : 'fine')));
  console.log([it.next().value, it.next().value, it.next().value, it.next().value], log.splice(0));
}
function* nested(depth) {
  return depth > 0 ? `${yield* nested(depth - 1)}+${depth}` : yield* source(MAKERS[0], 'deep');
}
console.log([...nested(2)], log.splice(0).length);
async function* later() {
  return yield* source(MAKERS[0]);
}
(async () => {
  const values = [];
  for await (const value of later()) values.push(value);
  console.log(values, log.splice(0));
})();
