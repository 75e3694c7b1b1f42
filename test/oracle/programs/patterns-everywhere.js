// Patterns everywhere: getters in sources, computed keys, defaults with side effects, swaps, nested rests, params, catch, loops.
'use strict';
let n = 0;
const next = () => ++n;
const source = {
  get a() { next(); return { x: next(), get y() { return next(); } }; },
  b: [1, [2, 3], { c: undefined }],
  [Symbol.for('s')]: 'sym', 3: 'three', 'key-with': 'dash',
};
const { a: { x, y = 99, z = next() }, b: [p, [q, ...qs], { c = next() } = {}], [Symbol.for('s')]: s, 3: three, ...rest } = source;
let i = 0;
const arr = [10, 20, 30, 40];
[arr[i++], arr[i++], ...arr[i]] = [arr[3], arr[2], 'r', 's'].map((v) => v);
let u, v, w;
({ u, v = u + 1, w: [w = v * 2] = [] } = { u: 5 });
[u, v] = [v, u];
[[u], { v, ...w }] = [[v + u], { v: 'vv', k1: 1, k2: 2 }];
const target = { list: [], map: new Map() };
({ length: target.len, 0: target['first'], ...target.more } = 'hey');
[target.list[2], target.list[0] = 'dflt', { a: target.deep = next() }] = ['two', undefined, {}];
for (const { id, tags: [main = 'none', ...tags] = [] } of [{ id: 1, tags: ['t', 'u'] }, { id: 2 }, { id: 3, tags: [] }]) target.map.set(id, [main, tags]);
for (target.at of [7, 8]) target.list.push(target.at);
for (const [k, { length }] of Object.entries({ one: 'x', two: 'yy' })) target[k] = length;
for (var { hoisted, more = hoisted } of [{ hoisted: 1 }, { hoisted: 2, more: 3 }]);
for ([i, ...arr.tail] of new Map([[5, 'five'], [6, 'six']])) n += i;
for (const key in { k: 1, __proto__: { inherited: 2 } }) target.list.push(key);
function draw({ shape: { kind, size: [width, height = width] } = { kind: 'dot', size: [1] }, color = `c${next()}`, ...style } = {}, [first = kind, , third = () => first] = [], ...args) {
  const area = width * height;
  { let width = 'shadow'; var hoist = width; }
  kind += '!';
  return { kind, area, color, style, first, third: typeof third === 'function' ? third() : third, args, hoist };
}
const drawn = [draw(), draw({ shape: { kind: 'box', size: [2, 3] }, z: 1, y: 2 }, ['F', 0, 'T'], 8, 9), draw({ color: null }, new Set(['from set']))];
const arrow = ([a, b] = [next(), next()], { c = a + b, ...d } = { d1: a }) => ({ a, b, c, d });
const arrows = [arrow(), arrow([1, 2], {}), arrow(undefined, { c: 'c', e: 1 })];
let caught = [];
try { throw { code: 7, info: { why: ['bad', 'worse'] } }; } catch ({ code, info: { why: [w1, ...ws] }, missing = next() }) { caught = [code, w1, ws, missing]; }
try { const { nope: { deeper } } = { nope: null }; caught.push(deeper); } catch ({ name, message }) { caught.push(name, message); }
try { [u] = 5; } catch ({ message }) { caught.push(message); }
try { null.x; } catch { caught.push('bare'); }
class Config { constructor({ host = 'h', port = next(), ...options } = {}) { Object.assign(this, { host, port }); ({ ssl: this.ssl = port > 5, ...this.rest } = options); } static from([k, v]) { return new this({ [k]: v }); } set both([l, r = l]) { this.l = l; this.r = r; } }
const conf = [new Config(), new Config({ ssl: 0, extra: 1 }), Config.from(['host', 'hh'])];
conf[0].both = [4];
const chained = (u = v = n);
const { length: len, [len - 1]: lastChar } = 'word';
const { [`k${next()}`]: dyn = 'dynamic', toString: { name: fnName } } = {};
const [e1 = next(), e2 = next(), ...[e3, ...e4]] = [undefined, null, 'e3', 'e4'];
const { a: { x: a2 } } = source, copy = { ...source, a: 'over', ...[1, 2], ...'s', ...null };
console.log(x, y, z, p, q, qs, c, s, three, rest, arr, u, v, w, target, hoisted, more, i, drawn, arrows, caught, conf, chained, lastChar, dyn, fnName, e1, e2, e3, e4, a2, copy, n);
