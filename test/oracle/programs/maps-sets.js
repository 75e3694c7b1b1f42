'use strict';
// Maps and Sets: object keys, NaN and -0 keys, deletion while iterating, nesting, weak collections beside them.
const keyA = { id: 'a' };
const keyB = { id: 'b' };
const weak = new WeakMap([[keyA, 'weak-a']]);
const seen = new WeakSet();
const map = new Map([[keyA, 1], [NaN, 'nan'], [-0, 'zero'], ['k', new Map()]]);
map.set(keyB, new Set([keyA, keyB, map]));
map.get('k').set(map, keyA);
const counts = new Map();
for (const word of 'the cat the dog the end'.split(' ')) {
  const before = counts.get(word) ?? 0;
  counts.set(word, before + 1);
}
const queue = new Set([1, 2, 3]);
const visited = [];
for (const n of queue) {
  visited.push(n);
  if (n < 4) queue.add(n + 3);
  queue.delete(n);
}
const swept = [];
counts.forEach((count, word, self) => {
  if (count > 1) self.delete(word);
  else swept.push(word);
});
counts.set('the', 9);
const union = new Set([...queue, ...visited].filter((n) => n % 2));
class Registry extends Map {
  hits = 0;
  get(key) {
    this.hits++;
    return super.get(key);
  }
}
const registry = new Registry([['x', 1]]);
registry.set('y', registry.get('x') + 1).delete('x');
seen.add(keyA);
const known = [seen.has(keyA), seen.has(keyB), weak.get(keyA), weak.has(keyB)];
const grouped = [5, 8, 13, 21].reduce((groups, n) => {
  const key = n % 2 ? 'odd' : 'even';
  groups.has(key) || groups.set(key, []);
  groups.get(key).push(n);
  return groups;
}, new Map());
const cleared = new Set('abc');
cleared.clear();
cleared.add(cleared);
console.log(map.size, [...counts], visited, swept, [...union], registry, known, grouped, cleared.size, map.get(0));
