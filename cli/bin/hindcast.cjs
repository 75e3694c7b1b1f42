#!/usr/bin/env node
// CommonJS, and a bundle of its own for `record`: what stands here delays the program that is recorded.
'use strict';
const { existsSync } = require('node:fs');
const path = require('node:path');

const [, , command, first] = process.argv;
const bundle = command === 'record' && first !== '--help' && first !== '-h' ? 'record.cjs' : 'hindcast.cjs';
const file = path.join(__dirname, '..', 'dist', bundle);
if (existsSync(file)) {
  require(file);
} else {
  console.error('Hindcast is not built yet. Run `npm run build` in its folder.');
  process.exitCode = 4;
}
