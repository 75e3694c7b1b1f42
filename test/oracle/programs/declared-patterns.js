const log = [];
function say(...a) { log.push(a.map(String).join(' ')); return a.length; }
const src = { get one() { say('one'); return 1; }, get two() { say('two'); return 2; }, get 'x-y'() { say('xy'); return 7; }, get 3() { say('3'); return 8; },
  get three() { say('three'); return { get four() { say('four'); return 4; }, five: 5, get six() { say('six'); return 6; } }; }, get seven() { say('seven'); return 7; } };
function varRe() { var one = 'before', two; var { one, two = say('never'), 'x-y': xy, 3: z, ['th' + 'ree']: { four, six: sx, ...in_ }, ...rest } = src; return [one, two, xy, z, four, sx, JSON.stringify(in_), JSON.stringify(rest)]; }
say(varRe());
function traced(o) { return new Proxy(o, { get(t, k, r) { say('get', String(k)); return Reflect.get(t, k, r); }, ownKeys(t) { say('keys'); return Reflect.ownKeys(t); }, getOwnPropertyDescriptor(t, k) { say('desc', String(k)); return Reflect.getOwnPropertyDescriptor(t, k); } }); }
function proxied() { var { one, two, ...rest } = traced(src); var { a, ...more } = traced({ a: 1, b: 2, [Symbol('s')]: 3 }); return [one, two, Object.keys(rest), a, Object.keys(more)]; }
say(proxied());
function defaults() { let y = 0, k = 0; var { b = (y = 5), c = (k = 7, y) } = { b: 1, get c() { say('c', y); return undefined; } }; return [y, b, c, k]; }
say(defaults());
function g(x) { return say('g', x), x; }
function order() { let x = 1; var { a, b = g(a), c = x } = (g(x = 5), x = 9, { a: g('a'), c: undefined }); return [a, b, c, x]; }
say(order());
function strings() { var { length, 0: first, ...others } = 'héy'; return [length, first, JSON.stringify(others)]; }
say(strings());
for (const bad of [undefined, null, 5]) {
  for (const f of [() => { var { p, ...q } = bad; return [p, q]; }, () => { const { p, q } = bad; return p; }, () => { var { ...q } = bad; return q; }, () => { const { p: { z, y } = {}, ...r } = bad; return y; },
    () => { var { p, ...q } = g(bad); return q; }, () => { var { p, ...q } = bad?.x; return q; }, () => { var { p, ...q } = { bad }.bad; return q; }, () => { let { a: { b, c } } = { a: bad }; return b; }, () => { let { a, d: { b, c } } = { d: bad }; return b; }]) {
    try { say('ok', JSON.stringify(f())); } catch (e) { say(e.name, e.message); }
  }
}
function names() { const { f = () => 1, g: h = function () {}, k = class {}, ...r } = {}; const { z, a = () => 2, [`n${z}`]: y = () => 3 } = {}; return [f.name, h.name, k.name, a.name, y.name]; }
say(names());
function shadow() { var { yield: yy, await: aw, \u0061bc, ...rest } = { yield: 1, await: 2, abc: 3, get d() { say('d', yy, aw, abc); return 4; } }; return [yy, aw, abc, rest.d]; }
say(shadow());
async function as() { const { a, b = await Promise.resolve(5), ...c } = { a: 1, get c() { say('c', a, b); return 1; } }; return [a, b, c.c]; }
function* ge() { const { a, b = yield 1, ...c } = { a: 1, get c() { say('gc', a, b); return 1; } }; return [a, b, c.c]; }
const it = ge(); say(it.next().value, it.next('sent').value);
var { a1, a2, ...a3 } = { get a1() { say('a1'); return 1; }, get a2() { say('a2', a1); return 2; }, get a4() { say('a4', a1, a2); return 4; } };
as().then((v) => { say(v); console.log(log.join('\n')); });
