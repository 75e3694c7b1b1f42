// The synchronous file API: a small store of notes written, moved, copied, listed and removed.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notes-'));
const at = (...parts) => path.join(folder, ...parts);

fs.mkdirSync(at('a', 'b', 'c'), { recursive: true });
for (let i = 0; i < 5; i++) fs.writeFileSync(at('a', `note-${i}.txt`), `note ${i}\n`.repeat(i + 1));
fs.appendFileSync(at('a', 'note-0.txt'), 'and more\n');
fs.copyFileSync(at('a', 'note-4.txt'), at('a', 'b', 'copied.txt'));
fs.renameSync(at('a', 'note-3.txt'), at('a', 'b', 'c', 'moved.txt'));
fs.symlinkSync(at('a', 'note-1.txt'), at('link'));
fs.linkSync(at('a', 'note-2.txt'), at('hard'));
console.log(fs.readFileSync(at('link'), 'utf8'), fs.readlinkSync(at('link')) === at('a', 'note-1.txt'));
console.log(fs.realpathSync(at('link')) === fs.realpathSync(at('a', 'note-1.txt')), fs.lstatSync(at('link')).isSymbolicLink());

for (const entry of fs.readdirSync(folder, { recursive: true }).sort()) console.log(entry, fs.statSync(at(entry)).isFile());
for (const entry of fs.readdirSync(at('a'), { withFileTypes: true })) console.log(entry.name, entry.isDirectory());

const stat = fs.statSync(at('hard'), { bigint: true });
console.log(stat.nlink, stat.size, typeof stat.mtimeNs, stat.ino === fs.statSync(at('a', 'note-2.txt'), { bigint: true }).ino);
console.log(fs.statSync(at('missing'), { throwIfNoEntry: false }), fs.existsSync(at('missing')), fs.existsSync(at('a')));
try {
  fs.accessSync(at('missing'), fs.constants.R_OK);
} catch (error) {
  console.log(error.code, error.syscall, error.path === at('missing'));
}

fs.truncateSync(at('a', 'note-2.txt'), 9);
fs.utimesSync(at('hard'), 1000, 2000);
console.log(fs.readFileSync(at('hard'), 'latin1'), fs.statSync(at('hard')).mtimeMs);
fs.chmodSync(at('hard'), 0o600);
console.log((fs.statSync(at('a', 'note-2.txt')).mode & 0o777).toString(8));

fs.cpSync(at('a'), at('copy'), { recursive: true });
const size = fs.readdirSync(at('copy'), { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
console.log('copied', size.map((each) => each.name).sort());
fs.rmSync(at('copy'), { recursive: true });
fs.unlinkSync(at('hard'));
try {
  fs.rmdirSync(at('a'));
} catch (error) {
  console.log(error.code);
}
fs.rmSync(folder, { recursive: true, force: true });
console.log('left', fs.existsSync(folder));

const times = fs.statSync(__filename);
console.log(Object.keys(times).join(), JSON.stringify(times), times.mtime.getTime() - Math.round(times.mtimeMs));
const exact = fs.statSync(__filename, { bigint: true });
console.log(Object.keys(exact).join(), exact.mtime.toISOString());
