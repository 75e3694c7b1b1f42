// Async generators that ask one another, and at the bottom a stream or an iterator written by hand.
import { Readable, pipeline } from 'node:stream';
const chunks = [];
await new Promise((ok, no) => pipeline(
  Readable.from(['one', 'two']),
  async function* first(src) {
    for await (const c of src) {
      chunks.push(c);
      yield c;
    }
  },
  async function last(src) {
    for await (const c of src) {
      const t = typeof c;
      chunks.push(t);
    }
  },
  function done(e) { const n = chunks.length; ok(n); },
));
console.log(chunks);
const byHand = (n) => ({
  at: 0,
  [Symbol.asyncIterator]() { return this; },
  async next() { await null; return { done: this.at >= n, value: this.at++ }; },
  async return(value) { await null; return { done: true, value }; },
});
const bySync = (n) => ({ [Symbol.iterator]() { let i = 0; return { next: () => ({ done: i >= n, value: Promise.resolve(i++) }) }; } });
async function* twice(source) {
  for await (const x of source) {
    yield x;
    yield x * 2;
  }
}
async function* odd(source) {
  for await (const x of source) {
    if (x % 2) yield x;
    for await (const y of bySync(1)) chunks.push(y);
  }
}
async function drain(source, most) {
  const got = [];
  for await (const x of source) {
    got.push(x);
    if (got.length === most) break;
  }
  return got;
}
const got = await drain(odd(twice(byHand(6))), 2);
const more = await Promise.all([drain(twice(bySync(3)), 9), drain(odd(byHand(4)), 9)]);
try {
  for await (const x of twice(byHand(3))) if (x === 2) throw new Error(`at ${x}`);
} catch (e) {
  chunks.push(e.message);
}
console.log(got, more, chunks);
