// `using`, await using, disposable stacks, async iterators with cleanup, iterator helpers, Promise.try and withResolvers, Set algebra, array by copy (Node 24)
const log = [];
class Res {
  static open = 0;
  constructor(name, fail) {
    this.name = name;
    this.fail = fail;
    Res.open++;
    log.push(`+${name}`);
  }
  [Symbol.dispose]() {
    Res.open--;
    log.push(`-${this.name}`);
    if (this.fail) throw new Error(`dispose ${this.name}`);
  }
  async [Symbol.asyncDispose]() {
    await null;
    Res.open--;
    log.push(`~${this.name}`);
    if (this.fail) throw new Error(`async ${this.name}`);
  }
}
function work(n) {
  using a = new Res('a');
  using none = null;
  for (using r of [new Res('l1'), new Res('l2', n === 2)]) {
    if (n === 1 && r.name === 'l2') return `${r.name} early`;
    log.push(r.name);
  }
  {
    using c = new Res('c', n === 3);
    if (n === 3) throw new Error('body');
  }
  return a.name;
}
for (const n of [0, 1, 2, 3])
  try {
    log.push(work(n));
  } catch (e) {
    log.push(e.name, e.error?.message ?? e.message, e.suppressed?.message);
  }
log.push(Res.open);
async function later() {
  await using x = new Res('x');
  await using y = {
    async [Symbol.asyncDispose]() {
      log.push(`y sees ${Res.open}`);
    },
  };
  using z = new Res('z');
  await null;
  return [x, z].map((r) => r.name).join();
}
log.push(await later(), Res.open);
const stack = new DisposableStack();
const used = stack.use(new Res('s'));
stack.adopt({ v: 1 }, ({ v }) => log.push(`adopted ${v}`));
stack.defer(() => log.push('deferred'));
const moved = stack.move();
log.push(stack.disposed, moved.disposed, used.name);
moved.dispose();
try {
  moved.use(used);
} catch (e) {
  log.push(e.name);
}
await using as = new AsyncDisposableStack();
as.use(new Res('as'));
as.defer(async () => {
  await null;
  console.log(log);
});
function* nat() {
  try {
    for (let i = 1; ; i++) yield i;
  } finally {
    log.push('nat closed');
  }
}
log.push(
  nat()
    .filter((x) => x % 2)
    .map((x) => x ** 2)
    .drop(1)
    .take(3)
    .toArray(),
  nat()
    .flatMap((x) => [x, -x])
    .some((x) => x === -3),
  Iterator.from({
    next() {
      return { done: this.n > 2, value: (this.n = (this.n ?? 0) + 1) };
    },
  }).reduce((a, b) => a + b),
  [...new Set([1, 2, 3]).union(new Set([3, 4])).difference(new Set([1]))],
  new Set([1]).isSubsetOf(new Set([1, 2])),
  [3, 1, 2].toSorted().with(0, 9).toSpliced(1, 1, 'x', 'y').toReversed(),
);
const { promise, resolve, reject } = Promise.withResolvers();
Promise.try((x) => {
  if (x > 1) throw new RangeError('try');
  return x;
}, 2).then(resolve, (e) => resolve(e.message));
log.push(await promise, await Promise.try(() => 5));
const groups = Map.groupBy([1.5, 2.5, 1.7, 3], Math.floor);
log.push([...groups].map(([k, v]) => `${k}:${v}`));
const ds = await Array.fromAsync(
  (async function* () {
    yield 1;
    yield Promise.resolve(2);
  })(),
  async (x) => x * 2,
);
log.push(
  ds,
  Object.hasOwn({ a: 1 }, 'a'),
  structuredClone(new Map([[1, { a: [1n] }]])),
  new Error('x', { cause: log.length }).cause,
  [1, 2, 3].findLast((x) => x < 3),
  'a-b-c'.replaceAll('-', '+').at(-1),
  RegExp.escape?.('a.b'),
  Error.isError?.(new TypeError()),
);
async function* ticker(n) {
  let i = 0;
  try {
    while (i < n) {
      yield i++;
      await null;
    }
    return 'end';
  } finally {
    log.push(`ticker ${i}`);
  }
}
for await (const t of ticker(5)) {
  if (t === 1) continue;
  if (t > 2) break;
  log.push(t);
}
const it = ticker(2);
log.push(await Promise.all([it.next(), it.next(), it.return('r'), it.next()]));
