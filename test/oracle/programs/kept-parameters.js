// Functions among the parameters that keep the others, while they bind and afterwards; and `var`s that are named as those.
function keep(x, read = () => { const got = x; return got; }, write = (v) => { x = v; return x; },) {
  const first = x;
  write(100);
  const inner = x;
  return [first, inner, read(), arguments.length];
}
class A {
  constructor(n = 1, get = () => n, set = (v) => { n += v; }) { set(2); this.g = get; this.n = n; }
  m({ a, f = () => a++ } = {}) { f(); const z = a; return [z, f()]; }
}
class B extends A { constructor(m, up = () => m * 2) { super(up()); m += 1; this.up = up; } }
function early(a, f = () => a + 1, b = f(), c = [() => b, () => { a = b; return a; }][1]()) { const s = a + b + c; return [s, f()]; }
function* steps(n, more = () => n--) { while (more() > 0) { const left = n; yield left; } }
async function later(n, add = (k) => { n += k; }) { await null; add(1); await null; const now = n; return now; }
const arrow = (q, w = () => q, { e, r = () => [q, e] } = {}) => { q += 1; const both = r(); return [w(), both]; };
const nested = (p, deep = () => () => { p += 1; return p; }) => { const inner = deep(); inner(); const seen = p; return [seen, inner()]; };
const made = [1, 2].map((v, i, all, tell = class { static all = all; value() { const held = v * 10; return held; } }) => new tell());
function shadow(x, read = () => x, write = (v) => { x = v; }) {
  var x;
  const first = x;
  x = first * 2;
  write(100);
  const inner = x;
  return [first, inner, read()];
}
function noInit(a = 1, get = () => a) {
  var a = a + 1;
  a += 1;
  return [a, get()];
}
function inLoops(name, g = () => name) {
  for (var i = 0; i < 2; i++) { var name = name + i; }
  const said = g();
  return [name, said];
}
const a = new A();
const b = new B(3);
console.log(keep(5), a.g(), a.n, a.m({ a: 3 }), b.up(), early(1), [...steps(3)], arrow(1, undefined, { e: 2 }), nested(1), made.map((m) => m.value()));
console.log(shadow(5), noInit(), noInit(7), inLoops('orig'), keep.length, A.length, early.length, arrow.length, nested.toString().length);
later(1).then((n) => console.log(n, a.m({ a: 1 })));
