// Top-level await in modules that wait for each other, dynamic imports, attributes, import.meta.
import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { counter, increase, ready } from './lib/slow-module.mjs';
import settings from './lib/settings.json' with { type: 'json' };

console.log('main starts', ready, counter, settings.name);
increase();
console.log('live binding', counter);

const started = performance.now();
const [again, other, text] = await Promise.all([
  import('./lib/slow-module.mjs'),
  sleep(3).then(() => import(`./lib/${settings.modules[0]}.mjs`)),
  readFile(new URL('./lib/settings.json', import.meta.url), 'utf8'),
]);
console.log(again.counter === counter, other.default(3), JSON.parse(text).modules.length, performance.now() - started > 2);

const missing = await import('./lib/missing.mjs').catch((error) => error.code);
const broken = await import('./lib/broken.mjs').catch((error) => `${error.name} ${error.message}`);
console.log(missing, broken, await import('./lib/broken.mjs').catch((error) => error.message));

const require = createRequire(import.meta.url);
console.log(require('./lib/settings.json').name, isBuiltin('node:fs'), import.meta.url.endsWith('top-level-await.mjs'));
console.log(import.meta.resolve('./lib/even.mjs').split('/').at(-1));
for await (const line of (async function* () {
  for (const name of settings.modules) {
    await sleep(1);
    yield name;
  }
})()) {
  const module = await import(`./lib/${line}.mjs`);
  console.log(line, Object.keys(module).sort(), module.default(10));
}
const data = await import('data:text/javascript,export const n = 6 * 7; export default () => n');
console.log(data.n, data.default());
export {};
