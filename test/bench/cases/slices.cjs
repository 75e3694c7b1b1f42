'use strict';
// The same slices of a long string and of a short one: what a slice costs must not depend on the string.
const { report, scale } = require('./report.cjs');

const length = Number(process.env.BENCH_STRING);
let text = '';
while (text.length < length) text += `${text.length} some more text, `;
text = text.slice(0, length);
report(() => {
  let found = 0;
  for (let i = 0; i < 100_000 * scale; i++) {
    const at = (i * 7919) % (length - 40);
    const part = text.slice(at, at + 20 + (i % 20));
    if (part.charCodeAt(3) === 32) found += 1;
  }
  return { found };
});
