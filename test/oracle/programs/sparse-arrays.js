// arrays with holes, long and nearly empty ones, inconsistent comparators, changes while they are gone through, array-likes
const holes = [, 1, , 3, ,];
const seen = [];
holes.forEach((v, i) => seen.push([i, v]));
console.log(holes.length, seen, 0 in holes, [...holes], holes.map((x) => x * 2), Object.keys(holes), holes.indexOf(undefined), holes.includes(undefined), holes.findIndex((x) => x === undefined));
holes[7] = 'far'; holes.length = 6; holes[2] = undefined; delete holes[1];
console.log(holes, holes.flat(), holes.filter(() => true), JSON.stringify(holes), holes.join('-'), holes.reduceRight((a, v, i) => a + i, 0));
const moved = [1, 2, 3, 4, 5, , 7].copyWithin(1, 4); const cut = moved.splice(-3, 2, 'x', 'y', 'z');
console.log(moved, cut, moved.splice(1), moved, moved.unshift(...cut), moved);
const calls = [];
const odd = [5, 1, 4, undefined, 2, , 3].sort((a, b) => { calls.push([a, b]); return a === 4 ? 1 : b === 4 ? 1 : a - b; });
console.log(odd, calls.length, [3, 1, 2].sort(() => 0), ['b', , undefined, 'a', 'C'].sort(), [10, 9, 1].sort());
const throwing = [3, 2, 1]; let n = 0;
try { throwing.sort((a, b) => { if (++n === 2) throw new Error('compare'); return a - b; }); } catch (e) { console.log(e.message, throwing); }
const growing = [1, 2, 3]; const visited = [];
growing.forEach((x, i, all) => { visited.push(x); if (i === 0) { all.push(4); all.shift(); } if (all.length > 3) all.pop(); });
console.log(growing, visited);
for (const x of growing) { if (growing.length < 6) growing.push(x * 10); visited.push(x); }
console.log(growing, visited);
const like = { length: 3, 0: 'a', 2: 'c' };
const generic = [Array.prototype.map.call(like, (x) => x + x), Array.prototype.push.call(like, 'd', 'e'), Array.prototype.reverse.call(like), Array.prototype.splice.call(like, 1, 2), Array.prototype.concat.call(like, [1]), Array.from(like), Array.prototype.fill.call({ length: 2 }, 0), Array.prototype.shift.call(like)];
console.log(generic, like);
const spreadable = { length: 2, 0: 'p', 1: 'q', [Symbol.isConcatSpreadable]: true };
console.log([1].concat(spreadable, [[2]], 3), [[1, [2, [3, [4]]]]].flat(Infinity), [1, 2].flatMap((x) => [x, [x]]));
const big = []; big[2 ** 32 - 2] = 'last'; big.custom = 1; big['-1'] = 'neg'; big['01'] = 'str';
console.log(big.length, Object.keys(big), big.at(-1));
try { big.push('over', 'flow'); } catch (e) { console.log(e.name, big.length, big[2 ** 32 - 1], Object.keys(big)); }
try { new Array(-1); } catch (e) { console.log(e.message); }
const frozen = Object.freeze([1, [2]]);
'use strict';
try { (() => { 'use strict'; frozen.push(3); })(); } catch (e) { console.log(e.message, frozen); }
frozen[1].push('inner'); frozen[0] = 9;
console.log(frozen, Object.isFrozen(frozen), frozen.with?.(0, 5), frozen.toSorted?.((a, b) => (String(a) < String(b) ? 1 : -1)), [3, , 1].toSpliced?.(1, 1, 'n'), [1, , 3].toReversed?.());
const proto = Object.create(Array.prototype, { total: { get() { return this.reduce((a, b) => a + b, 0); } } });
const custom = Object.setPrototypeOf([1, 2, 3], proto); custom.length = 2; custom.push(10);
console.log(custom.total, custom instanceof Array, custom.map((x) => x).total, Array.isArray(proto), custom);
Array.prototype[3] = 'inherited';
const withProto = [1, , 3, , 5];
console.log(withProto[3], withProto.indexOf('inherited'), withProto.map((x) => x), withProto.pop(), withProto.pop(), withProto);
delete Array.prototype[3];
const lastIndexes = [[1, 2, 1].lastIndexOf(1, -2), [NaN].indexOf(NaN), [NaN].includes(NaN), [1, 2, 3].findLast?.((x) => x < 3), [, 1].every((x) => x), [,].some(() => true), [1, 2, 3].entries().next(), [...[, 'a'].keys()]];
console.log(lastIndexes, [1, 2, 3, 4].fill(0, -3, -1), Array.of(7).length, Array(3).join('x'), [..."héé"].length);
const longest = new Array(4294967295);
function f(x) { return x.length; }
console.log(f(longest));
const b = []; b[3e9] = { x: 1 }; b[5] = 2; b.named = 1;
const keep = () => b;
console.log(f(keep()), Object.keys(b));
const box = { list: b };
b[7] = 'seven'; delete b[5];
console.log(box.list.length);
b.length = 10;
console.log(f(b), b);
