// Whole files are written and read where the program has replaced the calls that Node does it by, as graceful-fs does.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const closed = [];
const { close, closeSync } = fs;
fs.close = function (fd, done) {
  return close.call(fs, fd, (...results) => {
    closed.push('later');
    if (done) done(...results);
  });
};
fs.closeSync = function (fd) {
  closeSync.call(fs, fd);
  closed.push('at once');
};

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replaced-'));
const file = (name) => path.join(folder, name);

fs.writeFileSync(file('a'), Buffer.from('abc'));
fs.appendFileSync(file('a'), Buffer.from('def'));
console.log(fs.readFileSync(file('a')).toString('hex'), closed.length);

fs.writeFile(file('b'), 'first', () => {
  console.log('b is written', closed.length);
  fs.appendFile(file('b'), Buffer.alloc(100_000, 'x'), async () => {
    console.log((await fs.promises.readFile(file('b'), 'utf8')).length, closed.length);
    await Promise.all(
      ['c', 'd', 'e'].map((name) => new Promise((resolve) => fs.writeFile(file(name), name.repeat(10), resolve))),
    );
    fs.writeFile(path.join(folder, 'no', 'folder'), 'x', (error) => {
      console.log(error.code, closed.sort().join());
      fs.rmSync(folder, { recursive: true });
    });
  });
});
