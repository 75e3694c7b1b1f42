'use strict';
// Objects changed by assignment, deletion, Object.assign, compound operators, computed keys, JSON, structuredClone.
const state = { count: 0, items: [], nested: { deep: { value: 1 } } };
const history = [];
function update(change) {
  const before = JSON.stringify(state);
  Object.assign(state, change);
  history.push({ before, keys: Object.keys(state).length });
  return state;
}
update({ count: 1 });
update({ get extra() { return state.count * 10; } });
state.nested.deep.value += 41;
state.nested['deep']['other'] = state.nested;
state.items[state.count++] = 'at one';
state.items[state.count--] = 'at two';
state[`dyn${state.count}`] = state.count ** 3;
delete state.extra;
state.text ??= 'first';
state.text ||= 'never';
state.text &&= state.text + '!';
const renamed = Object.fromEntries(Object.entries(state).map(([key, value]) => [key.toUpperCase(), value]));
const grouped = ['apple', 'avocado', 'bean'].reduce((groups, word) => {
  (groups[word[0]] ??= []).push(word);
  return groups;
}, {});
const clone = structuredClone({ when: new Date(0), map: new Map([[1, { a: [1n] }]]), self: null });
clone.self = clone;
clone.map.get(1).a.push(2n);
const parsed = JSON.parse('{"a":[1,{"b":null}],"c":"\\u00e9"}', (key, value) => (typeof value === 'number' ? value + 1 : value));
const text = JSON.stringify({ keep: 1, drop: undefined, date: new Date(5), list: [undefined, () => 1] }, null, 1);
let writes = 0;
const guarded = { inner: 1, set value(v) { writes++; this.inner = v; }, get value() { return this.inner; } };
guarded.value += 5;
guarded.value++;
({ value: guarded.value } = { value: 100 });
let failure;
try {
  Object.freeze(grouped.a).push('late');
} catch (error) {
  failure = error.constructor.name;
}
const big = {};
for (let i = 0; i < 40; i++) big[`key${i % 10}`] = (big[`key${i % 10}`] ?? 0) + i;
console.log(state.count, state.items, renamed.TEXT, grouped, clone.map.get(1).a, parsed, text.length, writes, guarded.inner, failure, big);
console.log(history);
