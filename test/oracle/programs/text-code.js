// code made of text: new Function, vm.compileFunction, indirect eval and scripts of this context change what they are given
const vm = require('node:vm');
globalThis.shared = { n: 1 };
vm.runInThisContext('shared.n++; var made = 5; shared.list = [1, 2]');
console.log(shared, made);
new vm.Script('shared.list.push(made++); shared.by = { script: true }', { filename: 'some.js' }).runInThisContext();
console.log(shared, made);
const fn = vm.compileFunction('o.touched = true; o.list.push(1); return o', ['o']);
const given = { list: [], nested: { map: new Map() } };
console.log(fn(given) === given);
console.log(given);
const indirect = eval;
indirect('shared.n = 10; var viaEval = { q: 1 }');
console.log(shared, viaEval);
(0, eval)('viaEval.q += shared.n');
console.log(viaEval);
const make = new Function('o', 'key', 'o[key] = [1]; o.nested.map.set(key, o); return o[key]');
console.log(make(given, 'fromFunction').length);
given.fromFunction.push(2);
console.log(given);
class Model {
  static compile(rules) {
    const lines = Object.entries(rules).map(([key, rule]) => `if (${rule}) self.errors.push('${key}'); else self.ok.${key} = data.${key};`);
    return new Function('self', 'data', `'use strict'; ${lines.join('\n')} data.seen = (data.seen ?? 0) + 1; return self;`);
  }
  errors = [];
  ok = {};
  run(data) {
    const check = Function('self', 'data', 'return self.rules(self, data)');
    const same = check(this, data);
    return same === this && this.errors.length === 0;
  }
  rules = Model.compile({ age: 'data.age < 0', name: '!data.name' });
}
const model = new Model();
const rows = [{ age: 1, name: 'a' }, { age: -1, name: 'b' }, { age: 3 }];
const results = rows.map((row) => model.run(row));
console.log(results, model.errors, model.ok, rows);
const bump = Function('counter', 'by', 'if (by > 2) throw new RangeError(`by ${by}`); counter.n += by; return counter;');
const counter = { n: 0 };
for (const by of [1, 2, 3]) {
  try {
    const after = bump.call(null, counter, by);
    console.log(after.n);
  } catch (error) {
    console.log(error.message, counter.n);
  }
}
const Point = new Function('x', 'y', 'this.x = x; this.at = y; y.points = (y.points ?? 0) + 1');
const board = {};
const points = [new Point(1, board), new Point(2, board)];
console.log(points.length, points[1].at === board, board.points);
function compile(template) {
  const parts = template.split(/{(\w+)}/).map((part, i) => (i % 2 ? `used(data, '${part}')` : JSON.stringify(part)));
  const body = `const text = ${parts.join('+')}; data.renders = (data.renders ?? 0) + 1; return text;`;
  return new Function('used', 'data', body);
}
const used = (data, key) => {
  data.uses.push(key);
  return String(data[key]);
};
const page = { title: 'T', text: 'x', uses: [] };
const render = compile('<h1>{title}</h1><p>{text}</p>');
const twice = (data) => render(used, data);
function once(data) {
  try {
    return render(used, data);
  } finally {
    page.ended = true;
  }
}
console.log(render(used, page), page.renders);
console.log(twice(page).length, page.renders);
console.log(once(page) === once(page), page);
console.log(String(make).length, make.name, make.length, (() => { try { return new Function('a b'); } catch (error) { return error.name; } })());
