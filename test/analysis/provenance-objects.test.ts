/**
 * Where values in objects and collections came from. Each program names its lines by comments; an answer is the names of the
 * lines that its hops stand on, and the kind of its last hop.
 */
import { describe, expect, test } from 'vitest';
import { check, says } from './check.ts';
import { ask, trace } from './kit.ts';

describe('objects', () => {
  test('properties that were set', () =>
    check(
      `const a = 1; // a
const o = {};
o.p = a; // set
const got = o.p; // read
report(got); // ask`,
      'got',
      'read set a: literal',
    ));

  test('properties of literals', () =>
    check(
      `const a = 1; // a
const o = {
  p: { q: a }, // prop
};
const got = o.p.q; // read
report(got); // ask`,
      'got',
      'read prop a: literal',
    ));

  test('computed keys, and keys in brackets', () =>
    check(
      `const a = 1; // a
const key = 'k';
const o = { [key + 1]: a }; // make
const got = o['k1']; // read
report(got); // ask`,
      'got',
      'read make a: literal',
    ));

  test('spread', () =>
    check(
      `const a = 1; // a
const base = { p: a, q: 0 }; // base
const o = { ...base, q: 2 }; // make
const got = o.p; // read
report(got); // ask`,
      'got',
      'read make base a: literal',
    ));

  test('destructuring with defaults and rest', async () => {
    const source = `const a = 1; // a
const o = { p: a, deep: { list: [0, a] }, x: 3 }; // make
const { p, q = 9, deep: { list: [, second] }, ...others } = o; // take
report(p, q, second, others); // ask`;
    await check(source, 'p', 'take make a: literal');
    await check(source, 'q', 'take: literal');
    await check(source, 'second', 'take make a: literal');
    await check(source, 'others.x', 'take make: literal');
  });

  test('assignment patterns', () =>
    check(
      `let a = 1; // a
let b = 2; // b
[a, b] = [b, a]; // swap
report(a); // ask`,
      'a',
      'swap b: literal',
    ));

  test('Object.assign, entries, keys, values, fromEntries', async () => {
    const source = `const a = 1; // a
const target = {};
Object.assign(target, { x: 0 }, { p: a }); // assign
const all = Object.entries(target); // entries
const [, second] = all[1]; // second
const values = Object.values(target); // values
const frozen = Object.freeze({ z: values[1] }); // frozen
report(target.p, second, frozen.z); // ask`;
    await check(source, 'target.p', 'assign a: literal');
    await check(source, 'second', 'second entries assign a: literal');
    await check(source, 'frozen.z', 'frozen values assign a: literal');
  });

  test('JSON there and back', () =>
    check(
      `const a = 1; // a
const text = JSON.stringify({ deep: { p: a } }); // out
const back = JSON.parse(text); // in
const got = back.deep.p; // read
report(got); // ask`,
      'got',
      'read in out a: literal',
    ));

  test('what was deleted', () =>
    check(
      `const o = { p: 1 };
delete o.p; // delete
report(o.p); // ask`,
      'o.p',
      'delete: missing',
    ));
});

