/** Objects whose literals stand where they are handed to code that is not recorded: the literal made them. */
import { test } from 'vitest';
import { check } from './check.ts';

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
