/** Objects whose literals stand where they are handed to code that is not recorded: the literal made them. */
import { expect, test } from 'vitest';
import { Opaque } from '../../trace-runtime/src/query/values.ts';
import { check } from './check.ts';
import { ask, trace } from './kit.ts';

test.each<[string, string, string]>([
  [
    'Map.set',
    'const held = new Map();\nconst give = (name) => held.set(1, { name }); // made',
    '[...held.values()][0]',
  ],
  [
    'the key of Map.set',
    'const held = new Map();\nconst give = (name) => held.set({ name }, 1); // made',
    '[...held.keys()][0]',
  ],
  ['Set.add', 'const held = new Set();\nconst give = (name) => held.add({ name }); // made', '[...held][0]'],
  [
    'Array.push on what a logical assignment keeps',
    'const held = { list: [0] };\nconst give = (name) => (held.list ??= []).push({ name }); // made',
    'held.list[1]',
  ],
  ['Array.push', 'const held = [];\nconst give = (name) => held.push({ name }); // made', 'held[0]'],
  ['new Map', 'let held;\nconst give = (name) => { held = new Map([[1, { name }]]); }; // made', 'held.get(1)'],
  [
    'new Map, and its values',
    'let held;\nconst give = (name) => { held = new Map([[1, { name }]]); }; // made',
    '[...held.values()][0]',
  ],
  ['new Set', 'let held;\nconst give = (name) => { held = new Set([{ name }]); }; // made', '[...held][0]'],
  [
    'Object.assign',
    'const held = {};\nconst give = (name) => Object.assign(held, { item: { name } }); // made',
    'held.item',
  ],
  ['Array.concat', 'let held = [];\nconst give = (name) => { held = held.concat({ name }); }; // made', 'held[0]'],
  [
    'an emitter',
    'const { EventEmitter } = require("node:events");\nconst bus = new EventEmitter(); let held;\nbus.on("x", (item) => { held = item; });\nconst give = (name) => bus.emit("x", { name }); // made',
    'held',
  ],
])('%s', (_, program, taken) =>
  check(
    `${program}\ngive('tea'); // given\nconst item = ${taken};\nconst got = item.name; // got\nreport(got); // ask`,
    'got',
    'got made given: literal',
  ),
);

test.each<[string, string, string]>([
  ['a text', "give('tea'); // given", 'got made given: literal'],
  ['the last of several', "give('pot');\ngive('tea'); // given\nheld.set({}, 'cup');", 'got made given: literal'],
])('WeakMap.get gives what recorded code put there: %s', (_, calls, chain) =>
  check(
    `const held = new WeakMap();
const key = {};
function give(name) {
  held.set(key, name); // made
}
${calls}
const got = held.get(key); // got
report(got); // ask`,
    'got',
    chain,
  ),
);

test('a part of what WeakMap.get gave comes from where its object was made', () =>
  check(
    `const held = new WeakMap();
const key = {};
const make = (name) => ({ name, size: undefined }); // made
held.set(key, make('tea'));
const { size } = held.get(key); // got
report(size); // ask`,
    'size',
    'got made: literal',
  ));

test('a step of which the recording tells no value has that of the next', async () => {
  const source = `const held = new WeakMap();
const key = {};
held.set(key, { size: null });
const read = () => held.get(key).size.width; // ask
try { read(); } catch (error) { report(error); }`;
  const traced = await trace(source);
  const { hops } = ask(traced, source, 'held.get(key).size');
  expect(hops.map(({ text, value }) => [text, value instanceof Opaque ? '' : value])).toEqual([
    ['held.get(key).size', null],
    ['held.get(key).size', ''],
    ['null', null],
  ]);
});

test.each<[string, string, string]>([
  ['the one that was missing', "give('milk', undefined); // given", 'joined got given: literal'],
  ['none that is to blame', "give('milk', 4);", 'joined: operation'],
])('join goes on to the element that its text lacks: %s', (_, call, chain) =>
  check(
    `const counts = new Map();
const give = (name, n) => counts.set(name, n); // got
give('tea', 3);
${call}
const line = [...counts.values()].map((n) => \`n=\${n}\`).join(', '); // joined
report(line); // ask`,
    'line',
    chain,
  ),
);
