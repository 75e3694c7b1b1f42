// streams: pipeline of transforms over object mode, async generators, backpressure, abort, web streams beside node streams
import { Readable, Transform, Writable, PassThrough, compose, addAbortSignal } from 'node:stream';
import { pipeline, finished } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
const stats = { read: 0, written: 0, lines: [], events: [] };
class Lines extends Transform {
  #rest = '';
  constructor(o) {
    super({ ...o, readableObjectMode: true });
  }
  _transform(chunk, _enc, done) {
    const parts = (this.#rest + chunk).split('\n');
    this.#rest = parts.pop();
    for (const p of parts) this.push({ n: ++stats.read, text: p });
    done();
  }
  _flush(done) {
    if (this.#rest) this.push({ n: ++stats.read, text: this.#rest });
    done();
  }
}
class Collect extends Writable {
  items = [];
  constructor(limit = Infinity) {
    super({ objectMode: true, highWaterMark: 2 });
    this.limit = limit;
  }
  _write(item, _e, done) {
    if (this.items.length >= this.limit) return done(new RangeError(`more than ${this.limit}`));
    this.items.push(item);
    stats.written++;
    setImmediate(done);
  }
  _final(done) {
    stats.events.push(`final ${this.items.length}`);
    done();
  }
}
async function* grouped(source, size) {
  let group = [];
  for await (const item of source) {
    group.push(item);
    if (group.length === size) {
      yield group;
      group = [];
    }
  }
  if (group.length) yield group;
}
const text = ['alpha beta', 'gamma', 'delta epsilon zeta', '', 'eta'].join('\n');
const chunks = [];
for (let i = 0; i < text.length; i += 7) chunks.push(Buffer.from(text.slice(i, i + 7)));
const sink = new Collect();
await pipeline(
  Readable.from(chunks),
  new Lines(),
  async function* (source) {
    for await (const { n, text } of source) {
      if (text === '') continue;
      yield* text.split(' ').map((word, at) => ({ n, at, word }));
    }
  },
  (source) => grouped(source, 2),
  sink,
);
console.log(
  sink.items.map((g) => g.map(({ n, at, word }) => `${n}.${at}:${word}`).join('+')),
  stats,
);
const small = new Collect(2);
await pipeline(Readable.from([1, 2, 3, 4]), small).catch((e) => stats.events.push(e.message, small.destroyed));
const ac = new AbortController();
const seen = [];
const slow = Readable.from(
  (async function* () {
    try {
      for (let i = 0; ; i++) {
        yield i;
        await null;
      }
    } finally {
      stats.events.push('source closed');
    }
  })(),
);
const reading = (async () => {
  try {
    for await (const n of addAbortSignal(ac.signal, slow)) {
      seen.push(n);
      if (n === 3) ac.abort(new Error('enough'));
    }
  } catch (e) {
    return `${e.name} ${e.cause?.message ?? e.message}`;
  }
})();
console.log(await reading, seen);
await wait(1);
const web = new ReadableStream(
  {
    i: 0,
    pull(c) {
      if (this.i < 5) c.enqueue({ i: this.i++ });
      else c.close();
    },
    cancel(r) {
      stats.events.push(`cancelled ${r}`);
    },
  },
  { highWaterMark: 1 },
);
const [left, right] = web.tee();
const sum = new TransformStream({
  start() {
    this.total = 0;
  },
  transform({ i }, c) {
    this.total += i;
    c.enqueue(this.total);
  },
  flush(c) {
    c.enqueue('end');
  },
});
const got = [];
for await (const x of left.pipeThrough(sum)) got.push(x);
const reader = right.getReader();
const first = await reader.read();
await reader.cancel('had one');
console.log(got, first, stats.events);
const nodeFromWeb = Readable.fromWeb(new Blob(['a,b\n', 'c']).stream());
let joined = '';
for await (const c of nodeFromWeb) joined += Buffer.from(c).toString();
console.log(joined.split(/[,\n]/));
const pass = new PassThrough({ highWaterMark: 4 });
const oks = ['ab', 'cdef', 'g'].map((x) => pass.write(x));
pass.end();
const parts = [];
pass.on('data', (d) => parts.push(String(d))).on('end', () => stats.events.push('pass end'));
await finished(pass);
console.log(oks, parts.join(''), pass.readableEnded, pass.writableFinished);
const mapped = await Readable.from([3, 1, 2])
  .map(async (x) => {
    await null;
    return x * 10;
  })
  .filter((x) => x > 10)
  .toArray();
console.log(mapped, await Readable.from('abc').reduce((n, c) => n + c, '>'));
const both = compose(
  async function* (s) {
    for await (const x of s) yield String(x).toUpperCase();
  },
  new PassThrough({ objectMode: true }),
);
both.write('x');
both.end('y');
const out = [];
for await (const x of both) out.push(x);
console.log(out);
