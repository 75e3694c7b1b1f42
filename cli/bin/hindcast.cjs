#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const path = require('node:path');

const file = path.join(__dirname, '..', 'dist', 'hindcast.cjs');
if (existsSync(file)) {
  require(file);
} else {
  console.error('Hindcast is not built yet. Run `npm run build` in its folder.');
  process.exitCode = 4;
}
