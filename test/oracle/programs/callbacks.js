'use strict';
// Callback style: functions called from sort, replace, JSON, Map.forEach, timers; re-entrancy; node-style errors.
const trace = [];
function compare(a, b) {
  const result = a.rank - b.rank || (a.name < b.name ? -1 : 1);
  trace.push(result > 0);
  return result;
}
const items = [{ name: 'x', rank: 2 }, { name: 'b', rank: 1 }, { name: 'a', rank: 1 }, { name: 'q', rank: 0 }];
const sorted = items.sort(compare).map(({ name }) => name).join('');
const reviver = function (key, value) {
  if (key === 'when') return new Date(value);
  if (Array.isArray(this)) return value * Number(key);
  return value;
};
const revived = JSON.parse('{"when":0,"list":[5,6,7]}', reviver);
const replaced = 'a1b2c3'.replace(/(\w)(\d)/g, (whole, letter, digit, at) => `${letter.repeat(digit)}${at}`);
function walk(tree, visit, depth = 0) {
  visit(tree, depth);
  (tree.children ?? []).forEach((child) => walk(child, visit, depth + 1));
}
const depths = new Map();
walk({ id: 'r', children: [{ id: 'a', children: [{ id: 'b' }] }, { id: 'c' }] }, ({ id }, depth) => depths.set(id, depth));
function readConfig(name, callback) {
  setTimeout(() => {
    if (name.startsWith('bad')) return callback(new Error(`cannot read ${name}`));
    callback(null, { name, size: name.length });
  }, 1);
}
function inSeries(names, each, done) {
  const results = [];
  let index = 0;
  const next = (error, value) => {
    if (error) return done(error, results);
    if (value !== undefined) results.push(value);
    if (index === names.length) return done(null, results);
    each(names[index++], next);
  };
  next(null);
}
const emitter = { handlers: new Set(), fire(value) { for (const handler of [...this.handlers]) handler.call(this, value); } };
emitter.handlers.add(function once(value) {
  this.handlers.delete(once);
  if (value < 3) this.fire(value + 1);
});
emitter.handlers.add((value) => trace.push(value));
emitter.fire(1);
const accessorSum = [1, 2, 3].reduce((sum, n, i, all) => sum + n * all.length + i, 0);
inSeries(['one', 'three'], readConfig, (error, good) => {
  inSeries(['x', 'bad', 'y'], readConfig, (failure, partial) => {
    console.log(error, good, failure.message, partial, sorted, revived, replaced, depths, trace, accessorSum);
  });
});
