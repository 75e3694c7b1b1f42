// typed arrays, views and bit tricks; labelled jumps; iterator protocols; sparse arrays; sorting; Symbol.dispose by hand; closures in loops; getters in destructuring; comma and void oddities
const log = [];
const buf = new ArrayBuffer(32);
const f64 = new Float64Array(buf, 8, 2),
  u8 = new Uint8Array(buf),
  i16 = new Int16Array(buf, 2, 3),
  dv = new DataView(buf, 4),
  clamped = new Uint8ClampedArray(4);
f64.set([Math.PI, -0]);
dv.setUint16(0, 0xbeef, true);
dv.setBigInt64(20, -5n);
i16.fill(-2, 1);
clamped.set([300, -4, 1.5, NaN]);
u8.copyWithin(0, 8, 12);
log.push(
  [...u8].join(),
  [...f64].map((x) => Object.is(x, -0)),
  [...clamped],
  dv.getInt16(0),
  dv.getUint32(18),
  i16.toString(),
);
class Heap {
  #a;
  #n = 0;
  constructor(by, size = 4) {
    this.by = by;
    this.#a = new Float32Array(size);
  }
  push(x) {
    if (this.#n === this.#a.length) {
      const bigger = new Float32Array(this.#n * 2);
      bigger.set(this.#a);
      this.#a = bigger;
    }
    let i = this.#n++;
    for (this.#a[i] = x; i > 0;) {
      const p = (i - 1) >> 1;
      if (this.by(this.#a[p], this.#a[i]) <= 0) break;
      [this.#a[p], this.#a[i]] = [this.#a[i], this.#a[p]];
      i = p;
    }
    return this;
  }
  pop() {
    if (this.#n === 0) return undefined;
    const top = this.#a[0];
    this.#a[0] = this.#a[--this.#n];
    sift: for (let i = 0; ;) {
      let least = i;
      for (const c of [2 * i + 1, 2 * i + 2]) {
        if (c >= this.#n) continue;
        if (this.by(this.#a[c], this.#a[least]) < 0) least = c;
      }
      if (least === i) break sift;
      const t = this.#a[i];
      this.#a[i] = this.#a[least];
      this.#a[least] = t;
      i = least;
    }
    return top;
  }
  *[Symbol.iterator]() {
    let x;
    while ((x = this.pop()) !== undefined) yield x;
  }
  get capacity() {
    return this.#a.length;
  }
}
const heap = new Heap((a, b) => a - b);
for (const x of [5, 3.5, 9, -1, 2, 2, 7]) heap.push(x);
log.push([...heap], heap.capacity);
const grid = ['#########', '#S..#...#', '#.#.#.#.#', '#.#...#E#', '#########'];
const find = (ch) => {
  for (const [y, row] of grid.entries()) for (let x = 0; x < row.length; x++) if (row[x] === ch) return [x, y];
};
function bfs([sx, sy], goal) {
  const w = grid[0].length,
    dist = new Int8Array(w * grid.length).fill(-1),
    q = [[sx, sy]];
  dist[sy * w + sx] = 0;
  search: while (q.length) {
    const [x, y] = q.shift();
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ]) {
      const nx = x + dx,
        ny = y + dy,
        at = ny * w + nx;
      if (grid[ny]?.[nx] === '#' || dist[at] >= 0) continue;
      dist[at] = dist[y * w + x] + 1;
      if (nx === goal[0] && ny === goal[1]) break search;
      q.push([nx, ny]);
    }
  }
  return dist;
}
const dist = bfs(find('S'), find('E'));
log.push(Math.max(...dist), dist.subarray(9, 18).join());
const sparse = [1, , 3];
sparse[6] = 7;
sparse.x = 'own';
delete sparse[0];
log.push(
  sparse.length,
  0 in sparse,
  sparse.findIndex((x) => x === undefined),
  sparse.flat(),
  Object.keys(sparse),
  sparse.map((x) => x * 2),
  JSON.stringify(sparse),
  sparse.indexOf(undefined),
  sparse.includes(undefined),
);
sparse.length = 2;
sparse.push(...new Array(2));
log.push(sparse);
const people = [{ n: 'b', a: 2 }, { n: 'a', a: 2 }, { n: 'c', a: 1 }, undefined, { n: 'd', a: 2 }];
const cmp = [];
const sorted = people.sort((p, q) => {
  cmp.push(p.n + q.n);
  return p.a - q.a;
});
log.push(
  sorted.map((p) => p?.n),
  cmp.length,
  sorted === people,
  [10, 9, 1].sort(),
  ['b', undefined, 'a'].sort(),
  Object.groupBy?.(people.filter(Boolean), ({ a }) => (a > 1 ? 'many' : 'one')),
);
let effects = [];
const src = {
  get a() {
    effects.push('a');
    return undefined;
  },
  get b() {
    effects.push('b');
    return {
      get c() {
        effects.push('c');
        return [1, 2, 3];
      },
    };
  },
  [Symbol('s')]: 1,
  z: 26,
};
const {
  a = (effects.push('da'), 5),
  b: {
    c: [, second = 9, ...tail],
    d = second + a,
    ...noMore
  },
  ['z']: zed,
  ...others
} = src;
log.push(a, second, tail, d, noMore, zed, Reflect.ownKeys(others).length, effects);
const fns = [];
for (let i = 0, inc = () => i++; i < 3; inc(), i++) fns.push(() => [i, inc]);
for (var j = 0; j < 2; j++) fns.push(() => j);
for (const k in { x: 1, y: 2 }) fns.push(() => k);
log.push(fns.map((f) => [f()].flat()[0]));
(() => {
  try {
    fns.push(missing);
  } catch (e) {
    log.push(e.message);
  }
})();
log.push(
  ((x, y = () => x, z = (x = 3)) => {
    var x = 10;
    return [x, y(), z];
  })(1),
  (function f() {
    f = 1;
    return typeof f;
  })(),
  void 0 ?? (1, 2),
  [...'ab'].entries().next().value,
  ((...args) => args.length)(...[1, , 2], ...'xy'),
  (() => ({}).x?.y.z.w ?? 'none')(),
  -(2 ** -1),
  7 % -3,
  -7 % 3,
  1 / -0,
  5 >>> 1,
  -5 >>> 28,
  ~~-3.7,
  '5' * '2' + '1',
  [] + {},
  null ?? (undefined || 0) ?? 1,
);
class Scope {
  #stack = [];
  open(name) {
    const r = { name, [Symbol.for('dispose')]: () => log.push(`close ${name}`) };
    this.#stack.push(r);
    return r;
  }
  run(fn) {
    const errors = [];
    let result;
    try {
      result = fn(this);
    } catch (e) {
      errors.push(e);
    }
    while (this.#stack.length) {
      try {
        this.#stack.pop()[Symbol.for('dispose')]();
      } catch (e) {
        errors.push(e);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, 'many');
    if (errors.length) throw errors[0];
    return result;
  }
}
try {
  new Scope().run((s) => {
    s.open('a');
    s.open('b')[Symbol.for('dispose')] = () => {
      throw new Error('in close');
    };
    throw new Error('in body');
  });
} catch (e) {
  log.push(
    e.message,
    e.errors.map((x) => x.message),
  );
}
const weird = {
  *[Symbol.iterator]() {
    try {
      yield* [1, 2];
    } finally {
      log.push('closed');
    }
  },
};
const [first] = weird;
for (const x of weird) {
  if (x === 1) continue;
  break;
}
outer: for (const x of weird)
  for (const y of weird) {
    if (x === y) continue outer;
    if (x + y > 2) break outer;
  }
log.push(
  first,
  Array.from(weird, (x, i) => x * i),
  Math.max(...weird),
  new Map([[...weird]]).get(1),
  Object.fromEntries([['k', [...weird]]]),
);
switch (log.length % 3) {
  case 0: {
    log.push('zero');
  }
  case 1:
    log.push('one');
    break;
  default:
    log.push('other');
  case 7:
    log.push('seven');
}
do {
  var once = (once ?? 0) + 1;
  if (once === 2) continue;
} while (once < 4);
log.push(once);
console.dir(log, { depth: 3 });
