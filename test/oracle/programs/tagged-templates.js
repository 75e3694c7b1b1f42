'use strict';
// Tagged templates: raw strings, cached strings objects, interpolated closures, nested templates.
const cache = new WeakMap();
let misses = 0;
function html(strings, ...values) {
  let seen = cache.get(strings);
  if (!seen) {
    misses++;
    seen = { uses: 0, raw: strings.raw.map((text) => text.length) };
    cache.set(strings, seen);
  }
  seen.uses++;
  const escape = (value) => String(value).replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`);
  const text = strings.reduce((out, part, i) => out + escape(values[i - 1]) + part);
  return { text, uses: seen.uses, frozen: Object.isFrozen(strings) };
}
const row = (name, n) => html`<li>${name}: ${n ?? 'none'}</li>`;
const rows = ['a<b', 'c&d'].map((name, i) => row(name, i || undefined));
const raw = String.raw`C:\new\t${1 + 1}`;
const invalid = ((strings) => [strings[0], strings.raw[0]])`\unicode and \xerxes`;
const obj = {
  prefix: '>>',
  tag(strings, f) {
    return this.prefix + strings.join('|') + f(this.prefix.length);
  },
};
const method = obj.tag`x${(n) => n * 2}y`;
const curried = (a) => (b) => (c) => [a.raw.length, b, c[0]];
const chained = curried`a${0}b``second``third`;
const nested = `outer ${`inner ${rows.length} ${rows.map(({ text }) => `[${text}]`).join()}`} end`;
const multi = `line one
line ${2}
\ttabbed`;
console.log(rows, raw, invalid, method, chained, nested, multi.split('\n').length, misses);
