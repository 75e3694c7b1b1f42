// Defaults that see each other, closures over parameters, arguments, new.target, this in defaults.
let calls = 0; const next = () => ++calls;
function a(x = next(), y = x + next(), { z = y * 2, w: [v = z] = [] } = {}, ...rest) { x = 10; const f = () => [x, y, z, v, rest.length]; return f(); }
function b(x, get = () => x, set = (n) => { x = n; }) { var x; const before = x; x = 'body'; set('param'); return [before, x, get()]; }
function c(first, second = arguments.length, third = arguments[0]) { first = 'f'; return [second, third, arguments[0], (() => arguments.length)()]; }
function N(name = new.target?.name ?? 'none', self = this) { if (new.target) this.name = name; return new.target ? undefined : [name, self === globalThis || self === undefined]; }
class P { constructor(n = 1) { this.n = n; } m(k = this.n, f = () => this.n + k) { this.n++; return f(); } static s(x = this.name) { return x; } get [`g${next()}`]() { return 'computed'; } }
class Q extends P { constructor(a, b = () => this) { super(a); this.b = b() === this; } m(k = super.m(2)) { return k; } }
const arrow = ({ length }, [h, , t = h] = 'abc', f = (u = t) => u + length) => f();
const rec = (n, acc = n > 0 ? rec(n - 1) : [], id = acc.push(n)) => (id, acc);
const noName = [({ a: { b: c = 1 } = {} }) => c, function ([x, ...[y, z = x]]) { return [x, y, z]; }, async (x = Promise.resolve(3)) => await x, function* (n = 2) { while (n--) yield n; }];
const outs = [noName[0]({}), noName[0]({ a: { b: 5 } }), noName[1]('pq'), [...noName[3]()]];
let tdz; try { ((p = q, q = 1) => p)(); } catch (e) { tdz = e.message; } let miss; try { (({ x: { y } }) => y)({}); } catch (e) { miss = e.message; } let noIt; try { (([z]) => z)({}); } catch (e) { noIt = e.message; }
const evalled = ((k = eval('var inEval = 4; inEval'), g = () => typeof inEval) => [k, g()])(); const lens = [a, b, c, arrow, P.prototype.m].map((f) => f.length);
const curry = (f, ...got) => (got.length >= f.length ? f(...got) : (...more) => curry(f, ...got, ...more)); const cur = curry((x, y, z) => x + y + z)(1)(2, 3);
const o = { f(x, y = super.toString === Object.prototype.toString) { return [x, y]; }, set s({ k, l = k }) { this.t = [k, l]; }, async *ag(n, m = n) { yield n + m; } }; o.s = { k: 3 };
(async () => { console.log(a(), a(1, undefined, { z: 3 }, 4, 5), b(1), c(1), c(1, 2, 3), N(), new N().name, new P(4).m(), P.s(), new Q(2).b, new Q(2).m(), arrow([1, 2]), rec(3), outs, await noName[2](), tdz, miss, noIt, evalled, lens, cur, o.f(1), o.t, (await o.ag(2).next()).value, calls); })();
