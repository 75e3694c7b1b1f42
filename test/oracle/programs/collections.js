// Maps and Sets changed while walked, sort comparators with state, array methods with callbacks that change the array.
const visits = [];
const map = new Map([['a', 1], ['b', 2], ['c', 3]]);
for (const [key, value] of map) {
  visits.push(`${key}${value}`);
  if (key === 'a') map.delete('b');
  if (key === 'c' && map.size < 4) map.set('d', 4).set('a', 10);
}
map.forEach((value, key, self) => {
  if (value < 3) self.delete(key);
  else self.set(key, value - 1);
});
const set = new Set([3, 1, 2]);
for (const n of set) {
  if (n > 5) break;
  set.add(n + 3);
  set.delete(n);
}
const numbers = [5, 3, 9, 1, 7];
let compared = 0;
const ascending = [...numbers].sort((a, b) => {
  compared++;
  return a - b;
});
const stable = [{ k: 1, v: 'x' }, { k: 0, v: 'y' }, { k: 1, v: 'z' }].sort((a, b) => a.k - b.k).map(({ v }) => v);
const grown = [1, 2, 3];
grown.forEach((n, i, all) => {
  if (all.length < 6) all.push(n * 10);
});
const shrunk = [1, 2, 3, 4].filter((n, i, all) => {
  if (i === 0) all.pop();
  return n % 2;
});
const total = numbers.reduceRight((sum, n, i) => sum + n * i, 0);
const nested = [1, [2, [3, [4]]]].flat(Infinity).flatMap((n) => (n % 2 ? [n, -n] : []));
const grouped = Object.entries(numbers.reduce((groups, n) => {
  (groups[n > 4 ? 'big' : 'small'] ??= []).push(n);
  return groups;
}, {}));
const copy = numbers.slice();
copy.copyWithin(0, 3);
copy.fill(0, 4);
const removed = copy.splice(1, 2, 'x', 'y', 'z');
copy.length = 3;
copy[6] = 'far';
const holes = copy.map((x) => x).findLastIndex((x) => x === undefined);
const weak = new WeakMap();
const key = {};
weak.set(key, { count: 1 }).get(key).count++;
const refs = [new WeakRef(key), new WeakRef(numbers)].map((ref) => ref.deref() === key);
const registry = new FinalizationRegistry(() => visits.push('gone'));
registry.register(key, 'token', key);
const tagged = new Map();
tagged.set(NaN, 'nan').set(-0, 'zero').set(key, 'object').set(tagged, 'self');
const found = [tagged.get(NaN), tagged.get(0), tagged.has({}), tagged.get(tagged)];
const entries = Array.from({ length: 3 }, (_, i) => [`k${i}`, i ** 2]);
const object = Object.fromEntries(entries);
for (const name in object) {
  if (name === 'k0') delete object.k1;
  visits.push(name);
  object[`${name}x`] ??= 1;
}
const sums = new Float64Array([1.5, 2.5, NaN]).map((x) => x * 2).toSorted?.() ?? [];
console.log(visits, [...map], [...set], ascending, compared, stable, grown, shrunk, total, nested, grouped, removed, copy.length, holes, refs, found, object, sums.length, weak.has(key));
