'use strict';
const fs = require('node:fs');
const { report, scale } = require('./report.cjs');
const acorn = require('acorn');

const source = fs.readFileSync(require.resolve('acorn'), 'utf8');
const times = Math.max(1, Math.round(24 * scale));
report(() => {
  let nodes = 0;
  for (let i = 0; i < times; i++) {
    const tree = acorn.parse(source, { ecmaVersion: 'latest', sourceType: 'script', locations: true });
    nodes += tree.body.length;
  }
  return { nodes, bytes: source.length * times };
});
