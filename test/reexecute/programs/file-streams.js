// Streams over files: backpressure, transforms, ranges, several at once, and one that fails.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Transform, pipeline } = require('node:stream');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'streams-'));
const at = (name) => path.join(folder, name);

const out = fs.createWriteStream(at('numbers'), { highWaterMark: 1024 });
let next = 0;
let waited = 0;
function write() {
  while (next < 3000) {
    if (!out.write(`${next++}\n`)) {
      waited++;
      out.once('drain', write);
      return;
    }
  }
  out.end();
}
out.on('finish', () => {
  console.log('written', out.bytesWritten, 'waited', waited);
  transform();
});
write();

function transform() {
  let rest = '';
  let sum = 0;
  const summing = new Transform({
    transform(chunk, encoding, callback) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) sum += Number(line);
      callback(null, `${sum}\n`);
    },
    flush: (callback) => callback(null, 'end\n'),
  });
  pipeline(fs.createReadStream(at('numbers'), { highWaterMark: 4000 }), summing, fs.createWriteStream(at('sums')), (error) => {
    console.log('summed', sum, error, fs.readFileSync(at('sums'), 'utf8').split('\n'));
    race();
  });
}

function race() {
  const seen = {};
  let open = 3;
  for (const [name, options] of [['whole', {}], ['small', { highWaterMark: 100, end: 1000 }], ['tail', { start: 13_000 }]]) {
    seen[name] = 0;
    fs.createReadStream(at('numbers'), options)
      .on('data', (chunk) => (seen[name] += chunk.length))
      .on('close', () => {
        console.log(name, 'closed at', { ...seen });
        if (--open === 0) fail();
      });
  }
}

function fail() {
  fs.createReadStream(at('missing')).on('error', (error) => {
    console.log(error.code);
    const broken = fs.createReadStream(at('numbers'));
    broken.once('data', () => broken.destroy(new Error('enough')));
    broken.on('error', (reason) => console.log(reason.message));
    broken.on('close', () => fs.rm(folder, { recursive: true }, () => console.log('bytes', broken.bytesRead)));
  });
}
