// Renders the chapters in the folder that BENCH_CHAPTERS names.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { report } = require('./report.cjs');
const { marked } = require('marked');

report(() => {
  const folder = process.env.BENCH_CHAPTERS;
  let output = 0;
  for (const name of fs.readdirSync(folder).sort()) output += marked.parse(fs.readFileSync(path.join(folder, name), 'utf8')).length;
  return { output };
});
