'use strict';
// Streams and emitters: user subclasses of Node's classes, pipelines, events with state.
const { EventEmitter } = require('node:events');
const { Readable, Transform, Writable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
class Counter extends EventEmitter {
  constructor(limit) {
    super();
    this.limit = limit;
    this.value = 0;
  }
  bump(by = 1) {
    this.value += by;
    this.emit('bump', this.value, { by });
    if (this.value >= this.limit) this.emit('full');
    return this;
  }
}
const seen = [];
const counter = new Counter(5);
counter.on('bump', (value, { by }) => {
  seen.push(value * by);
});
counter.once('full', function () {
  seen.push(`full at ${this.value}`);
});
counter.bump().bump(3).bump(2).bump();
class Upper extends Transform {
  constructor() {
    super();
    this.lines = 0;
  }
  _transform(chunk, encoding, done) {
    const text = chunk.toString().toUpperCase();
    this.lines += text.split('\n').length - 1;
    done(null, text);
  }
  _flush(done) {
    this.push(`(${this.lines} lines)`);
    done();
  }
}
async function main() {
  const parts = [];
  const sink = new Writable({
    write(chunk, encoding, done) {
      parts.push(chunk.toString());
      setImmediate(done);
    },
  });
  const upper = new Upper();
  await pipeline(Readable.from(['one\n', 'two\n', 'three\n']), upper, sink);
  let sum = 0;
  for await (const n of Readable.from([1, 2, 3])) {
    sum += n;
  }
  let failure;
  try {
    await pipeline(Readable.from(['x']), async function* (source) {
      for await (const chunk of source) throw new Error(`bad ${chunk}`);
    }, new Writable({ write: (c, e, done) => done() }));
  } catch (error) {
    failure = error.message;
  }
  return { text: parts.join(''), lines: upper.lines, sum, failure };
}
main().then((result) => {
  console.log(result, seen, counter.listenerCount('full'));
});
