'use strict';
// CommonJS modules: exports that grow, cycles, the cache, closures over module state.
const path = require('node:path');
const counter = require('./lib/counter.cjs');
const { first, describe } = require('./lib/cycle-a.cjs');
const again = require('./lib/counter.cjs');
const results = [];
for (const name of ['a', 'b', 'a']) {
  const count = counter.count(name);
  results.push(count);
}
counter.listeners.add((name, count) => {
  results.push(`${name}${count}`);
});
again.count('b');
module.exports.results = results;
exports.late = { counter, total: again.total };
const same = counter === again && require.main === module;
const text = describe(first);
const names = Object.keys(module.exports);
const file = path.basename(__filename);
let failure;
try {
  require('./lib/missing.cjs');
} catch (error) {
  failure = error.code;
}
// The body of a file that throws says nothing; what called it goes on, or is left by the same throw.
function load(name) {
  const options = { name };
  return require(options.name);
}
function attempt(name) {
  let reason = '';
  try {
    load(name);
  } catch (error) {
    reason = error.message;
  }
  return reason;
}
const reasons = [attempt('./lib/broken.cjs'), attempt('./lib/broken.cjs')];
console.log(reasons, globalThis.brokenTries.length);
console.log(results, same, text, names, file, failure, counter.total, this === module.exports);
