'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { reportLater, scale } = require('./report.cjs');

const source = fs.readFileSync(require.resolve('acorn'), 'utf8');
// Whole functions only, so that the part parses.
const end = source.indexOf('\n  };\n', Math.min(source.length - 200_000, 110_000 * scale));
const part = `(function (exports) {${source.slice(source.indexOf("'use strict';"), end + 6)}\n})({});\n`;
reportLater(async () => {
  const prettier = await import('prettier');
  const text = await prettier.format(part, { parser: 'babel', filepath: path.join(__dirname, 'part.js') });
  return { input: part.length, output: text.length };
});
