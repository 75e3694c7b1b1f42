// Async iterators by hand: merges, time windows, cancellation, backpressure, and errors in the middle.
const { once, EventEmitter } = require('node:events');
const { Readable } = require('node:stream');
const wait = (delay, value) => new Promise((resolve) => setTimeout(resolve, delay, value));

async function* source(name, count, delay) {
  try {
    for (let i = 0; i < count; i++) yield wait(delay, `${name}${i}`);
  } finally {
    closed.push(name);
  }
}
const closed = [];

async function* merge(...sources) {
  const pending = new Map(sources.map((each, i) => [i, advance(each, i)]));
  async function advance(iterator, i) {
    return { i, iterator, step: await iterator.next() };
  }
  try {
    while (pending.size > 0) {
      const { i, iterator, step } = await Promise.race(pending.values());
      if (step.done) pending.delete(i);
      else {
        pending.set(i, advance(iterator, i));
        yield step.value;
      }
    }
  } finally {
    await Promise.all(sources.map((each) => each.return?.()));
  }
}

async function* windows(items, size) {
  let batch = [];
  let started = Date.now();
  for await (const item of items) {
    batch.push(item);
    if (Date.now() - started < size) continue;
    yield batch;
    batch = [];
    started = Date.now();
  }
  if (batch.length > 0) yield batch;
}

class Channel {
  #bus = new EventEmitter();
  #items = [];
  push(item) {
    this.#items.push(item);
    this.#bus.emit('item');
  }
  [Symbol.asyncIterator]() {
    return {
      next: async () => {
        if (this.#items.length === 0) await once(this.#bus, 'item');
        const value = this.#items.shift();
        return value === 'end' ? { value: undefined, done: true } : { value, done: false };
      },
    };
  }
}

(async () => {
  const seen = [];
  for await (const batch of windows(merge(source('a', 5, 2), source('b', 3, 3), source('c', 4, 1)), 4)) seen.push(batch.join('+'));
  console.log(seen.join(' '), closed.sort().join(''));
  for await (const item of merge(source('x', 9, 1), source('y', 9, 2))) if (item.endsWith('2')) break;
  console.log('left early', closed.length);
  const channel = new Channel();
  for (const [i, item] of ['one', 'two', 'end'].entries()) setTimeout(() => channel.push(item), i * 2);
  for await (const item of channel) console.log('item', item);
  const broken = Readable.from((async function* () {
    yield 1;
    throw new Error('in the middle');
  })());
  try {
    for await (const item of broken) console.log('broken', item);
  } catch (error) {
    console.log(error.message, broken.destroyed);
  }
  console.log(await Array.fromAsync?.(source('z', 2, 1)) ?? 'no fromAsync');
})();
