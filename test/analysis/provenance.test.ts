/**
 * Where values came from, construct by construct. Each program names its lines by comments; an answer is the names of the
 * lines that its hops stand on, and the kind of its last hop.
 */
import { describe, expect, test } from 'vitest';
import { check, says } from './check.ts';
import { ask, trace } from './kit.ts';

describe('variables', () => {
  test('copies', () =>
    check(
      `const a = 5; // a
const b = a; // b
let c; // declared
c = b; // c
report(c); // ask`,
      'c',
      'c b a: literal',
    ));

  test('a variable that was changed step by step', () =>
    check(
      `let total = 1; // start
total += 2; // add
total++; // step
report(total); // ask`,
      'total',
      'step add start: literal',
    ));

  test('a counter: the rounds of a long loop are one step', async () => {
    const source = `let made = 0; // before
made = 4; // begin
for (let i = 0; i < 5000; i++) {
  made++; // round
}
report(made); // ask`;
    const traced = await trace(source);
    const { hops } = ask(traced, source, 'made');
    expect(hops.length).toBeLessThan(8);
    expect(hops.at(-1)).toMatchObject({ kind: 'literal', text: '4', value: 4 });
    expect(hops.at(-2)?.what).toBe('made was changed by made++ in each round before, from 4 on.');
  });

  test("closures' variables", () =>
    check(
      `function counter(first) {
  let count = first; // begin
  return () => {
    count += 1; // inc
    return count; // ret
  };
}
const next = counter(
  10, // given
);
next();
const got = next(); // call
report(got); // ask`,
      'got',
      'call ret inc begin given: literal',
    ));

  test("a loop's variable that closures see", () =>
    check(
      `const made = [];
for (let i = 0; i < 3; i++) // loop
  made.push(() => i); // fn
const got = made[2](); // call
report(got); // ask`,
      'got',
      'call fn loop: literal',
    ));

  test('hoisted variables', () =>
    check(
      `function f(on) {
  if (on) {
    var x = 4; // set
  }
  report(x); // ask
}
f(true);`,
      'x',
      'set: literal',
    ));
});

describe('calls', () => {
  test('arguments and results', () =>
    check(
      `function twice(n) {
  return n * 2; // ret
}
const three = 3; // three
const six = twice(three); // call
report(six); // ask`,
      'six',
      'call ret call three: literal',
    ));

  test('nested calls in one statement', () =>
    check(
      `function inner(x) {
  return x; // inner
}
function outer(y) {
  return y; // outer
}
const seed = 'v'; // seed
const got = outer(inner(seed)); // call
report(got); // ask`,
      'got',
      'call outer call inner call seed: literal',
    ));

  test('the right one of several calls of one function', () =>
    check(
      `function same(x) {
  return x; // ret
}
const a = 1; // a
const b = 2; // b
const list = [same(a), same(b)]; // calls
report(list[1]); // ask`,
      'list[1]',
      'calls ret calls b: literal',
    ));

  test('recursion', () =>
    check(
      `function down(n, value) {
  if (n === 0) return value; // base
  return down(n - 1, value); // again
}
const seed = 'v'; // seed
const got = down(2, seed); // call
report(got); // ask`,
      'got',
      'call again base again call seed: literal',
    ));

  test('default parameters', () =>
    check(
      `function f(a, b = 7) { // head
  return b; // ret
}
const got = f(1); // call
report(got); // ask`,
      'got',
      'call ret head: literal',
    ));

  test('rest parameters', () =>
    check(
      `function f(first, ...rest) { // head
  return rest[1]; // ret
}
const v = 3; // v
const got = f(1, 2, v); // call
report(got); // ask`,
      'got',
      'call ret head call v: literal',
    ));

  test('spread arguments', () =>
    check(
      `function f(a, b, c) {
  return c; // ret
}
const v = 3; // v
const list = [2, v]; // list
const got = f(1, ...list); // call
report(got); // ask`,
      'got',
      'call ret call list v: literal',
    ));

  test('destructured parameters, and their defaults', async () => {
    const source = `function f({ a, b = 8 }) { // head
  report(a, b); // ask
}
const v = 3; // v
f({ a: v }); // call`;
    await check(source, 'a', 'call v: literal');
    await check(source, 'b', 'head: literal');
  });

  test('what was not passed', () =>
    check(
      `function f(a, b) {
  report(b); // ask
}
f(1); // call`,
      'b',
      'call: missing',
    ));

  test('a function that ends without a value', () =>
    check(
      `function f(x) { // f
  if (x > 10) return x;
}
const got = f(1); // call
report(got); // ask`,
      'got',
      'call f: missing',
    ));

  test('methods, this, getters', () =>
    check(
      `class Box {
  constructor(v) {
    this.v = v; // set
  }
  get w() {
    return this.v; // get
  }
}
const seed = 1; // seed
const box = new Box(seed); // new
const got = box.w; // read
report(got); // ask`,
      'got',
      'read get set new seed: literal',
    ));

  test('fields of classes', () =>
    check(
      `const seed = 1; // seed
class A {
  x = seed; // field
}
class B extends A {
  constructor() {
    super();
    this.y = 2;
  }
}
const b = new B();
const got = b.x; // read
report(got); // ask`,
      'got',
      'read field seed: literal',
    ));

  test('call and apply', () =>
    check(
      `function f(a, b) {
  return b; // ret
}
const v = 2; // v
const one = f.call(null, 1, v); // call
const two = f.apply(null, [1, one]); // apply
report(two); // ask`,
      'two',
      'apply ret apply call ret call v: literal',
    ));

  test('tagged templates', () =>
    check(
      'function tag(strings, a) {\n  return a; // ret\n}\nconst v = 2; // v\nconst got = tag`x${v}`; // call\nreport(got); // ask',
      'got',
      'call ret call v: literal',
    ));

  test('generators', () =>
    check(
      `function* gen(x) {
  yield 0;
  yield x; // yield
}
const v = 2; // v
const seen = [];
for (const each of gen(v)) // loop
  seen.push(each); // push
report(seen[1]); // ask`,
      'seen[1]',
      'push yield loop v: literal',
    ));
});

