'use strict';
// an undo/redo editor with command objects, a scheduler with priorities, memoised selectors, and a failing tail
class Command {
  static #next = 1;
  id = Command.#next++;
  constructor(run, undo) {
    ({ run: this.run = run, undo: this.undo = undo } = { run, undo });
  }
}
class History {
  #done = [];
  #undone = [];
  exec(c, ...args) {
    const result = c.run(...args);
    this.#done.push([c, args]);
    this.#undone.length = 0;
    return result;
  }
  undo(times = 1) {
    for (; times-- > 0 && this.#done.length; ) {
      const [c, args] = this.#done.pop();
      c.undo(...args);
      this.#undone.unshift([c, args]);
    }
    return this;
  }
  redo() {
    const [entry, ...left] = this.#undone;
    if (!entry) return false;
    this.#undone = left;
    this.#done.push(entry);
    entry[0].run(...entry[1]);
    return true;
  }
  get sizes() {
    return [this.#done.length, this.#undone.length];
  }
}
const doc = { lines: ['a', 'b'], marks: new Map() };
const insert = new Command(
  (at, text) => doc.lines.splice(at, 0, ...text.split('\n')),
  (at, text) => doc.lines.splice(at, text.split('\n').length),
);
const swap = new Command((i, j) => ([doc.lines[i], doc.lines[j]] = [doc.lines[j], doc.lines[i]]), (i, j) => swap.run(j, i));
const mark = new Command((k, v = doc.lines.length) => doc.marks.set(k, { v, old: doc.marks.get(k) }), (k) => {
  const { old } = doc.marks.get(k);
  old === undefined ? doc.marks.delete(k) : doc.marks.set(k, old);
});
const h = new History();
h.exec(insert, 1, 'x\ny');
h.exec(swap, 0, 3);
h.exec(mark, 'm');
h.exec(mark, 'm', -1);
h.undo(2);
while (h.redo());
h.undo(3).exec(insert, 0, 'z');
function memo(f, { key = JSON.stringify, limit = 2 } = {}) {
  const cache = new Map();
  let hits = 0;
  const g = function (...args) {
    const k = key(args);
    if (cache.has(k)) {
      hits++;
      const v = cache.get(k);
      cache.delete(k);
      cache.set(k, v);
      return v;
    }
    const v = Reflect.apply(f, this, args);
    cache.set(k, v);
    if (cache.size > limit) cache.delete(cache.keys().next().value);
    return v;
  };
  return Object.defineProperties(g, { hits: { get: () => hits }, cache: { value: cache } });
}
const fib = memo((n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)), { limit: 3 });
const f30 = fib(30);
const heap = [];
const less = (a, b) => a.p - b.p || a.seq - b.seq;
function push(item) {
  let i = heap.push(item) - 1;
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (less(heap[up], heap[i]) <= 0) break;
    [heap[up], heap[i]] = [heap[i], heap[up]];
    i = up;
  }
}
function pop() {
  const [top] = heap;
  const last = heap.pop();
  if (heap.length > 0) {
    heap[0] = last;
    for (let i = 0; ; ) {
      let m = i;
      for (const k of [2 * i + 1, 2 * i + 2]) if (k < heap.length && less(heap[k], heap[m]) < 0) m = k;
      if (m === i) break;
      [heap[m], heap[i]] = [heap[i], heap[m]];
      i = m;
    }
  }
  return top;
}
let seq = 0;
for (const p of [5, 1, 4, 1, 3]) push({ p, seq: seq++ });
const order = [];
while (heap.length) order.push(pop());
var hoisted = typeof later;
function later() {
  return later.caller === undefined;
}
const obj = { 'a-b': 1, get ['c' + 1]() { return delete this['a-b'], Object.keys(this); }, __proto__: { base() { return super.toString(); } } };
const c1 = obj.c1;
let { length: n, [n - 1]: lastItem } = order;
const counts = order.reduce((acc, { p }) => ({ ...acc, [p]: -~acc[p] }), Object.create(null));
let x = (n, (n += 2), n++);
x = x > 3 ? (x &&= x - 1) : (x ??= 0);
const fn = new Function('a', 'b = 2', 'return a ** b');
const cubes = [1, 2].flatMap((v) => [fn(v), fn(v, 3)]);
try {
  try {
    throw new SyntaxError('inner');
  } finally {
    h.undo(9);
  }
} catch ({ name, message, constructor: { name: ctor } }) {
  order.push({ name, message, ctor });
}
console.log(doc, h.sizes, f30, fib.hits, [...fib.cache], order.length, hoisted, c1, obj.base(), lastItem, counts, x, cubes);
const deep = { a: { b: null } };
deep.a.b.c = new Error('never', { cause: deep });
