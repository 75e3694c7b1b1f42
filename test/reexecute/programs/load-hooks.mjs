// Load hooks of the program's own that keep a cache in files, as tools that compile TypeScript do.
import fs from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
// what a run leaves is there when it is executed again; the next run removes it
const cache = path.join(os.tmpdir(), 'hindcast-load-hooks', String(process.pid));
fs.rmSync(path.dirname(cache), { recursive: true, force: true });
fs.mkdirSync(cache, { recursive: true });
let asked = 0;
module.registerHooks?.({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.includes('lib/shapes')) return loaded;
    asked++;
    const file = path.join(cache, path.basename(new URL(url).pathname));
    let source = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    if (source === '') {
      source = `export const made = ${Date.now() % 1000}; export const before = ${asked};`;
      fs.writeFileSync(file, source);
    }
    return { ...loaded, format: 'module', source };
  },
});
const at = new URL('./lib/shapes.mts', import.meta.url).href;
if (module.registerHooks) {
  const one = await import(at);
  const two = await import(`${at}?again`);
  console.log(asked, one.made === two.made, one.before, two.before, fs.readdirSync(cache));
}
