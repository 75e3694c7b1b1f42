// The callback file API: many reads and writes of different sizes at once; whoever is first decides what comes next.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

fs.mkdtemp(path.join(os.tmpdir(), 'racing-'), (error, folder) => {
  if (error) throw error;
  const sizes = [1_000_000, 10, 300_000, 1, 70_000, 5_000];
  let written = 0;
  for (const size of sizes) {
    fs.writeFile(path.join(folder, `${size}.bin`), Buffer.alloc(size, size % 251), () => {
      console.log('written', size);
      if (++written === sizes.length) read(folder, sizes);
    });
  }
});

function read(folder, sizes) {
  const order = [];
  for (const size of sizes) {
    fs.readFile(path.join(folder, `${size}.bin`), (error, bytes) => {
      order.push(bytes.length);
      console.log('read', bytes.length, bytes[0]);
      if (order.length === sizes.length) finish(folder, order);
    });
  }
  for (const delay of [0, 1, 2, 3]) setTimeout(() => console.log('timer', delay, 'after', order.length), delay);
  setImmediate(() => console.log('immediate after', order.length));
}

function finish(folder, order) {
  const first = path.join(folder, `${order[0]}.bin`);
  fs.stat(first, (error, stat) => console.log('the first is', stat.size));
  fs.rename(first, `${first}.won`, () => {
    fs.access(first, (error) => {
      console.log(error.code);
      fs.readdir(folder, { withFileTypes: true }, (failed, entries) => {
        console.log(entries.map((entry) => `${entry.name} ${entry.isFile()}`));
        fs.truncate(`${first}.won`, 1, () => {
          fs.appendFile(`${first}.won`, 'xyz', () => {
            fs.readFile(`${first}.won`, 'latin1', (none, text) => {
              console.log(text.length, text.slice(1));
              fs.rm(folder, { recursive: true }, (gone) => console.log('removed', gone));
            });
          });
        });
      });
    });
  });
}
