// Symbol.species, subclassed builtins, toPrimitive, isConcatSpreadable, hasInstance, match protocol
class Stack extends Array { static get [Symbol.species]() { return Array; } peek() { return this.at(-1); } }
class Tagged extends Array { constructor(...a) { super(...a); this.tag = a.length; } static from(...a) { return super.from(...a); } }
class Lazy extends Promise { static made = 0; constructor(ex) { super(ex); Lazy.made++; } static get [Symbol.species]() { return Promise; } }
class Keyed extends Map { constructor(it) { super(); this.hits = 0; for (const [k, v] of it ?? []) this.set(k, v); } get(k) { this.hits++; return super.get(k) ?? Keyed.fallback(k); } static fallback(k) { return `?${k}`; } set(k, v) { return super.set(String(k).toLowerCase(), v); } }
class Money { constructor(c, u) { this.c = c; this.u = u; } [Symbol.toPrimitive](hint) { return hint === 'number' ? this.c : hint === 'string' ? `${this.c}${this.u}` : this.c / 100; } get [Symbol.toStringTag]() { return 'Money'; } static [Symbol.hasInstance](x) { return x?.c !== undefined; } }
const s = Stack.of(1, 2, 3); s.push(4, ...s);
console.log(s, s.peek(), s.map((x) => x * 2) instanceof Stack, s.filter(Boolean).constructor.name, s.concat([9]).constructor === Array, s.slice(-2), s.splice(1, 2), s.length, s.flat().constructor.name);
const t = Tagged.from([1, 2, 3]); const m = t.map((x) => x + 1); console.log(t, m, m.tag, t.tag, t.filter((x) => x > 1), Tagged.of(7, 8), t.toString(), t.slice(1));
t.length = 1; t[5] = 'far'; console.log(t, t.length, t.indexOf(undefined), t.includes(undefined), t.findIndex((x) => x === undefined));
const k = new Keyed([['A', 1], ['b', 2]]); console.log(k, k.get('a'), k.get('zz'), k.hits, [...k.keys()], k.size, k.delete('a'));
console.log(+new Money(250, 'EUR'), `${new Money(250, 'EUR')}`, new Money(250, 'EUR') + 1, new Money(1, 'x') > new Money(0, 'x'), String(Object.prototype.toString.call(new Money(1, 'x'))), { c: 1 } instanceof Money, [] instanceof Money);
const spread = { length: 2, 0: 'a', 1: 'b', [Symbol.isConcatSpreadable]: true }; const solid = [1, 2]; solid[Symbol.isConcatSpreadable] = false;
console.log([0].concat(spread, solid, [3]).length, [].concat(solid)[0] === solid);
const words = { [Symbol.split](str, limit) { return [str.length, limit]; }, [Symbol.replace]: (str, r) => `<${str}|${r}>`, [Symbol.match]: (s) => s.length, [Symbol.search]: (s) => s.indexOf('b'), [Symbol.matchAll]: function* (s) { yield* s; }, flags: 'g' };
console.log('abc'.split(words, 3), 'abc'.replace(words, 'x'), 'abc'.match(words), 'abc'.search(words), [...'abc'.matchAll(words)]);
class Re extends RegExp { exec(str) { const r = super.exec(str); if (r) r.extra = `${r[0]}!`; return r; } get flags() { return super.flags.replace('i', ''); } }
const re = new Re('a(?<d>.)', 'gi'); console.log('abAcad'.replace(re, (...a) => JSON.stringify(a.at(-1))), re.lastIndex, [...'abac'.matchAll(new Re('a.', 'g'))].map((r) => r.extra), 'xaby'.split(new Re('a(.)')), re.test('ab'), re.lastIndex);
class Bytes extends Uint8Array { sum() { return this.reduce((a, b) => a + b, 0); } static get [Symbol.species]() { return Uint16Array; } }
const b = Bytes.from([250, 260, 3]); console.log(b, b.sum(), b.map((x) => x * 2), b.subarray === Uint8Array.prototype.subarray, b.slice(1), b.filter((x) => x > 3));
(async () => {
  const p = new Lazy((r) => r(1)); const q = p.then((x) => x + 1); console.log(q.constructor.name, Lazy.made, await q, await Lazy.all([p, 2]), Lazy.made, Lazy.resolve(p) === p);
  const tryIt = await Lazy.reject(new Error('no')).catch((e) => e.message).finally(() => 'ignored'); console.log(tryIt, Lazy.made);
})();
class Err extends Error { constructor(m, o) { super(m, o); Object.setPrototypeOf(this, new.target.prototype); this.when = 5; } static [Symbol.toPrimitive]() { return 'ERR'; } }
console.log(new Err('x', { cause: 1 }).cause, `${Err}`, Object.keys(new Err('y')), new Err('z') instanceof Err);
class Fn extends Function { constructor(body) { super('a', `return ${body}`); this.body = body; } twice(x) { return this(this(x)); } }
const inc = new Fn('a + 1'); console.log(inc(1), inc.twice(1), inc.body, inc.length, inc instanceof Fn, inc.name);
function Old() { if (!new.target) return new Old(); this.a = new.target === Old; } Old.prototype.m = function () { return super_(this); }; function super_(o) { return o.a; }
class New extends Old { constructor() { super(); this.b = super.m(); } } console.log(Old(), new Old(), new New(), Reflect.construct(Old, [], New), Reflect.construct(Array, [3], Stack) instanceof Stack);
const bound = Old.bind(null); console.log(new bound() instanceof Old, bound.name, bound.prototype);
class Obj extends Object { constructor() { super(1, 2); } } console.log(new Obj()); class Nul extends null { static s() { return 1; } } console.log(Nul.s()); try { new Nul(); } catch (e) { console.log(e.name, e.message); }
