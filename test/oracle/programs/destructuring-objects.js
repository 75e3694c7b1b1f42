'use strict';
// Object patterns: renames, computed keys, defaults that call, rest, nesting in parameters and in loops.
let calls = 0;
function fallback(name) {
  calls += 1;
  return `${name}-${calls}`;
}
function draw({ x = 0, y = x + 1, color: { r = 255, ...channels } = {}, ...style } = {}, { length } = 'abc') {
  const area = (x + 1) * (y + 1);
  return { area, r, channels, style, length };
}
const key = 'dynamic';
const source = { a: 1, b: { c: [10, { d: 'deep' }] }, [key]: 'computed', [Symbol.for('tag')]: 'symbol' };
const { a: renamed, b: { c: [ten, { d: deep }] }, [key]: found, missing = fallback('m'), ...rest } = source;
const shapes = [draw(), draw({ x: 2, color: { g: 1, b: 2 }, dash: true }), draw({ y: 9 }, [1, 2])];
let p;
let q;
({ p, q = p * 2 } = { p: 21 });
const holder = {};
({ one: holder.first, two: holder['second'] = fallback('s') } = { one: [1] });
const people = [
  { name: 'Ada', born: { year: 1815 } },
  { name: 'Alan', born: { year: 1912 }, alias: ['Prof'] },
];
const lines = [];
for (const { name, born: { year }, alias: [nick = 'none'] = [] } of people) {
  const line = `${name} ${year} ${nick}`;
  lines.push(line);
}
const entries = Object.entries({ u: 1, v: 2 }).map(([k, v]) => ({ k, v: v * 10 }));
const { 0: zeroth, [entries.length - 1]: lastEntry } = entries;
console.log(renamed, ten, deep, found, missing, rest, shapes, p, q, holder, lines, zeroth, lastEntry, calls);
const fountain = {
  get p() {
    calls += 10;
    return 'from p';
  },
  get q() {
    calls += 100;
    return undefined;
  },
  s: 1,
  t: 2,
};
const sink = {
  set w(value) {
    this.written = [this.v, value];
  },
};
let mixed;
({ p: sink.v, q: sink[`${calls}`] = calls, s: sink.w, ['q']: mixed = 'late', ...sink.others } = fountain);
({ t: mixed, p: sink.last } = fountain);
console.log(sink, mixed, calls);
