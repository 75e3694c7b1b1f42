/**
 * Programs that hand a value on through copies, calls, collections and asynchronous code. Who makes them knows on which
 * lines the value passed, the latest first.
 */
import { Random } from '../support/random.ts';
import { CONSTRUCTS, Writer, type Pool } from './generated-constructs.ts';

export interface Generated {
  readonly source: string;
  /** lines of the value's way behind the one that asks; none follows itself */
  readonly lines: readonly number[];
  /** the constructs that it passed, for the figures */
  readonly constructs: readonly string[];
}

/** What does not touch the value: variables and calls that look like it. */
const NOISE: readonly ((w: Writer, value: string) => string)[] = [
  (w, value) => `const ${w.name('n')} = ${value};`,
  (_, value) => `same(${value});`,
  (w) => `const ${w.name('n')} = [1, 2].map((n) => n * 2);`,
  (w) => `new Box(${w.random.below(9)}).get();`,
  (_, value) => `later(${value});`,
  (w) => `for (let i = 0; i < ${w.random.between(1, 4)}; i++) same(i);`,
];

function writePool(w: Writer): Pool {
  w.line('function same(x) {');
  const returned = w.line('  return x;');
  w.line('}');
  w.line('async function later(x) {');
  w.line('  await null;');
  const asyncReturn = w.line('  return x;');
  w.line('}');
  w.line('function* each1(x) {');
  w.line('  yield 0;');
  const yielded = w.line('  yield x;');
  w.line('}');
  w.line('class Box {');
  w.line('  constructor(v) {');
  const set = w.line('    this.v = v;');
  w.line('  }');
  w.line('  get() {');
  const get = w.line('    return this.v;');
  w.line('  }');
  w.line('}');
  const restHead = w.line('function second(first, ...others) {');
  const rest = w.line('  return others[0];');
  w.line('}');
  w.line('function orElse(x, y) {');
  const fallback = w.line('  return x ?? y;');
  w.line('}');
  w.line('function fail(error) {');
  w.line('  throw error;');
  w.line('}');
  const more = writeMore(w);
  return { return: returned, asyncReturn, yield: yielded, set, get, rest, restHead, fallback, ...more };
}

function writeMore(w: Writer) {
  w.line('class Base {');
  w.line('  constructor(v) {');
  const superSet = w.line('    this.v = v;');
  w.line('  }');
  w.line('  get value() {');
  const getter = w.line('    return this.v;');
  w.line('  }');
  w.line('}');
  w.line('class Derived extends Base {');
  w.line('  constructor(x) {');
  const superCall = w.line('    super(x);');
  w.line('  }');
  w.line('}');
  w.line('function down(n, x) {');
  const recursionEnd = w.line('  if (n === 0) return x;');
  const recursion = w.line('  return down(n - 1, x);');
  w.line('}');
  w.line('function curry(x) {');
  w.line('  return (y) => {');
  const curried = w.line('    return x;');
  w.line('  };');
  w.line('}');
  w.line('function guarded(x) {');
  w.line('  try {');
  const finallyReturn = w.line('    return x;');
  w.line('  } finally {');
  w.line('    same(0);');
  w.line('  }');
  w.line('}');
  w.line('function pair(x) {');
  const pairReturn = w.line('  return { first: 0, second: [x] };');
  w.line('}');
  w.line('function change(x) {');
  const changed = w.line('  x = x + 1;');
  const changedReturn = w.line('  return x;');
  w.line('}');
  w.line('function pick({ a: { b }, c = 3 }) {');
  const patternReturn = w.line('  return b;');
  w.line('}');
  return {
    superSet,
    superCall,
    getter,
    recursion,
    recursionEnd,
    curried,
    finallyReturn,
    pairReturn,
    changed,
    changedReturn,
    patternReturn,
  };
}

export function generate(seed: number): Generated {
  const random = new Random(seed);
  const w = new Writer(random);
  const pool = writePool(w);
  w.line('async function main() {');
  const value = random.between(100, 999);
  let holder = w.name();
  const lines = [w.line(`const ${holder} = ${value};`)];
  const constructs: string[] = [];
  const names = Object.keys(CONSTRUCTS);
  for (let steps = random.between(6, 16); steps > 0; steps--) {
    while (random.percent(30)) w.line(random.pick(NOISE)(w, String(value)));
    const name = random.pick(names);
    const [to, ...passed] = CONSTRUCTS[name]!(w, holder, pool);
    constructs.push(name);
    lines.unshift(...passed);
    holder = to;
  }
  w.line(`report(${holder}); // ask`);
  w.line('}');
  w.line('main();');
  return { source: w.lines.join('\n'), lines: lines.filter((line, i) => line !== lines[i - 1]), constructs };
}

/** The expression that a program asks about. */
export function askedIn({ source }: Generated): string {
  return /report\((\w+)\); \/\/ ask/.exec(source)![1]!;
}
