/**
 * Where values came from that the language's own functions made: entries, keys, sorted lists, parts of texts. Each program
 * names its lines by comments; an answer is the names of the lines that its hops stand on, and the kind of its last hop.
 */
import { describe, expect, test } from 'vitest';
import { check, says } from './check.ts';
import { ask, describe as told, trace } from './kit.ts';

/** The expressions of the hops, and what they gave. */
async function shown(source: string, expression: string): Promise<readonly string[]> {
  const traced = await trace(source);
  return told(traced, ask(traced, source, expression)).map((line) => line.replace(/^\d+ \w+ | · .*$/g, ''));
}

const COUNTS = `const counts = {};
for (const word of ['tea', 'milk', 'tea']) {
  counts[word] = (counts[word] ?? 0) + 1; // count
}
`;

describe('entries, keys and values of objects', () => {
  const source = `${COUNTS}const top = Object.entries(counts).sort((a, b) => b[1] - a[1])[0]; // sort
const [name] = top; // name
const first = Object.entries(counts)[0]; // first
const last = Object.keys(counts).sort().at(-1); // last
const best = Math.max(...Object.values(counts)); // best
report(top, name, first, last, best); // ask`;

  test('the greatest entry, by a sort', async () => {
    expect(await shown(source, 'top')).toEqual([
      "top = [ 'tea', 2 ]",
      "Object.entries(counts).sort((a, b) => b[1] - a[1])[0] = [ 'tea', 2 ]",
      "Object.entries(counts).sort((a, b) => b[1] - a[1])[0] = [ 'tea', 2 ]",
      "Object.entries(counts)[0] = [ 'tea', 2 ]",
      'counts.tea = 2',
      '(counts[word] ?? 0) + 1 = 2',
      'counts[word] ?? 0 = 1',
      'counts[word] = 1',
      '(counts[word] ?? 0) + 1 = 1',
      'counts[word] ?? 0 = 0',
      '0 = 0',
    ]);
    await says(source, 'top', 'sort took it from Object.entries(counts).');
    await says(source, 'top', 'Object.entries made it of counts.tea.');
    await says(source, 'top[1]', 'The object was made by Object.entries(counts), and nothing has changed [1] since.');
    await check(source, 'top[1]', 'sort count: literal');
  });

  test('a name leads to where it was given', async () => {
    await check(source, 'name', 'name sort count line 2: literal');
    await says(source, 'name', 'counts[word] was set under that name.');
    await check(source, 'last', 'last count line 2: literal');
  });

  test('an entry that nothing else has seen', async () => {
    await check(source, 'first', 'first count: literal');
    await check(source, 'first[1]', 'first count: literal');
  });

  test('the greatest of the values', () => says(source, 'best', '· counts.tea was the greatest.'));

  test('filtered, mapped and put together again', async () => {
    const program = `const prices = {};
prices.tea = 4; // tea
prices.milk = 1;
const twice = Object.fromEntries(Object.entries(prices).map(([name, cents]) => [name, cents * 2])); // twice
const big = Object.fromEntries(Object.entries(prices).filter(([, cents]) => cents > 2)); // big
const names = Object.entries(prices).filter(([, cents]) => cents > 2).map(([name]) => name); // names
report(twice, big, names); // ask`;
    await check(program, 'twice.tea', 'twice tea: literal');
    await check(program, 'big.tea', 'big tea: literal');
    await says(program, 'big.milk', '1 of the 2 elements of Object.entries(prices) passed the test of filter.');
    await says(program, 'names[0]', 'name was passed as the name of prices.tea.');
  });
});

