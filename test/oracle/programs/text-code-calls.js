// code made of text that is reached through properties and closures, calls back, throws, or makes more code
const log = [];
const api = { run: new Function('o', 'cb', 'o.n = 1; cb(o); o.n = 2; o.list.push(3); cb(o); return o;') };
const o = { n: 0, list: [] };
api.run(o, (x) => {
  const seen = x.n;
  log.push(seen, x.list.length);
});
console.log(o, log);
function make() {
  const f = new Function('o', 'o.made = { deep: [1] }; return o.made');
  return { go: (x) => f(x), f };
}
const m = make();
const r = m.go(o);
console.log(r.deep, o);
const thrower = new Function('o', 'o.before = true; throw new Error("x" + o.n)');
const holder = { thrower };
try {
  holder.thrower(o);
} catch (e) {
  const msg = e.message;
  console.log(msg, o);
}
const vm = require('node:vm');
const cf = vm.compileFunction('o.q = 1; cb(o); o.q++; cb(o)', ['o', 'cb']);
[1, 2].forEach(() => cf(o, (v) => { const q = v.q; log.push(q); }));
console.log(o.q);
const ge = eval;
globalThis.st = o;
globalThis.cb2 = (v) => { const z = v.z; log.push(z); };
ge('st.z = 1; cb2(st); st.z = 2; cb2(st)');
console.log(log);
const gen = new Function('o', 'return function(k){ o[k] = (o[k]||0)+1; return o; }')(o);
const ks = ['a', 'b', 'a'].map((k) => gen(k).a);
console.log(ks, o);
const acc = ks.reduce(new Function('a', 'b', 'return a + b'));
console.log(acc);
class Store { constructor() { this.items = []; } add = new Function('x', 'this.items.push(x); this.last = x; return this'); }
const s = new Store();
const len = s.add(1).add({ y: 2 }).items.length;
console.log(len, s);
const AsyncFunction = (async () => {}).constructor;
const af = new AsyncFunction('o', 'o.async = 1; await null; o.async = 2; return o');
(async () => {
  const p = af(o);
  const before = o.async;
  const done = await p;
  console.log(before, done.async);
})();
globalThis.zz = { a: 1 };
const given = ge('zz.b = 2; zz.c = () => { zz.d = 1 }; if (zz.a) zz.e = 5; zz.a++');
zz.c();
console.log(given, ge('"x"; zz.f = 3'), ge("zz.g = 1\nzz['h'] = 2"), zz);
for (const body of ['o.x = 1;\n  o.y = (o.z = 2, o.nope.q)', '"use strict"; o.w = 1; throw new Error("hi")', 'o. = 1']) {
  try {
    new Function('o', body)(zz);
  } catch (error) {
    const [first, second] = error.stack.split('\n');
    console.log(first, second, zz);
  }
}
const F = new Function('a, b', 'c = 2', ['d', 'e'], 'a.q = () => { a.w = 1; };\nreturn a;');
console.log(String(F), F.length, F.name, String(F(zz).q));
const makers = [Function, AsyncFunction, Object.getPrototypeOf(function* () {}).constructor];
for (const Maker of makers) {
  const made = new Maker('o', 'o.made = (o.made || 0) + 1; return o.made');
  const value = made(zz);
  console.log(typeof value, zz.made, String(made));
}
const G = Object.getPrototypeOf(function* () {}).constructor;
const steps = new G('o', 'o.g1 = yield 1; o.g2 = yield 2; return o')(zz);
for (let step = steps.next(); !step.done; step = steps.next('sent')) console.log(step.value, zz.g1);
Reflect.construct(Function, ['o', 'o.rc = 1'])(zz);
Function.apply(null, ['o', 'o.ap = 1'])(zz);
Function.call(null, 'o', 'o.ca = 1')(zz);
new Function(...['o', 'p'], 'o.sp = p')(zz, [1]);
console.log(zz.rc, zz.ap, zz.ca, zz.sp);
const nested = new Function('o', 'const inner = new Function("p", "p.inner = 1; return p"); return inner(o).inner');
const inner = nested(zz);
console.log(inner, zz.inner, String(cf));
