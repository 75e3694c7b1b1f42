// Text munging: sticky lexer, matchAll, replace with functions and named groups, lookbehind, lastIndex games.
'use strict';
const token = /(?<num>\d+(?:\.\d+)?)|(?<id>[a-z_]\w*)|(?<op>[-+*/=()])|(?<ws>\s+)/iy;
function lex(text) {
  const out = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new SyntaxError(`bad char ${text[at]} at ${at}`);
    const { groups: { ws, ...rest } } = match;
    if (ws) continue;
    const [[kind, value]] = Object.entries(rest).filter(([, v]) => v !== undefined);
    out.push({ kind, value, at, end: token.lastIndex });
  }
  return out;
}
const tokens = lex('total = price * (1 + 0.25)');
let bad;
try { lex('a ? b'); } catch (e) { bad = e.message; }
const template = 'Dear {{name}}, you owe {{ amount }} since {{date}}{{missing}}.';
const seen = [];
const filled = template.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, key, offset, string) => {
  seen.push([key, offset, whole.length, string.length]);
  return { name: 'Ann', amount: 12.5, date: '2024-02-03' }[key] ?? '';
});
const swapped = '2024-02-03 and 2025-11-30'.replaceAll(/(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)/g, (...args) => {
  const { y, m, d } = args.at(-1);
  return `${+d}.${+m}.${y}`;
});
const g = /o/g;
const steps = [];
let m;
while ((m = g.exec('foo boo')) !== null) steps.push([m.index, g.lastIndex, m[0]]);
const tested = [g.test('o'), g.lastIndex, g.test('o'), g.lastIndex];
const words = [...'the cat sat on the mat'.matchAll(/\b(?<first>\w)(\w*)\b/g)].map(({ 0: all, 1: a, groups: { first }, index }) => [all, a === first, index]);
const counted = 'the cat sat on the mat'.split(/\s+/).reduce((acc, w) => ({ ...acc, [w]: (acc[w] ?? 0) + 1 }), {});
const pieces = 'a1b22c333'.split(/(\d+)/);
const money = '1234567.891'.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
const indices = /(?<k>\w+)=(?<v>\w+)/d.exec('  key=value').indices;
const { k: [ks, ke], v } = indices.groups;
const camel = 'some-long_name here'.replace(/[-_\s](\w)/g, (_, c) => c.toUpperCase());
const re = new RegExp(String.raw`\p{Lu}+`, 'gu');
const upper = 'ÄbC dEF'.match(re);
const search = 'haystack needle'.search(/needle/);
const sticky = /foo/y;
sticky.lastIndex = 3;
const stuck = [sticky.test('barfoo'), sticky.lastIndex, sticky.test('barfoo'), sticky.lastIndex];
class Rules { #re = /x(\d)/g; count = 0; all(s) { let r; while ((r = this.#re.exec(s))) { this.count += +r[1]; this.last = r; } return this.count; } }
const rules = new Rules();
const sum = rules.all('x1 x2 x3');
const cased = 'x-y'.replace(/(x)-(y)/, "$2-$1-$&-$`-$'-$$");
console.log(tokens.length, bad, filled, seen, swapped, steps, tested, words, counted, pieces, money, ks, ke, v, camel, upper, search, stuck, sum, cased);