describe('Maps and Sets', () => {
  const source = `const counts = new Map();
for (const word of ['tea', 'milk', 'tea']) {
  counts.set(word, (counts.get(word) ?? 0) + 1); // count
}
const top = [...counts.entries()].sort((a, b) => b[1] - a[1])[0]; // sort
const [name] = [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word); // name
const key = Array.from(counts.keys())[1]; // key
const both = Array.from(counts)[1]; // both
let last; // declared
for (const [word] of counts) last = word; // round
const seen = new Set();
seen.add('x'); // add
const [one] = seen; // one
const list = Array.from(seen); // list
report(top, name, key, both, last, one, list, seen.size); // ask`;

  test('entries, sorted', async () => {
    await check(source, 'top', 'sort count: literal');
    await check(source, 'top[1]', 'sort count: literal');
    await says(source, 'top', 'It is the entry of counts under "tea".');
  });

  test('a key leads to the call that was given it', async () => {
    await check(source, 'name', 'name count line 2: literal');
    await check(source, 'key', 'key count line 2: literal');
    await check(source, 'last', 'round count line 2: literal');
    await says(source, 'key', 'set was given word as the key.');
  });

  test('an entry that nothing else has seen', () => check(source, 'both[1]', 'both count: literal'));

  test('what a Set has', async () => {
    await check(source, 'one', 'one add: literal');
    await check(source, 'list[0]', 'list add: literal');
    await says(source, 'seen.size', '· seen has 1 entry.');
  });
});

test('a Map that has another key', async () => {
  const source = `const days = new Map();
const day = '2024-03-10'; // day
days.set(day, 1); // set
report(days.get('2024-03-09')); // ask`;
  await check(source, "days.get('2024-03-09')", 'set day: literal');
  await says(source, "days.get('2024-03-09')", `days has nothing under '2024-03-09': it has "2024-03-10".`);
});

test('reduce over nothing leads to why there is nothing', () =>
  check(
    `const lines = []; // lines
const sum = lines.filter((line) => line.cents > 0).reduce((all, { cents }) => all + cents, 0); // sum
report(sum); // ask`,
    'sum',
    'sum lines: literal',
  ));

describe('arrays', () => {
  const source = `const list = [1, 2, 3]; // list
const page = 2; // page
const beyond = list.slice((page - 1) * 10, page * 10)[0]; // beyond
const none = list.slice(1, 2)[1]; // none
const count = list.slice(10).length; // count
const flat = [[1], [2, 3]].flatMap((each) => each.map((n) => n * 2)); // flat
const empty = [].pop(); // empty
const made = Array.from({ length: 2 }, (_, i) => i); // made
const odd = Math.max(...['1', 'x']); // odd
report(beyond, none, count, flat, empty, made, odd); // ask`;

  test('a slice that ends before', async () => {
    await says(source, 'beyond', '· list has 3 elements, of which slice(10, 20) gave 0: there is none at 0.');
    await says(source, 'none', '· list has 3 elements, of which slice(1, 2) gave 1: there is none at 1.');
    await says(source, 'count', '· slice(10) gave 0 of the 3 elements of list.');
  });

  test('what a function gave for each element', async () => {
    await check(source, 'flat[2]', 'flat: literal');
    await says(source, 'flat[2]', 'n was passed as each[1].');
    await says(source, 'made[1]', 'i is the number of the element, from 0.');
  });

  test('nothing to take, and what is no number', async () => {
    await says(source, 'empty', '· [] had no elements.');
    await says(source, 'odd', "· 'x' is no number.");
  });
});

describe('texts, numbers and dates', () => {
  const source = `const line = 'tea, 4'; // line
const [name, price, unit = 'g'] = line.split(','); // split
const cents = Number(line.split(',')[1].trim()); // cents
const third = line.split(',')[2]; // third
const match = /(\\d)x/.exec(line); // match
const group = /(\\d)/.exec(line)?.[1]; // group
const rows = '{"n":1}|{"n":2}'.split('|').map((text) => JSON.parse(text)); // rows
const day = new Date('2024-03-10T23:30:00Z').getUTCDay(); // day
const [a, b] = [price, name]; // swap
report(name, unit, cents, third, match, group, rows, day, a, b); // ask`;

  test('parts of a text', async () => {
    await check(source, 'price', 'split line: literal');
    await check(source, 'cents', 'cents line: literal');
    await says(source, 'unit', "unit is the default 'g': there was no other value.");
    await says(source, 'third', "· line.split(',') has 2 elements: there is none at 2.");
    await says(source, 'rows[1].n', `text = '{"n":2}' · text was passed as '{"n":1}|{"n":2}'.split('|')[1].`);
  });

  test('patterns', async () => {
    await says(source, 'match', String.raw`· line does not match /(\d)x/.`);
    await says(source, 'group', '· exec computed it from line.');
    await says(source, 'group', String.raw`group was set to /(\d)/.exec(line)?.[1].`);
  });

  test('dates', () => says(source, 'day', "getUTCDay computed it from new Date('2024-03-10T23:30:00Z')."));

  test('what another variable held is no default', () => says(source, 'a', 'a was taken out of [price, name].'));
});

