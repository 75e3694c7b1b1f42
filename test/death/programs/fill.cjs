'use strict';
/** fill.cjs FILE: makes values that no compression shortens, 60 MB of them. */
const fs = require('node:fs');
const crypto = require('node:crypto');
const file = fs.openSync(process.argv[2], 'a');
let count = 0;
let text = '';
for (let i = 0; i < 2000; i++) {
  text = crypto.randomBytes(30_000).toString('latin1');
  count = count + 1;
  fs.writeSync(file, `${count} ${performance.timeOrigin + performance.now()}\n`);
}
console.log(`made ${count} texts of ${text.length}`);
process.exitCode = 5;
