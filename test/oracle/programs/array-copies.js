// Arrays with holes, copying methods, lengths that change, sorting with side effects.
const holes = [1, , 3]; holes.length = 5; holes[7] = 8; delete holes[0];
const seen = []; holes.forEach((v, i) => { seen.push(i); }); const mapped = holes.map((v) => v * 2), keys = Object.keys(holes), filled = Array.from(holes), some = holes.findLast((v) => v === undefined);
const a = [5, 3, 9, 1]; const sorted = a.toSorted((x, y) => { const d = x - y; return d; }), rev = a.toReversed(), spl = a.toSpliced(1, 2, 'x', 'y'), w = a.with(-1, 0), at = a.at(-2);
let compares = 0; const people = [{ n: 'b', a: 2 }, { n: 'a', a: 2 }, { n: 'c', a: 1 }]; people.sort(({ a: x }, { a: y }) => { compares++; return x - y; });
const grow = [1, 2, 3]; for (const x of grow) { if (grow.length < 6) grow.push(x * 10); } const shrink = [1, 2, 3, 4]; const order = []; for (const [i, x] of shrink.entries()) { order.push([i, x]); shrink.shift(); }
a.copyWithin(0, 2); a.fill('f', 1, 2); a.unshift(...a.splice(2, 1)); a.length = 3; a[a.length] = 'end'; [a[0], a[1]] = [a[1], a[0]];
const nested = [1, [2, [3, [4]]]].flat(Infinity), fm = [1, 2].flatMap((x) => [x, [x]]), inc = [NaN].includes(NaN), idx = [NaN].indexOf(NaN);
const like = Array.prototype.map.call('abc', (c, i) => c + i), red = [[1, 2], [3]].reduceRight((acc, cur) => { const next = acc.concat(cur); return next; }, []);
const entries = Object.entries({ b: 1, a: 2, 1: 'n' }), back = Object.fromEntries(entries.map(([k, v]) => [v, k])), assign = Object.assign([], { 0: 'z', length: 2, extra: true });
const join = [null, undefined, [1, [2]], {}].join('-'), big = Array(3), odd = [...Array(3).keys()], from = Array.from({ length: 2, 0: 'q' }, function (v, i) { return [this.p, v, i]; }, { p: 1 });
const frozen = Object.freeze([1, 2]); let err; try { (() => { 'use strict'; frozen.push(3); })(); } catch (e) { err = e.constructor.name; }
const sparse = []; sparse[1e6] = 1; sparse['01'] = 'prop'; sparse[-1] = 'neg'; const count = sparse.reduce((n) => n + 1, 0), own = Object.keys(sparse);
const tuples = [...new Map([[1, { k: [] }]])].map(([k, { k: v }]) => { v.push(k); return v; }), splitAll = 'a1b2'.split(/\d/), sliced = [..."héllo"].slice(-3), m2 = Array.of(7, undefined).concat(8);
let ind = 0; const tgt = []; tgt[ind++] = ind++; tgt[ind] = tgt[--ind] = ind; tgt[tgt.push('x')] = tgt.length;
console.log(seen, mapped, keys, filled, some, sorted, rev, spl, w, at, people, compares, grow, order, shrink, a, nested, fm, inc, idx, like, red, entries, back, assign, join, big, odd, from, err, count, own, tuples, splitAll, sliced, m2, tgt);
