'use strict';
// Regular expressions: lastIndex state, named groups, sticky, replacers, matchAll, a tokenizer.
const token = /\s*(?:(?<number>\d+\.?\d*)|(?<name>[a-z_]\w*)|(?<op>[-+*/()=]))/y;
function tokenize(text) {
  const tokens = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new SyntaxError(`unexpected ${JSON.stringify(text[at])} at ${at}`);
    const { number, name, op } = match.groups;
    tokens.push(number ? { kind: 'number', value: Number(number) } : { kind: name ? 'name' : 'op', value: name ?? op });
  }
  return tokens;
}
const tokens = tokenize('rate = (base_1 + 3.5) * 2');
let failure;
try {
  tokenize('a ? b');
} catch (error) {
  failure = error;
}
const global = /a(b)?/g;
const steps = [];
let match;
while ((match = global.exec('ab a abab')) !== null) {
  steps.push([match[0], match[1], match.index, global.lastIndex]);
}
const stateful = /o/g;
const tests = ['foo', 'foo', 'foo'].map((word) => stateful.test(word));
const swapped = 'John Smith; Ada Lovelace'.replace(/(\w+) (\w+)/g, '$2, $1');
let replaced = 0;
const upper = 'snake_case_name'.replace(/_(\w)/g, (_, letter, at) => {
  replaced += at;
  return letter.toUpperCase();
});
const dates = [...'2024-01-02, 1999-12-31'.matchAll(/(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)/gd)].map(({ groups, indices }) => [
  groups.y,
  indices.groups.d,
]);
const split = 'a1b22c'.split(/(\d+)/);
const unicode = /\p{Lu}\p{Ll}+/u.exec('été Übung')[0];
const dynamic = new RegExp(`^${['a', 'b'].join('|')}$`, 'im');
dynamic.custom = { note: 'own property' };
console.log(tokens.length, failure.message, steps, tests, swapped, upper, replaced, dates, split, unicode, dynamic);
