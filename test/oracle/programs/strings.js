'use strict';
// Strings: building, slicing, long strings, surrogates, concatenation in loops, splitting and joining.
let built = '';
for (let i = 0; i < 30; i++) {
  built += String.fromCharCode(97 + (i % 26));
  if (i % 10 === 9) built = built.toUpperCase() + '|';
}
const long = 'lorem ipsum dolor sit amet '.repeat(200);
const pieces = [];
for (let at = 0; at < long.length; at += 1000) {
  const piece = long.slice(at, at + 7);
  pieces.push(piece);
}
const words = long.trim().split(' ');
const counts = {};
for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
const emoji = '👩‍👩‍👧 é e\u0301 \ud800 end';
const lengths = [emoji.length, [...emoji].length, emoji.normalize('NFC').length];
const lone = emoji.charAt(11);
function caesar(text, shift) {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0);
    const upper = code >= 65 && code <= 90;
    const lower = code >= 97 && code <= 122;
    const base = upper ? 65 : lower ? 97 : 0;
    out += base ? String.fromCodePoint(((code - base + shift + 26) % 26) + base) : char;
  }
  return out;
}
const secret = caesar('Hello, World!', 3);
const plain = caesar(secret, -3);
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + cost);
    }
    row = next;
  }
  return row.at(-1);
}
const edits = distance('kitten', 'sitting');
const padded = ['a', 'bb'].map((s) => s.padStart(4, '.') + s.padEnd(3, '-'));
const boxed = new String('boxed');
boxed.extra = boxed.length;
const concat = ''.concat(1, null, [2, 3], undefined, true);
const escaped = 'tab\tnul\0quote"\\ \u2028'.replace(/[\0-\x1f]/g, (c) => `\\x${c.charCodeAt(0)}`);
console.log(built, pieces, counts, lengths, lone.length, secret, plain, edits, padded, boxed.extra, concat, escaped);
