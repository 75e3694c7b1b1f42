// An event feed merged from async generators with cleanup and back-pressure.
'use strict';
const sleep = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
const closed = [];
async function* feed(name, delays) {
  let sent = 0;
  try {
    for (const delay of delays) {
      await sleep(delay);
      if (delay === 13) throw new RangeError(`${name} broke`);
      yield { name, sent: ++sent, at: delay };
    }
  } finally {
    await null;
    closed.push([name, sent]);
  }
}
async function* merge(...feeds) {
  const iterators = new Map(feeds.map((f, i) => [i, f[Symbol.asyncIterator]()]));
  const pending = new Map();
  const ask = (i) => pending.set(i, iterators.get(i).next().then((step) => ({ i, step })));
  for (const i of iterators.keys()) ask(i);
  try {
    while (pending.size) {
      const { i, step: { done, value } } = await Promise.race(pending.values());
      pending.delete(i);
      if (done) { iterators.delete(i); continue; }
      ask(i);
      yield value;
    }
  } finally {
    await Promise.allSettled([...iterators.values()].map((it) => it.return?.()));
  }
}
async function collect(source, limit = Infinity) {
  const got = [];
  for await (const { name, sent } of source) {
    got.push(name + sent);
    if (got.length >= limit) break;
  }
  return got;
}
class Queue {
  #items = []; #waiting = []; #ended = false;
  push(item) { const w = this.#waiting.shift(); if (w) w({ value: item, done: false }); else this.#items.push(item); return this; }
  end() { this.#ended = true; for (const w of this.#waiting.splice(0)) w({ value: undefined, done: true }); }
  [Symbol.asyncIterator]() {
    return {
      next: () => {
        if (this.#items.length) return Promise.resolve({ value: this.#items.shift(), done: false });
        if (this.#ended) return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve) => this.#waiting.push(resolve));
      },
      return: async (value) => { this.end(); return { value, done: true }; },
    };
  }
}
async function main() {
  const one = await collect(merge(feed('a', [5, 20, 20]), feed('b', [12, 25])));
  const two = await collect(merge(feed('c', [3, 30]), feed('d', [9, 50])), 2);
  let failure;
  try { await collect(feed('e', [1, 13, 1])); } catch (error) { failure = error; }
  const queue = new Queue();
  const reading = (async () => { let total = 0; for await (const n of queue) { total += n; if (n === 4) break; } return total; })();
  queue.push(1).push(2);
  await sleep(1);
  queue.push(4).push(8);
  const total = await reading;
  const list = Array.fromAsync ? await Array.fromAsync(feed('f', [1, 2]), (e) => e.sent * 10) : [10, 20];
  const mixed = [];
  for await (const x of [1, Promise.resolve(2), sleep(2, 3)]) mixed.push(x);
  const it = feed('g', [1, 1]);
  const [p1, p2, p3] = [it.next(), it.next(), it.return('bye')];
  const results = await Promise.all([p1, p2, p3]);
  console.log(one, two, failure?.message, total, list, mixed, results, closed);
}
main();
