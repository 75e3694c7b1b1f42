// Streams: a CSV parser as a Transform, object mode, backpressure, gzip and back, async iteration, errors in the middle.
const { Transform, Readable, PassThrough, pipeline: pipelineCallback } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const zlib = require('node:zlib');
class CsvParser extends Transform {
  #rest = '';
  #header = null;
  constructor({ separator = ',' } = {}) {
    super({ readableObjectMode: true, highWaterMark: 4 });
    this.separator = separator;
    this.rows = 0;
  }
  _transform(chunk, encoding, callback) {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop();
    try {
      for (const line of lines) this.#line(line);
      callback();
    } catch (error) {
      callback(error);
    }
  }
  _flush(callback) {
    if (this.#rest) this.#line(this.#rest);
    callback();
  }
  #line(line) {
    if (!line.trim()) return;
    const cells = line.split(this.separator);
    if (!this.#header) {
      this.#header = cells;
      return;
    }
    if (cells.length !== this.#header.length) throw new Error(`row ${this.rows + 1} has ${cells.length} cells`);
    const row = Object.fromEntries(this.#header.map((name, i) => [name, cells[i]]));
    this.rows++;
    this.push(row);
  }
}
class Summer extends Transform {
  constructor(key) {
    super({ objectMode: true });
    this.key = key;
    this.total = 0;
    this.groups = new Map();
  }
  _transform(row, encoding, callback) {
    const amount = Number(row[this.key]);
    this.total += amount;
    const list = this.groups.get(row.name) ?? [];
    list.push(amount);
    this.groups.set(row.name, list);
    callback(null, { ...row, running: this.total });
  }
}
const text = ['name,amount', 'ann,5', 'bob,7', 'ann,11', 'cy,1', ''].join('\n');
async function main() {
  const zipped = zlib.gzipSync(Buffer.from(text));
  const summer = new Summer('amount');
  const seen = [];
  await pipeline(
    Readable.from([zipped.subarray(0, 20), zipped.subarray(20)]),
    zlib.createGunzip(),
    new CsvParser(),
    summer,
    async function (source) {
      for await (const row of source) {
        seen.push(`${row.name}=${row.running}`);
      }
    },
  );
  let failure;
  try {
    const parser = new CsvParser({ separator: ';' });
    await pipeline(Readable.from(['a;b\n1;2\n3\n']), parser, new PassThrough({ objectMode: true }).resume());
  } catch (error) {
    failure = error.message;
  }
  const collected = await new Promise((resolve, reject) => {
    const through = new PassThrough();
    const chunks = [];
    through.on('data', (chunk) => chunks.push(chunk.toString()));
    pipelineCallback(Readable.from(['x', 'y', 'z']), through, (error) => (error ? reject(error) : resolve(chunks.join(''))));
  });
  const groups = [...summer.groups].map(([name, list]) => `${name}:${list.join('+')}`);
  console.log(seen, failure, collected, groups, summer.total);
}
main();
