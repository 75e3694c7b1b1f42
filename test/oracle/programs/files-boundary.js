'use strict';
// The boundary: files written and read back in all styles, directories, stats, child results, environment.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const folder = path.join(os.tmpdir(), 'hindcast-oracle-files');
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder);
const file = (name) => path.join(folder, name);
const written = [];
function save(name, content) {
  fs.writeFileSync(file(name), content);
  const { size } = fs.statSync(file(name));
  written.push({ name, size });
  return size;
}
save('a.txt', 'first line\nsecond line\n');
save('b.bin', Buffer.from([0, 255, 10, 13]));
save('c.json', JSON.stringify({ list: [1, 2, { deep: true }] }));
fs.appendFileSync(file('a.txt'), 'third');
const lines = fs.readFileSync(file('a.txt'), 'utf8').split('\n');
const bytes = fs.readFileSync(file('b.bin'));
const sum = bytes.reduce((total, byte) => total + byte, 0);
const parsed = JSON.parse(fs.readFileSync(file('c.json'), 'utf8'));
parsed.list.push(lines.length);
const names = fs.readdirSync(folder);
const kinds = fs.readdirSync(folder, { withFileTypes: true }).map((entry) => entry.isFile());
let failure;
try {
  fs.readFileSync(file('missing'));
} catch (error) {
  failure = { code: error.code, syscall: error.syscall };
}
const child = execFileSync(process.execPath, ['-p', '6 * 7'], { env: { PATH: process.env.PATH } }).toString().trim();
fs.readFile(file('a.txt'), 'utf8', (error, text) => {
  const upper = text.toUpperCase();
  fs.promises.readFile(file('b.bin')).then(async (data) => {
    const copy = Buffer.from(data);
    copy[0] = 1;
    await fs.promises.rm(folder, { recursive: true });
    const gone = fs.existsSync(folder);
    console.log(error, upper.length, copy, gone, lines, sum, parsed, names, kinds, failure, child, written);
  });
});