describe('collections', () => {
  test('push, pop, shift, unshift, splice', async () => {
    const source = `const a = 1; // a
const b = 2; // b
const list = [];
list.push(0, a); // push
list.unshift(b); // unshift
list.splice(1, 0, 7); // splice
const last = list.pop(); // pop
const first = list.shift(); // shift
report(list, last, first); // ask`;
    await check(source, 'last', 'pop splice unshift push a: literal');
    await check(source, 'first', 'shift unshift b: literal');
    await check(source, 'list[0]', 'shift splice: literal');
  });

  test('what passed a test of elements, and what did not', async () => {
    const source = `const totals = [{ net: 540 }, { net: 700 }];
const isBig = (total) => total.net > 1000;
const none = totals.filter((total) => total.net > 1000)[0];
const second = totals.filter((total) => total.net > 600)[1];
const some = totals.some((total) => total.net > 600);
const every = totals.every(isBig);
const found = totals.find(isBig);
const nets = totals.map((total) => total.net);
const has = nets.includes(3);
const beyond = totals.map(isBig)[7];
report(none, second, some, every, found, has, beyond); // ask`;
    await says(source, 'none', /· None of the 2 elements of totals passed the test of filter\.$/m);
    await says(source, 'second', /· 1 of the 2 elements of totals passed the test of filter\.$/m);
    await says(source, 'some', /· totals\[1\] passed the test of some\.$/m);
    await says(source, 'every', /· totals\[0\] did not pass the test of every\.$/m);
    await says(source, 'found', /· None of the 2 elements of totals passed the test of find\.$/m);
    await says(source, 'has', /· nets does not have 3\.$/m);
    await says(source, 'beyond', /· The array has 2 elements: there is none at 7\.$/m);
    const { hops } = ask(await trace(source), source, 'none');
    expect(hops.at(-1)!.inputs.map(({ text, value }) => `${text} ${String(value)}`)).toEqual([
      'totals[0]: total.net > 1000 false',
      'totals[1]: total.net > 1000 false',
    ]);
  });

  test('map, filter, find', () =>
    check(
      `const a = 3; // a
const list = [1, 2, a]; // list
const doubled = list.map((n) => {
  return n * 2; // map
}); // end
const some = doubled.filter((n) => n > 2); // filter
const got = some.find((n) => n > 4); // find
report(got); // ask`,
      'got',
      'find filter line 3 map line 3 list a: literal',
    ));

  test('reduce, to the operation', async () => {
    const source = `const start = 10; // start
const sum = [1, 2].reduce((total, n) => {
  return total + n; // add
}, start); // end
report(sum); // ask`;
    const traced = await trace(source);
    const chain = ask(traced, source, 'sum');
    const last = chain.hops.at(-1)!;
    expect(last.kind).toBe('operation');
    expect(last.inputs.map(({ text, value }) => `${text} ${String(value)}`)).toEqual(['total 11', 'n 2']);
  });

  test('concat, slice, sort, reverse, at', async () => {
    const source = `const a = { n: 1, name: 'a' }; // a
const b = { n: 2, name: 'b' }; // b
const both = [b].concat([a]); // concat
const part = both.slice(1); // slice
const sorted = [...both].sort((x, y) => x.n - y.n); // sort
report(part[0], sorted[0], both.at(-1)); // ask`;
    await check(source, 'part[0]', 'slice concat a: literal');
    await check(source, 'sorted[0].name', 'a: literal');
    await check(source, 'sorted[1]', 'sort concat b: literal');
  });

  test('methods of arrays that others borrow', async () => {
    const source = `const a = { n: 1 }; // a
const like = { 0: a, length: 1 }; // like
const part = Array.prototype.slice.call(like, 0); // call
const all = [].concat.call([0], [a]); // concat
report(part[0], all[1]); // ask`;
    await check(source, 'part[0]', 'call like a: literal');
    await check(source, 'all[1]', 'concat a: literal');
    await says(source, 'part', /Array\.prototype\.slice gave it, which is not recorded/);
  });

  test('Map and Set', async () => {
    const source = `const a = 1; // a
const map = new Map([['x', 0]]);
map.set('k', a); // set
const got = map.get('k'); // get
const made = new Map([['y', got]]); // new
report(got, made); // ask`;
    await check(source, 'got', 'get set a: literal');
    await check(source, "made.get('y')", 'new get set a: literal');
    await says(source, "map.get('nothing')", /nothing under/);
  });

  test('for … of, over arrays, Maps and entries', async () => {
    const source = `const a = 1; // a
const list = [0, a]; // list
let last;
for (const each of list) last = each; // of
let value;
for (const [, v] of new Map([['k', last]])) value = v; // map
let again;
for (const [k, v] of Object.entries({ z: value })) again = v; // entries
report(last, value, again); // ask`;
    await check(source, 'last', 'of list a: literal');
    await check(source, 'value', 'map of list a: literal');
    await check(source, 'again', 'entries map of list a: literal');
  });

  test('equal elements are told apart by their round', () =>
    check(
      `const a = 1; // a
const list = [1, a, 1]; // list
let seen = 0;
let got;
for (const each of list) if (++seen === 2) got = each; // of
report(got); // ask`,
      'got',
      'of list a: literal',
    ));

  test('where the source of an element cannot be told, the call is the end', () =>
    check(
      `const words = 'b a'.split(' '); // split
const got = words[1]; // read
report(got); // ask`,
      'got',
      'read split: operation',
    ));
});
