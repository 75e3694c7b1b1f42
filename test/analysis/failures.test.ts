/** Failures of all kinds in one recording of Node's test runner: what is to blame, and where to look. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFileSync, rmSync } from 'node:fs';
import { json, project, recordingOf, run } from '../cli/kit.ts';

const LIB = `exports.loadUser = async function loadUser(id) {
  await null;
  if (id === 2) return { id, nmae: 'bob' }; // misspelt
  return { id, name: 'ann' };
};
exports.total = function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price * item.qty;
  return sum;
};
const cache = new Map();
exports.find = (key) => cache.get(key); // get
exports.check = function check(order) {
  const limit = order.vip ? 100 : 10;
  if (order.amount > limit) {
    throw new Error('over the limit: ' + order.amount);
  }
  return true;
};
exports.parse = (text) => JSON.parse(text);
exports.names = function names(node, found) {
  found.push(node.name);
  for (const child of node.children) names(child, found);
  return found;
};
`;

/** Each: what the sentence says, and the line that it points at. */
const CASES: readonly { readonly name: string; readonly body: string; readonly says: string; readonly at: string }[] = [
  {
    name: 'a misspelt property',
    body: `const user = await lib.loadUser(2);
  user.name.toUpperCase();`,
    says: 'user.name was undefined: nothing set .name on the object; it has .nmae instead',
    at: '// misspelt',
  },
  {
    name: 'a missed await',
    body: `const user = lib.loadUser(1); // promise
  assert.equal(user.name, 'ann');`,
    says: "user.name was not 'ann': the object is a promise, which was not awaited: it has no .name",
    at: '// promise',
  },
  {
    name: 'NaN',
    body: `const items = [{ price: 2, qty: 1 }, { price: 3, quantity: 2 }]; // items
  assert.equal(lib.total(items), 8);`,
    says: 'lib.total(items) was not 8: nothing set .qty on the object: it has price, quantity',
    at: '// items',
  },
  {
    name: 'a missing entry',
    body: `const found = lib.find('k');
  found.value;`,
    says: 'found was undefined: cache has nothing under key, here "k": it has no entries',
    at: '// get',
  },
  {
    name: 'an error of the program',
    body: `const order = { amount: 50, vip: false }; // order
  lib.check(order);`,
    says: "new Error('over the limit: ' + order.amount) was thrown because order.amount > limit was true: 50 stands in the source",
    at: '// order',
  },
  {
    name: 'no function',
    body: `const config = { handler: 'go' }; // config
  config.handler(1);`,
    says: `config.handler was "go", which is not a function: 'go' stands in the source`,
    at: '// config',
  },
  {
    name: 'nothing to iterate',
    body: `const options = { list: 5 }; // options
  for (const each of options.list) each.x;`,
    says: 'options.list is not iterable: 5 stands in the source',
    at: '// options',
  },
  {
    name: 'destructuring of nothing',
    body: `const opts = {}; // opts
  const { a } = opts.inner;`,
    says: 'opts.inner was undefined, of which a was taken: nothing set .inner on the object: it has no properties',
    at: '// opts',
  },
  {
    name: 'native code that fails',
    body: `const text = '{"a": '; // text
  lib.parse(text);`,
    says: `JSON.parse(text) failed: '{"a": ' stands in the source`,
    at: '// text',
  },
  {
    name: 'a truth',
    body: `const flags = { ready: false }; // flags
  assert(flags.ready);`,
    says: 'flags.ready was not true: false stands in the source',
    at: '// flags',
  },
  {
    name: 'deep equality',
    body: `const list = [3, 1, 2];
  list.sort();
  list.push(0); // pushed
  assert.deepStrictEqual(list, [1, 2, 3]);`,
    says: 'list[3] was not what [1, 2, 3] has there: 0 stands in the source',
    at: '// pushed',
  },
  {
    name: 'what only the error shows, made by the language of what was returned to it',
    body: `const users = [{ age: 3 }, { age: 4 }]; // users
  assert.deepStrictEqual(users.map((user) => user.age), [3, 5]);`,
    says: 'users.map((user) => user.age)[1] was not what [3, 5] has there: 4 stands in the source',
    at: '// users',
  },
  {
    name: 'how many elements an array was made with',
    body: `const parcels = [[1], [2]]; // parcels
  assert.deepStrictEqual(parcels.map((parcel) => parcel.length), [1, 2]);`,
    says: 'parcels.map((parcel) => parcel.length)[1] was not what [1, 2] has there: 1 element was put into it here',
    at: '// parcels',
  },
  {
    name: 'an array that grew',
    body: `const list = [];
  for (const each of ['a', 'b']) list.push(each); // pushed
  assert.equal(list.length, 1);`,
    says: 'list.length was not 1: .length was changed by push',
    at: '// pushed',
  },
  {
    name: 'deep equality, where both hold what is no number',
    body: `const list = [NaN, 2];
  list.push(0); // pushed
  assert.deepStrictEqual(list, [NaN, 2, 3]);`,
    says: 'list[2] was not what [NaN, 2, 3] has there: 0 stands in the source',
    at: '// pushed',
  },
  {
    name: 'a branch that was left out',
    body: `const mode = 'off';
  let result; // declared
  if (mode === 'on') result = { v: 1 };
  result.v += 1;`,
    says: "result was undefined: result was declared without a value, and result = { v: 1 } was left out: mode === 'on' was false",
    at: '// declared',
  },
  {
    name: 'an element beyond the end',
    body: `const list = [1, 2, 3];
  const i = list.length;
  list[i].toFixed(); // beyond`,
    says: 'list[i] was undefined: the array has 3 elements: there is none at 3',
    at: '// beyond',
  },
  {
    name: 'a rejection',
    body: `const id = -1; // id
  const fetchIt = async (x) => {
    await null;
    if (x < 0) throw new RangeError('bad id');
    return x;
  };
  await fetchIt(id);`,
    says: "new RangeError('bad id') was thrown because x < 0 was true: -1 stands in the source",
    at: '// id',
  },
  {
    name: 'an optional chain',
    body: `const o = { a: null }; // null
  const v = o.a?.b;
  v.c;`,
    says: 'v was undefined: null stands in the source',
    at: '// null',
  },
  {
    name: 'a callback',
    body: `const rows = [{ tag: { n: 1 } }, {}]; // rows
  rows.map((r) => r.tag.n);`,
    says: 'r.tag was undefined: nothing set .tag on the object: it has no properties',
    at: '// rows',
  },
  {
    name: 'a member of an instance',
    body: `class A {
    constructor(o) {
      this.o = o;
    }
    run() {
      return this.o.go();
    }
  }
  const a = new A({}); // made
  a.run();`,
    says: 'this.o.go was undefined, which is not a function: nothing set .go on the object: it has no properties',
    at: '// made',
  },
];

