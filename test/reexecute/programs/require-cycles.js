// CommonJS: cycles that see half a module, the cache, resolve errors, JSON, module.children, requires at run time.
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');

const first = require('./lib/cycle-a.cjs');
console.log(first.name, first.sawOfB, first.later(), require('./lib/cycle-b.cjs').sawOfA);
console.log(require('./lib/settings.json').modules, require('./lib/settings.json') === require('./lib/settings.json'));

const id = require.resolve('./lib/counted.cjs');
const once = require('./lib/counted.cjs');
const twice = require('./lib/counted.cjs');
delete require.cache[id];
const fresh = require('./lib/counted.cjs');
console.log(once === twice, once === fresh, globalThis.countedLoads, module.children.length > 2);

for (const request of ['./lib/none.cjs', 'no-such-package', 'node:nothing']) {
  try {
    require(request);
  } catch (error) {
    console.log(error.code, error.message.split('\n')[0].replace(__dirname, ''));
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'modules-'));
for (const n of [1, 2, 3]) fs.writeFileSync(path.join(folder, `plugin-${n}.js`), `exports.run = (x) => x * ${n} + ${Date.now() % 2};`);
fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}');
const plugins = fs.readdirSync(folder).filter((name) => name.endsWith('.js')).map((name) => require(path.join(folder, name)));
console.log(plugins.map((plugin) => plugin.run(10)));
fs.rmSync(folder, { recursive: true });

const made = new Module('made');
made._compile('module.exports = { file: __filename, sum: [1, 2, 3].reduce((a, b) => a + b) }', path.join(__dirname, 'made.js'));
console.log(path.basename(made.exports.file), made.exports.sum, require.main === module, Module.builtinModules.includes('fs'));
import('./lib/even.mjs').then(({ default: even }) => console.log('even', even(7), even(8)));
setTimeout(() => console.log(require('./lib/lazy.cjs').greet('late')), 2);