describe('choices and operations', () => {
  test('conditional and logical expressions', async () => {
    const source = `const a = 1; // a
const b = a > 3 ? 0 : a; // cond
const c = null ?? b; // nullish
const d = c && c; // and
const e = 0 || d; // or
let f = null; // f
f ??= e; // assign
report(f); // ask`;
    await check(source, 'f', 'assign or and nullish cond a: literal');
  });

  test('an operation with several operands ends with all of them as inputs', async () => {
    const source = `const price = 3; // p
const count = 4;
const total = price * count; // op
report(total); // ask`;
    const traced = await trace(source);
    const last = ask(traced, source, 'total').hops.at(-1)!;
    expect([last.kind, ...last.inputs.map(({ text }) => text)]).toEqual(['operation', 'price', 'count']);
  });

  test('NaN is followed to the operand that made it', () =>
    check(
      `const order = { price: 3 }; // order
const count = order.count; // read
const total = order.price * count; // op
report(total); // ask`,
      'total',
      'op read order: literal',
    ));

  test('template literals', () =>
    check(
      'const who = "x"; // who\nconst text = `hello ${who}`; // text\nreport(text); // ask',
      'text',
      'text who: literal',
    ));
});

describe('asynchronous code', () => {
  test('await of an async function', () =>
    check(
      `const seed = 1; // seed
async function load(x) {
  await null;
  return x; // ret
}
async function main() {
  const got = await load(seed); // await
  report(got); // ask
}
main();`,
      'got',
      'await ret await seed: literal',
    ));

  test('a promise that was kept, handed on and awaited later', () =>
    check(
      `const seed = 1; // seed
async function load(x) {
  return x; // ret
}
const pass = (p) => p; // pass
async function main() {
  const promise = load(seed); // start
  const other = pass(promise); // hand
  await null;
  const got = await other; // await
  report(got); // ask
}
main();`,
      'got',
      'await hand pass hand start ret start seed: literal',
    ));

  test('new Promise, timers, Promise.all, then', async () => {
    const source = `const seed = 1; // seed
const later = (v) =>
  new Promise((resolve) => { // promise
    setTimeout(() => {
      resolve(v); // resolve
    }, 1);
  });
async function main() {
  const one = await later(seed); // one
  const all = await Promise.all([0, later(one)]); // all
  const two = all[1]; // two
  const three = await later(two).then((x) => x + 1); // then
  report(one, two, three); // ask
}
main();`;
    await check(source, 'one', 'one promise resolve one seed: literal');
    await check(source, 'two', 'two all promise resolve all one promise resolve one seed: literal');
    await check(
      source,
      'three',
      'then promise resolve then two all promise resolve all one promise resolve one seed: literal',
    );
  });

  test('arguments of timers', () =>
    check(
      `const seed = 1; // seed
function main(v) {
  setTimeout((x) => {
    report(x); // ask
  }, 1, v); // args
}
main(seed); // main`,
      'x',
      'args main seed: literal',
    ));
});

describe('errors', () => {
  test('what was caught', () =>
    check(
      `const name = 'x'; // name
function fail() {
  throw new Error('no ' + name); // throw
}
let text;
try {
  fail();
} catch (error) {
  text = error.message; // read
}
report(text); // ask`,
      'text',
      'read throw name: literal',
    ));
});

describe('what never came', () => {
  test('a property by another name', () =>
    says(
      `const user = { usr: 1, nmae: 'x' };
report(user.name); // ask`,
      'user.name',
      /Nothing set \.name on the object; it has \.nmae instead/,
    ));

  test('a property that nothing set: where the object was made', async () => {
    const source = `const make = () => ({ a: 1 }); // make
const o = make();
report(o.other); // ask`;
    await check(source, 'o.other', 'make: literal');
    await says(source, 'o.other', /Nothing set \.other on the object: it has a\./);
  });

  test('a variable whose assignment was left out', async () => {
    const source = `function f(mode) {
  let x; // declared
  if (mode === 'on') x = 1;
  report(x); // ask
}
f('off');`;
    await check(source, 'x', 'declared: missing');
    await says(source, 'x', /x = 1 was left out: mode === 'on' was false/);
  });

  test('an element beyond the end', () =>
    says(
      `const list = [1, 2];
report(list[2]); // ask`,
      'list[2]',
      /The array has 2 elements: there is none at 2/,
    ));

  test('a promise that was not awaited', () =>
    says(
      `async function load() {
  return { name: 'x' };
}
const user = load();
report(user.name); // ask`,
      'user.name',
      /a promise, which was not awaited/,
    ));
});