describe('what a test decided, and what is not there', () => {
  const source = `const allowed = new Set(['read']);
const names = new Map();
names.set('a', 1);
names.delete('a'); // delete
const need = 'write';
const has = allowed.has(need); // has
const gone = names.get('a'); // gone
const at = ['x'].indexOf('y'); // at
const color = ''; // color
const shown = color || 'red'; // shown
const kind = color ? 'some' : 'none'; // kind
const vars = { name: undefined }; // vars
const text = 'Hi {name}'.replace(/\\{(\\w+)\\}/g, (_, key) => vars[key]); // text
const kept = ['a', undefined, 'b'].filter(Boolean); // kept
const numbers = ['1', '2'].map(Number); // numbers
const list = [2, 1]; // list
const sorted = list.sort(); // sorted
let message; // message
try { need.x.y; } catch (error) { message = error.message; } // caught
report(has, gone, at, shown, kind, text, kept, numbers, sorted, message); // ask`;

  test('members', async () => {
    await says(source, 'has', '· allowed does not have need, here "write".');
    await says(source, 'gone', "· names has nothing under 'a': it has no entries.");
    await check(source, 'gone', 'gone delete: missing');
    await says(source, 'at', "· ['x'] does not have 'y'.");
  });

  test('a value that decided is named', async () => {
    await says(source, 'shown', 'color was "", so the right side counts.');
    await says(source, 'kind', 'color was "".');
  });

  test('what functions and casts gave', async () => {
    await check(source, 'text', 'text vars: literal');
    await says(source, 'kept[1]', "'b' stands in the source.");
    await says(source, 'numbers[0]', "Number made it of ['1', '2'][0].");
    await says(source, 'sorted', 'sort gives the array itself, in another order.');
  });

  test('an error of the language', () => says(source, 'message', 'error was thrown by the language'));
});

describe('caches and tables', () => {
  const source = `const cache = new WeakMap();
function load(key) {
  if (cache.has(key)) {
    return cache.get(key); // cached
  }
  cache.set(key, { made: 1 }); // put
  return 'fresh';
}
const key = { id: 1 };
load(key);
const again = load(key); // again
const has = cache.has(key); // has
const other = cache.has({}); // other
const [year, month, day] = '2024-03-10'.split('-').map(Number); // date
const at = new Date(year, month, day); // at
const name = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][at.getDay()]; // name
const list = [1, 2, 3]; // list
const before = list[list.length - 4]; // before
const size = new Map([['a', 1]]).size; // size
function* ids() {
  yield 'one'; // yield
}
const id = ids().next().value; // id
report(again, has, other, name, before, size, id); // ask`;

  test('what decided that a function returned it is said', async () => {
    await check(source, 'again', 'again cached put: literal');
    await says(source, 'again', 'load returned cache.get(key), as cache.has(key) was true.');
  });

  test('members of a WeakMap', async () => {
    await says(source, 'has', '· cache has key: cache.set(key, { made: 1 }) had put it there.');
    await says(source, 'other', '· cache does not have {}.');
  });

  test('out of a list of constants, what chose among them is followed', async () => {
    await says(source, 'name', '· at.getDay() was 3, and that is what stands there.');
    await check(source, 'name', 'name at: operation');
  });

  test('how many entries there are', () => says(source, 'size', "It is how many entries new Map([['a', 1]]) has."));

  test('before the first element', () => says(source, 'before', '· The array has 3 elements: there is none at -1.'));

  test('what a generator yielded', () => check(source, 'id', 'id yield: literal'));
});
