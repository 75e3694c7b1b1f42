// fs.watch, fs.watchFile and fs.promises.watch see what the program itself changes.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watched-'));
const file = path.join(folder, 'config.json');
fs.writeFileSync(file, '{"version":1}');

let events = 0;
const watcher = fs.watch(folder, (type, name) => {
  events++;
  if (name === 'config.json') console.log(type, name, fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8') || '{}').version : 'gone');
});
watcher.on('close', () => console.log('closed after some events', events > 0));

fs.watchFile(file, { interval: 20 }, (now, before) => {
  console.log('polled', before.size, '->', now.size, now.mtimeMs >= before.mtimeMs);
  if (now.size === 0) end();
});

const abort = new AbortController();
async function follow() {
  try {
    for await (const { eventType, filename } of fs.promises.watch(folder, { signal: abort.signal }))
      console.log('followed', eventType, filename);
  } catch (error) {
    console.log('stopped following', error.name);
  }
}
const following = follow();

setTimeout(() => fs.writeFileSync(file, '{"version":22}'), 60);
setTimeout(() => fs.writeFileSync(path.join(folder, 'other'), 'x'), 120);
setTimeout(() => fs.unlinkSync(file), 180);
const limit = setTimeout(end, 1500);

let ended = false;
async function end() {
  if (ended) return;
  ended = true;
  clearTimeout(limit);
  fs.unwatchFile(file);
  watcher.close();
  abort.abort();
  await following;
  fs.rmSync(folder, { recursive: true });
  console.log('done');
}