/** Where it came to an end is another place in each run. */
const ENDLESS = {
  name: 'recursion without end',
  body: `const [child, parent] = [{ name: 'child', children: [] }, { name: 'parent', children: [] }];
  parent.children.push(child);
  child.children.push(parent);
  lib.names(parent, []);`,
};

const textOf = (
  cases: readonly { readonly name: string; readonly body: string }[],
): string => `const test = require('node:test');
const assert = require('node:assert');
const lib = require('./lib.js');
${cases.map(({ name, body }) => `test(${JSON.stringify(name)}, async () => {\n  ${body}\n});`).join('\n')}
`;

let folder: string;
let recording: string;

beforeAll(() => {
  folder = project({ 'lib.js': LIB, 'all.test.js': textOf(CASES), 'endless.test.js': textOf([ENDLESS]) });
  recording = record('all.test.js');
}, 60_000);

const record = (file: string): string =>
  recordingOf(run(folder, 'record', '--', process.execPath, '--test-reporter=dot', file));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  readonly sentence: string;
  readonly root: { readonly place: { readonly path: string; readonly line: number } } | null;
}

test.each(CASES)('$name', ({ name, says, at }) => {
  const { sentence, root } = json<Answer>(run(folder, 'why', `${recording}#${name}`, '--json'));
  expect(sentence).toBe(`${says}.`);
  const { path, line } = root!.place;
  expect(readFileSync(path, 'utf8').split('\n')[line - 1]).toContain(at);
});

// long, and so apart: each answer above would read it
test(ENDLESS.name, () => {
  const endless = record('endless.test.js');
  const { sentence } = json<Answer>(run(folder, 'why', `${endless}#${ENDLESS.name}`, '--json'));
  expect(sentence).toMatch(
    /^names called itself [\d,]{5,} times without end, as node was the same as 2 calls before: /,
  );
});
