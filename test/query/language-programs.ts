/** Small programs over the language; each leaves its results in the variables of its file. */
export const programs: Readonly<Record<string, string>> = {
  'arithmetic and copies': `
    let a = 1; let b = a + 2; const c = a * b - 7 / 3; var d = -0; let e = 10n ** 20n; a++; --b; a += b; let f = \`\${a}-\${b}\`;
    let g = a > b ? 'x' : 'y'; let h = typeof g; let i = !a; let j = a ?? 5; let k = null || undefined; let l = 2 ** 0.5, m = NaN;`,
  'if, else and nested conditions': `
    const out = []; for (let i = 0; i < 6; i++) { if (i % 3 === 0) out.push('a'); else if (i % 3 === 1) { out.push('b'); } else out.push('c'); }
    let x = 0; if (out.length > 3) x = 1; if (out.length > 30) x = 2; else x += 5;`,
  'while, do-while, for-in': `
    let n = 5, sum = 0; while (n > 0) { sum += n; n--; } let m = 0; do { m += 2; } while (m < 7);
    const keys = []; for (const k in { a: 1, b: 2, 10: 3 }) keys.push(k); let last; for (last in [7, 8]) {}`,
  'labelled break and continue': `
    const seen = []; outer: for (let i = 0; i < 4; i++) { for (let j = 0; j < 4; j++) { if (j === 2) continue outer; if (i === 2) break outer; seen.push(i * 10 + j); } }
    let done = false; block: { if (seen.length > 1) break block; done = true; }`,
  'switch with fall-through and default in the middle': `
    const out = []; function f(x) { switch (x) { case 1: out.push('one'); default: out.push('other'); break; case 2: { let y = x * 2; out.push(y); } case 3: out.push('three'); } }
    f(1); f(2); f(3); f(4); let z = 0; switch (z) { case 0: let q = 5; z = q; }`,
  'closures in loops': `
    const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i++); } const first = fs.map((f) => f()); const second = fs.map((f) => f());
    var gs = []; for (var v = 0; v < 3; v++) gs.push(() => v); const third = gs.map((g) => g());
    const hs = []; for (const x of [1, 2]) { let y = x * 2; hs.push(() => (y += x)); } const fourth = hs.map((h) => h() + h());`,
  'counters made by closures': `
    function counter(start) { let n = start; return { up() { n += 1; return n; }, get value() { return n; }, reset: () => { n = start; } }; }
    const a = counter(5); const b = counter(10); a.up(); a.up(); b.up(); const av = a.value; b.reset(); const bv = b.value;`,
  recursion: `
    function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } const f10 = fib(10);
    const fact = (n) => { if (n === 0) return 1n; return BigInt(n) * fact(n - 1); }; const f20 = fact(20);
    function even(n) { if (n === 0) return true; return odd(n - 1); } function odd(n) { if (n === 0) return false; return even(n - 1); } const e = even(7);`,
  destructuring: `
    const { a, b: { c, ...rest }, d = 4, ['e' + 1]: f } = { a: 1, b: { c: 2, x: 3, y: [4] }, e1: 5 }; const [g, , h = 9, ...i] = [1, 2, undefined, 4, 5];
    let j, k; [j, k] = [1, 2]; [j, k] = [k, j]; const o = {}; ({ a: o.p, b: o['q'] } = { a: 1, b: 2 });
    function p({ x, y = x * 2 }, [z] = [3], ...w) { return [x, y, z, w]; } const q = p({ x: 1 }); const r = p({ x: 1, y: 5 }, [7], 8, 9);`,
  'default parameters and arguments': `
    function f(a, b = a + 1, ...c) { a = a * 2; return [a, b, c.length, arguments.length]; } const x = f(1), y = f(1, 2, 3, 4);
    function g() { return Array.from(arguments).reverse(); } const z = g(1, 2, 3); function h(a) { const args = arguments; return args; } const w = h(1, 'b');`,
  'properties, deletes, computed keys': `
    const key = 'k' + 1; const o = { a: 1, [key]: 2, 'b c': 3, nested: { deep: [1, { x: 2 }] } }; o.a = 5; o.b = o.a + 1; o[key] += 10; o['z'] = null; delete o['b c'];
    o.nested.deep[1].x++; o.nested.deep.push(3); o.nested.deep[5] = 'far'; let post = o.a++; let pre = ++o.a; o.self = o; const { length } = o.nested.deep; o.x ??= 7; o.x ??= 8; o.q ||= 1; o.q &&= 2;`,
  'frozen and sealed objects': `
    const frozen = Object.freeze({ a: 1 }); frozen.a = 2; frozen.b = 3; const sealed = Object.seal({ a: 1 }); sealed.a = 2; sealed.b = 3;
    const closed = Object.preventExtensions({ a: 1 }); closed.b = 1; closed.a = 9; let thrown = null; (function () { 'use strict'; try { frozen.a = 5; } catch (e) { thrown = e.constructor.name; } })();`,
  'getters and setters': `
    const log = []; const o = { _v: 1, get v() { log.push('get'); return this._v; }, set v(x) { log.push('set'); this._v = x; } }; o.v = 5; o.v += 2; const r = o.v;
    const child = Object.create(o); child.v = 100; child._w = 3; Object.defineProperty(o, 'fixed', { value: 1, writable: false }); o.fixed = 2; child.fixed = 3;`,
  'classes with private fields and statics': `
    class A { #secret = 1; open = 'o'; static count = 0; static make() { A.count++; return new A(); } get secret() { return this.#secret; } set secret(v) { this.#secret = v; } bump() { this.#secret += 10; return this; } #hidden() { return 7; } callHidden() { return this.#hidden(); } static { A.tag = 'T'; } }
    const a = A.make(); a.bump().bump(); const s = a.secret; a.secret = 3; const t = a.secret; const h = a.callHidden(); const n = A.count; a.extra = 1;`,
  'derived classes and super': `
    class P { constructor(x) { this.x = x; } m() { return 'P' + this.x; } static s() { return 's'; } } class C extends P { y = this.x + 1; constructor(x) { super(x * 2); this.z = this.y; } m() { return super.m() + 'C'; } }
    class D extends C { w = [1]; } const c = new C(1); const d = new D(5); const m = d.m(); const s = D.s(); const isP = d instanceof P; const Anonymous = class { q = 1; }; const an = new Anonymous();`,
  'functions as constructors and prototypes': `
    function Point(x, y) { this.x = x; this.y = y; } Point.prototype.sum = function () { return this.x + this.y; }; const p = new Point(1, 2); const s = p.sum();
    function Sub(x) { Point.call(this, x, x); this.k = 1; } Sub.prototype = Object.create(Point.prototype); Sub.prototype.constructor = Sub; const q = new Sub(4); const t = q.sum(); p.x = 10; const u = p.sum();`,
  'throw, catch, rethrow': `
    const log = []; function f(x) { if (x > 2) throw new Error('big ' + x); return x; } function g(x) { try { return f(x); } catch (e) { log.push(e.message); throw new TypeError('wrapped'); } }
    let r; for (let i = 1; i < 5; i++) { try { r = g(i); log.push(r); } catch ({ message, name }) { log.push(name + message); } } try { null.x; } catch { log.push('native'); }`,
  'finally in all its ways': `
    const log = []; function a() { try { return 'a'; } finally { log.push('fa'); } } function b() { try { throw 1; } catch (e) { return 'b' + e; } finally { log.push('fb'); } }
    function c() { try { return 'c'; } finally { return 'override'; } } function d() { for (let i = 0; i < 3; i++) { try { if (i === 1) continue; if (i === 2) break; log.push(i); } finally { log.push('f' + i); } } return 'd'; }
    function e() { try { try { throw new Error('x'); } finally { log.push('inner'); } } catch (err) { log.push(err.message); } finally { log.push('outer'); } return 'e'; } const r = [a(), b(), c(), d(), e()];`,
  'nested finally with return through both': `
    const log = []; function f() { try { try { return log.push('r'); } finally { log.push('i'); } } finally { log.push('o'); } } const x = f();
    function g() { l: try { try { break l; } finally { log.push('gi'); } } finally { log.push('go'); } log.push('after'); return 5; } const y = g(); let z = 0; try { z = 1; } finally { z += 10; } z += 100;`,
  generators: `
    function* g(n) { for (let i = 0; i < n; i++) { const got = yield i * 2; if (got) i += got; } return 'end'; } const a = [...g(3)]; const it = g(5); const b = [it.next(), it.next(2), it.next(), it.next()];
    function* outer() { const r = yield* g(2); yield r; } const c = [...outer()]; const o = { *[Symbol.iterator]() { yield 1; yield 2; } }; const d = [...o]; const [e] = o;`,
  'generators closed and thrown into': `
    const log = []; function* g() { try { yield 1; yield 2; } catch (e) { log.push('c' + e); yield 9; } finally { log.push('f'); } } const a = g(); a.next(); const r1 = a.return(5); const b = g(); b.next(); const r2 = b.throw('x'); const r3 = b.next();
    for (const v of g()) { log.push(v); break; } const never = g(); const r4 = never.return(1);`,
  'generators closed whose finally only computes': `
    let steps = 0; function* g() { try { steps += 1; yield 1; steps += 10; yield 2; } finally { steps += 100; } } const [a] = g(); const [b, c, d] = g(); for (const x of g()) break; function f() { try { null.x; } finally { steps += 1000; } } try { f(); } catch { steps += 10000; } function h() { try { return steps; } finally { steps *= 2; } } const r = h();`,
  'private accessors': `
    class A { #v = 1; get #x() { return this.#v; } set #x(n) { this.#v = n * 2; } bump() { this.#x = this.#x + 1; return this.#v; } static #n = 0; static get #c() { return A.#n; } static inc() { A.#n++; return A.#c; } } const a = new A(); const r = [a.bump(), a.bump(), A.inc(), A.inc()];`,
  'generators interleaved': `
    function* count(name, n) { let i = 0; while (i < n) { yield name + i; i++; } } const a = count('a', 3), b = count('b', 2); const out = []; for (;;) { const x = a.next(); const y = b.next(); if (x.done && y.done) break; out.push(x.value, y.value); }`,
  'async functions': `
    const log = []; async function f(x) { log.push('s' + x); await null; log.push('m' + x); const y = await Promise.resolve(x * 2); return y + 1; } let r1, r2; f(1).then((v) => { r1 = v; }); f(2).then((v) => { r2 = v; });
    const delay = (ms) => new Promise((r) => setTimeout(r, ms)); let r3; (async () => { await delay(1); r3 = await Promise.all([f(3), f(4)]); })();`,
  'async errors': `
    const log = []; async function bad(x) { await 0; if (x) throw new Error('no ' + x); return 'ok'; } async function run() { try { log.push(await bad(0)); await bad(1); log.push('never'); } catch (e) { log.push(e.message); } finally { log.push('fin'); } return 'done'; }
    let r; run().then((v) => { r = v; }); let caught; bad(2).catch((e) => { caught = e.message; });`,
  'for await and async generators': `
    const out = []; async function* g() { for (let i = 0; i < 3; i++) { await null; yield i; } } let done = false; (async () => { for await (const x of g()) { out.push(x); } for await (const y of [Promise.resolve('p'), 'q']) out.push(y); done = true; })();`,
  'async generators that delegate': `
    const wait = (x) => new Promise((resolve) => setImmediate(resolve, x)); async function* made(n) { for (let i = 0; i < n; i++) yield await wait(i); return 'over'; } async function* on(n) { const r = yield* await wait(made(n)); yield r; }
    const out = []; (async () => { for await (const x of await wait(on(3))) out.push(x); out.push('done'); })();`,
  'maps, sets and weak collections': `
    const m = new Map([['a', 1]]); m.set('b', { x: 1 }); m.get('b').x = 2; m.delete('a'); const s = new Set([1, 2, 2, NaN]); s.add('x'); s.delete(1); const k = {}; m.set(k, s); const w = new WeakMap([[k, 1]]); const has = w.has(k); const size = m.size + s.size; const e = new Map(); e.set(1, 1); e.clear();`,
  'array methods that change in place': `
    const a = [3, 1, 2]; a.sort(); a.push(4, 5); const p = a.pop(); a.unshift(0); const s = a.shift(); a.splice(1, 1, 'x', 'y'); a.reverse(); const b = [1, 2, 3, 4].fill(0, 1, 3); b.copyWithin(0, 3); b.length = 2; b[4] = 1; const c = a.concat(b).map((x) => x + '!'); const d = a.filter((x) => typeof x === 'number').reduce((t, x) => t + x, 0); const e = Array.from({ length: 3 }, (_, i) => i * i); e.at(-1); const f = [...e, ...a]; a[0] = [a[1]];`,
  'typed arrays, buffers and dates': `
    const u = new Uint8Array(4); u[0] = 300; u[1] = -1; u[9] = 5; const v = new DataView(u.buffer); v.setInt16(2, 258); const f = new Float32Array([1.1, 2.2]); f[0] += 0.1; u.fill(7, 3); const d = new Date(86400000); d.setFullYear(2001); const big = new BigInt64Array(1); big[0] = -5n; const sub = u.subarray(1, 3); sub[0] = 42; const c = new Uint8ClampedArray(2); c[0] = 1000; c[1] = 1.5;`,
  'symbols and well-known hooks': `
    const s = Symbol('mine'); const o = { [s]: 1, [Symbol.toPrimitive]() { return 42; } }; o[s]++; const n = +o; const t = \`\${o}\`; const u = o + 1; const r = Symbol.for('shared'); const same = r === Symbol.for('shared'); class T { get [Symbol.toStringTag]() { return 'TT'; } } const str = String(new T());`,
  'objects that convert themselves': `
    let calls = 0; const o = { valueOf() { calls++; return 10; } }; let a = o * 2; let b = o + 1; a += o; let c = o > 5; let d = -o; let i = { valueOf: () => 3 }; i++; let j = [1] + [2]; let k = [] + {};`,
  'proxies and Reflect':
    `
    const log = []; const target = { a: 1 }; const p = new Proxy(target, { get(t, k, r) { if (typeof k === 'string') log.push('get ' + k); return Reflect.get(t, k, r); }, set(t, k, v) { log.push('set ' + k); t[k] = v * 2; return true; }, has: () => true, deleteProperty(t, k) { delete t[k]; return true; } });
    p.x = 5; const r = p.x + p.a; const h = 'zzz' in p; delete p.a; const keys = Reflect.ownKeys(target); Reflect.set(target, 'r', 1); Reflect.defineProperty(target, 'hid', { value: 1, enumerable: false, configurable: true });
    const final = Object.keys(target); const pp = 1;`.replace('const p =', 'const p_ = 0; let p =') + ' p = null;',
  'Object functions that write': `
    const a = Object.assign({ x: 1 }, { y: 2 }, null, { x: 3 }); const b = { ...a, z: [1] }; const c = Object.fromEntries([['k', 1]]); const d = Object.defineProperties({}, { v: { value: 1, enumerable: true }, g: { get() { return 5; }, configurable: true } }); const e = Object.setPrototypeOf({ own: 1 }, a); const inherited = e.y; e.y = 9; const f = structuredClone ? 1 : 0; const g = Object.entries(b).length;`.replace(
    'structuredClone ? 1 : 0',
    '1',
  ),
  'hoisting and shadowing': `
    var early = typeof later; var later = 1; function dup() { return 1; } const d = dup(); let x = 'outer'; { let x = 'inner'; var leaked = x; { const x = 3; leaked += x; } } function shadow(x) { if (x) { let x = 5; x++; return x; } return x; } const s1 = shadow(1), s2 = shadow(0);
    let tdz; try { use; let use = 1; } catch (e) { tdz = e.name; } { function inBlock() { return 'ib'; } var ib = inBlock(); }`,
  'comma, void, chained assignment and logic': `
    let a, b, c; a = b = c = 5; let d = (a++, b += 2, a + b); let e = void 0; let f = a && b && 0; let g = f || (c = 9); let h = null ?? (b = 1, b); a ||= 4; f ||= 'set'; e ??= 'e'; a &&= a + 1; let i = a > 3 ? (b = 2) : (b = 3); let k = [a = 1, a = 2, a + 1]; let l = (() => 1)(), m = ((x) => { x.y = a; return x; })({});`,
  'optional chaining and calls': `
    const o = { a: { b: () => 5, c: null }, f: undefined }; const v1 = o?.a?.b?.(); const v2 = o.x?.y.z.w; const v3 = o.f?.(1); const v4 = o.a.c?.d ?? 'def'; const v5 = o['a']?.['b'](); let n = 0; const v6 = o.nope?.[n++]; delete o?.a?.c;`,
  'tagged templates and regular expressions': `
    function tag(s, ...v) { return s.raw.join('|') + v.join(','); } const t = tag\`a\${1}b\${2}c\`; const re = /(\\d)(?<l>[a-z])/g; const m = []; let x; while ((x = re.exec('1a2b3c'))) m.push(x[0], x.groups.l); const r = 'a-b'.replace(/-/, () => '+'); const li = re.lastIndex; const sticky = /a/y; sticky.test('aa'); `,
  'strings built and cut': `
    let s = ''; for (let i = 0; i < 50; i++) s += 'chunk' + i + ';'; const sub = s.slice(100, 200); const up = sub.toUpperCase(); const parts = s.split(';').length; const t = sub.trim() + sub.substring(3, 90); const rep = 'ab'.repeat(100); const emoji = '😀'.repeat(40) + 'é'; let long = emoji.slice(2); long += rep; const idx = long.indexOf('ab');`,
  'getters on classes and toJSON': `
    class Temp { constructor(c) { this.c = c; } get f() { return this.c * 1.8 + 32; } set f(v) { this.c = (v - 32) / 1.8; } toJSON() { return { f: this.f }; } static from(f) { const t = new Temp(0); t.f = f; return t; } } const t = Temp.from(212); const j = JSON.stringify({ t }); t.f = 32; const c = t.c; const parsed = JSON.parse('{"a":[1,{"b":null}]}'); parsed.a[1].b = 2;`,
  'callbacks of builtins': `
    const order = []; const xs = [5, 3, 8]; xs.sort((a, b) => { order.push(a * 10 + b); return a - b; }); xs.forEach(function (x, i) { this.sum += x * i; }, order); const r = xs.reduceRight((a, x) => { a.push(x); return a; }, []); const f = xs.find((x) => x > 4); const m = new Map(xs.map((x) => [x, { x }])); m.forEach((v, k) => { v.k = k; }); const every = xs.every((x) => x > 3);`,
  'bind, call, apply, and currying': `
    function f(a, b) { return [this && this.n, a, b]; } const o = { n: 7 }; const b1 = f.bind(o, 1)(2); const c1 = f.call(o, 3, 4); const a1 = f.apply(null, [5, 6]); const curry = (a) => (b) => (c) => a + b + c; const s = curry(1)(2)(3); const compose = (...fs) => (x) => fs.reduceRight((v, g) => g(v), x); const r = compose((x) => x + 1, (x) => x * 2)(5);`,
  'cyclic and shared structures': `
    const a = { name: 'a' }; const b = { name: 'b', a }; a.b = b; const list = [a, b, a]; list.push(list); const tree = { kids: [] }; function grow(node, depth) { if (depth === 0) return; for (let i = 0; i < 2; i++) { const kid = { parent: node, depth, kids: [] }; node.kids.push(kid); grow(kid, depth - 1); } } grow(tree, 3); let count = 0; (function walk(n) { count++; n.kids.forEach(walk); })(tree);`,
  'timers and microtask order': `
    const log = []; setTimeout(() => log.push('t'), 0); Promise.resolve().then(() => { log.push('m1'); return 1; }).then((v) => log.push('m2' + v)); queueMicrotask(() => log.push('q')); log.push('sync'); let n = 0; const again = () => { if (++n < 3) setTimeout(again, 0); }; again();`,
  'the name of a class inside it': `
    const seen = []; class A { static n = 1; static { seen.push(A.n, A === this); const self = A; seen.push(self.name); } m() { const c = A; return c; } }
    const B = class Inner { static n = A.n + 1; static m() { const c = Inner; return c.n; } }; const r = [new A().m() === A, B.m()];
    function make(tag) { let n = 0; return class Made { static tag = tag; m() { n++; const c = Made; return c.tag + n; } }; }
    const P = make('p'), Q = make('q'); const late = [new P().m(), new Q().m(), new P().m()];`,
  'a switch whose binding is met too early': `
    const out = []; function f(x) { switch (x) { case 1: let s = 'one'; return s; case 2: s = 'two'; } } out.push(f(1)); try { f(2); } catch (e) { out.push(e.name); }`,
  'fields seen by the initialisers behind them': `
    const seen = []; const look = (o) => { seen.push(Object.keys(o).length); return o.a; }; class A { a = 1; #p = look(this); b = look(this) + this.#p; constructor(x) { this.x = x; } }
    class B extends A { c = look(this); constructor() { super(look({ a: 7 })); this.d = this.c; } } const a = new A(2), b = new B();`,
};
