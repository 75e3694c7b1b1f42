/** Code that hands a value on, with the lines on which it does so. */
import type { Random } from '../support/random.ts';

/** Lines of functions that every program has. */
export interface Pool {
  readonly return: number;
  readonly asyncReturn: number;
  readonly yield: number;
  readonly set: number;
  readonly get: number;
  readonly rest: number;
  readonly restHead: number;
  readonly fallback: number;
  readonly superSet: number;
  readonly superCall: number;
  readonly getter: number;
  readonly recursion: number;
  readonly recursionEnd: number;
  readonly curried: number;
  readonly finallyReturn: number;
  readonly pairReturn: number;
  readonly changed: number;
  readonly changedReturn: number;
  readonly patternReturn: number;
}

export class Writer {
  readonly lines: string[] = [];
  private names = 0;

  constructor(readonly random: Random) {}

  /** Its number, from 1. */
  line(text: string): number {
    return this.lines.push(text);
  }

  name(prefix = 'v'): string {
    return `${prefix}${++this.names}`;
  }
}

/** Writes code that hands the value in a variable on to another; gives that variable and the lines, the latest first. */
type Construct = (w: Writer, from: string, pool: Pool) => readonly [string, ...number[]];

export const CONSTRUCTS: Readonly<Record<string, Construct>> = {
  copy(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = ${from};`)];
  },
  assignment(w, from) {
    const to = w.name();
    w.line(`let ${to};`);
    return [to, w.line(`${to} = ${from};`)];
  },
  operation(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = ${from} + 1;`)];
  },
  conditional(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = ${from} === -1 ? 0 : ${from};`)];
  },
  logical(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = null ?? (0 || ${from});`)];
  },
  call(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = same(${from});`);
    return [to, at, pool.return, at];
  },
  nestedCalls(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = [same(0), same(same(${from})), same(1)][1];`);
    return [to, at, pool.return, at, pool.return, at];
  },
  restArguments(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = second(...[0, ${from}], 3);`);
    return [to, at, pool.rest, pool.restHead, at];
  },
  fallback(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = orElse(undefined, ${from});`);
    return [to, at, pool.fallback, at];
  },
  closure(w, from) {
    const to = w.name();
    const fn = w.name('f');
    const made = w.line(`const ${fn} = () => ${from};`);
    return [to, w.line(`const ${to} = ${fn}();`), made];
  },
  literal(w, from) {
    const to = w.name();
    const object = w.name('o');
    const made = w.line(`const ${object} = { z: 0, deep: { k: ${from} } };`);
    return [to, w.line(`const ${to} = ${object}.deep.k;`), made];
  },
  property(w, from) {
    const to = w.name();
    const object = w.name('o');
    w.line(`const ${object} = { k: 0 };`);
    const set = w.line(`${object}.k = ${from};`);
    w.line(`${object}.z = 5;`);
    return [to, w.line(`const ${to} = ${object}['k'];`), set];
  },
  spread(w, from) {
    const to = w.name();
    const object = w.name('o');
    const made = w.line(`const ${object} = { k: ${from} };`);
    const copy = w.line(`const c${object} = { a: 1, ...${object}, z: 2 };`);
    return [to, w.line(`const ${to} = c${object}.k;`), copy, made];
  },
  destructuring(w, from) {
    const to = w.name();
    const object = w.name('o');
    const made = w.line(`const ${object} = { list: [0, ${from}] };`);
    return [to, w.line(`const { list: [, ${to} = 7] } = ${object};`), made];
  },
  swap(w, from) {
    const to = w.name();
    const other = w.name();
    const first = w.line(`let ${to} = 0, ${other} = ${from};`);
    return [to, w.line(`[${to}, ${other}] = [${other}, ${to}];`), first];
  },
  instance(w, from, pool) {
    const to = w.name();
    const box = w.name('b');
    const made = w.line(`const ${box} = new Box(${from});`);
    return [to, w.line(`const ${to} = ${box}.get();`), pool.get, pool.set, made];
  },
  push(w, from) {
    const to = w.name();
    const list = w.name('l');
    w.line(`const ${list} = [];`);
    const put = w.line(`${list}.push(0, ${from});`);
    w.line(`${list}.push(9);`);
    return [to, w.line(`const ${to} = ${list}[1];`), put];
  },
  pop(w, from) {
    const to = w.name();
    const list = w.name('l');
    const made = w.line(`const ${list} = [0, ${from}];`);
    return [to, w.line(`const ${to} = ${list}.pop();`), made];
  },
  concat(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = [0].concat([1, ${from}]).slice(2)[0];`)];
  },
  map(w, from) {
    const to = w.name();
    const list = w.name('l');
    const at = w.line(`const ${list} = [0, ${from}].map((n) => {`);
    const inner = w.line('  return n;');
    w.line('});');
    return [to, w.line(`const ${to} = ${list}[1];`), at, inner, at];
  },
  filter(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = [-1, -2, ${from}].filter((n) => n > -1)[0];`)];
  },
  find(w, from) {
    const to = w.name();
    const list = w.name('l');
    const made = w.line(`const ${list} = [{ id: 1, k: 0 }, { id: 2, k: ${from} }];`);
    w.line(`const e${list} = ${list}.find((each) => each.id === 2);`);
    return [to, w.line(`const ${to} = e${list}.k;`), made];
  },
  reduce(w, from) {
    const to = w.name();
    const at = w.line(`const ${to} = [0, ${from}].reduce((last, n) => {`);
    const inner = w.line('  return n;');
    w.line('}, 0);');
    return [to, at, inner, at];
  },
  mapEntry(w, from) {
    const to = w.name();
    const map = w.name('m');
    w.line(`const ${map} = new Map([['z', 0]]);`);
    const set = w.line(`${map}.set('k', ${from});`);
    w.line(`${map}.set('y', 3);`);
    return [to, w.line(`const ${to} = ${map}.get('k');`), set];
  },
  entries(w, from) {
    const to = w.name();
    w.line(`let ${to};`);
    return [
      to,
      w.line(`for (const [key, value] of Object.entries({ a: 0, k: ${from} })) if (key === 'k') ${to} = value;`),
    ];
  },
  loop(w, from) {
    const to = w.name();
    w.line(`let ${to};`);
    return [to, w.line(`for (const each of [0, ${from}]) ${to} = each;`)];
  },
  generator(w, from, pool) {
    const to = w.name();
    w.line(`let ${to};`);
    const at = w.line(`for (const each of each1(${from})) ${to} = each;`);
    return [to, at, pool.yield, at];
  },
  json(w, from) {
    const to = w.name();
    const text = w.name('t');
    const out = w.line(`const ${text} = JSON.stringify({ k: [${from}] });`);
    return [to, w.line(`const ${to} = JSON.parse(${text}).k[0];`), out];
  },
  assign(w, from) {
    const to = w.name();
    const object = w.name('o');
    w.line(`const ${object} = { z: 0 };`);
    const put = w.line(`Object.assign(${object}, { k: ${from} });`);
    return [to, w.line(`const ${to} = ${object}.k;`), put];
  },
  caught(w, from) {
    const to = w.name();
    w.line(`let ${to};`);
    const thrown = w.line(`try { fail({ k: ${from} });`);
    return [to, w.line(`} catch (error) { ${to} = error.k; }`), thrown];
  },
  derived(w, from, pool) {
    const to = w.name();
    const made = w.name('d');
    const at = w.line(`const ${made} = new Derived(${from});`);
    return [to, w.line(`const ${to} = ${made}.value;`), pool.getter, pool.superSet, pool.superCall, at];
  },
  recursion(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = down(2, ${from});`);
    return [to, at, pool.recursion, pool.recursionEnd, pool.recursion, at];
  },
  curried(w, from, pool) {
    const to = w.name();
    const fn = w.name('f');
    const made = w.line(`const ${fn} = curry(${from});`);
    w.line('curry(0)(1);');
    return [to, w.line(`const ${to} = ${fn}(4);`), pool.curried, made];
  },
  guarded(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = guarded(${from});`);
    return [to, at, pool.finallyReturn, at];
  },
  pair(w, from, pool) {
    const to = w.name();
    const at = w.line(`const { second: [${to}] } = pair(${from});`);
    return [to, at, pool.pairReturn, at];
  },
  changed(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = change(${from});`);
    return [to, at, pool.changedReturn, pool.changed, at];
  },
  picked(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = pick({ a: { b: ${from} } });`);
    return [to, at, pool.patternReturn, at];
  },
  optional(w, from) {
    const to = w.name();
    const object = w.name('o');
    const made = w.line(`const ${object} = { a: { b: ${from} } };`);
    return [to, w.line(`const ${to} = ${object}?.a?.b ?? ${object}.none?.x;`), made];
  },
  whileLoop(w, from) {
    const to = w.name();
    const i = w.name('i');
    const first = w.line(`let ${to} = ${from}, ${i} = 0;`);
    w.line(`while (${i} < 3) {`);
    w.line(`  ${i}++;`);
    w.line('}');
    return [to, first];
  },
  accumulated(w, from) {
    const to = w.name();
    const first = w.line(`let ${to} = ${from};`);
    w.line('for (let i = 0; i < 1; i++) {');
    const add = w.line(`  ${to} += 1;`);
    w.line('}');
    return [to, add, first];
  },
  switched(w, from) {
    const to = w.name();
    w.line(`let ${to};`);
    w.line(`switch (${from} > 0) {`);
    w.line('  case true:');
    const set = w.line(`    ${to} = ${from};`);
    w.line('    break;');
    w.line(`  default: ${to} = 0;`);
    w.line('}');
    return [to, set];
  },
  arrayFrom(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = Array.from([0, ${from}], (n) => n)[1];`)];
  },
  flat(w, from) {
    const to = w.name();
    return [to, w.line(`const [, ${to}] = [[0], [${from}]].flat();`)];
  },
  spreadMap(w, from) {
    const to = w.name();
    const map = w.name('m');
    const made = w.line(`const ${map} = new Map([['a', 0], ['k', ${from}]]);`);
    return [to, w.line(`const ${to} = [...${map}.values()][1];`), made];
  },
  setElement(w, from) {
    const to = w.name();
    const set = w.name('s');
    const made = w.line(`const ${set} = new Set().add(0).add(${from});`);
    w.line(`let ${to};`);
    return [to, w.line(`for (const each of ${set}) ${to} = each;`), made];
  },
  forEach(w, from) {
    const to = w.name();
    w.line(`let ${to};`);
    const at = w.line(`[0, ${from}].forEach((n) => {`);
    const set = w.line(`  ${to} = n;`);
    w.line('});');
    return [to, set, at];
  },
  bound(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = same.call(null, ${from});`);
    return [to, at, pool.return, at];
  },
  fromEntries(w, from) {
    const to = w.name();
    const object = w.name('o');
    const made = w.line(`const ${object} = Object.fromEntries([['a', 0], ['k', ${from}]]);`);
    return [to, w.line(`const ${to} = ${object}.k;`), made];
  },
  sorted(w, from) {
    const to = w.name();
    const list = w.name('l');
    const made = w.line(`const ${list} = [{ n: 2, k: 0 }, { n: 1, k: ${from} }];`);
    w.line(`${list}.sort((a, b) => a.n - b.n);`);
    return [to, w.line(`const ${to} = ${list}[0].k;`), made];
  },
  parallel(w, from) {
    const to = w.name();
    const box = w.name('o');
    w.line(`const ${box} = {};`);
    const at = w.line(`await Promise.all([0, ${from}].map(async (n) => {`);
    w.line('  await null;');
    const set = w.line(`  ${box}['k' + (n ? 1 : 0)] = n;`);
    w.line('}));');
    return [to, w.line(`const ${to} = ${box}.k1;`), set, at];
  },
  forAwait(w, from, pool) {
    const to = w.name();
    w.line(`let ${to};`);
    const at = w.line(`for await (const each of [0, later(${from})]) ${to} = each;`);
    return [to, at, pool.asyncReturn, at];
  },
  emitted(w, from) {
    const to = w.name();
    const box = w.name('o');
    w.line(`let ${to};`);
    w.line(`const ${box} = { handlers: [] };`);
    const on = w.line(`${box}.handlers.push((n) => { ${to} = n; });`);
    const emit = w.line(`${box}.handlers.forEach((each) => each(${from}));`);
    return [to, on, emit];
  },
  awaited(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = await later(${from});`);
    return [to, at, pool.asyncReturn, at];
  },
  keptPromise(w, from, pool) {
    const to = w.name();
    const promise = w.name('p');
    const made = w.line(`const ${promise} = later(${from});`);
    w.line('await null;');
    return [to, w.line(`const ${to} = await ${promise};`), made, pool.asyncReturn, made];
  },
  all(w, from, pool) {
    const to = w.name();
    const at = w.line(`const [, ${to}] = await Promise.all([later(0), later(${from})]);`);
    return [to, at, pool.asyncReturn, at];
  },
  resolved(w, from) {
    const to = w.name();
    return [to, w.line(`const ${to} = await new Promise((resolve) => setTimeout(() => resolve(${from}), 1));`)];
  },
  reaction(w, from, pool) {
    const to = w.name();
    const at = w.line(`const ${to} = await later(${from}).then((n) => n);`);
    return [to, at, pool.asyncReturn, at];
  },
};
