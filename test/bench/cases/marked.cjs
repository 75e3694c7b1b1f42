'use strict';
const { report, scale } = require('./report.cjs');
const { marked } = require('marked');

const parts = [
  '# Chapter %\n\nSome *emphasis*, **strong words**, `code %` and a [link %](https://example.org/% "title").\n\n',
  '- one %\n- two\n  - nested %\n    1. deep\n    2. deeper\n- three\n\n> A quotation of\n> two lines %.\n\n',
  '| a | b | c |\n|---|:-:|--:|\n| 1 | % | 3 |\n| x | **y** | `z` |\n\n',
  '```js\nconst answer = %;\nfunction f(x) { return x * answer; }\n```\n\n![image](pic%.png)\n\n---\n\n',
  'A paragraph with <b>html</b>, an escaped \\* star, an autolink <https://example.org/%>, and ~~nothing~~ much else to say %.\n\n',
];
let text = '';
for (let i = 0; text.length < 900_000 * scale; i++) text += parts[i % parts.length].replaceAll('%', String(i));
report(() => {
  const html = marked.parse(text);
  return { input: text.length, output: html.length };
});
