'use strict';
// Concurrency by hand: a pool with a limit, a semaphore, retries with back-off, a queue with async iteration.
const turns = (n) => (n ? Promise.resolve().then(() => turns(n - 1)) : Promise.resolve());
class Semaphore {
  #free;
  #waiting = [];
  constructor(size) {
    this.#free = size;
    this.peak = 0;
    this.size = size;
  }
  async use(job) {
    if (this.#free === 0) await new Promise((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    this.peak = Math.max(this.peak, this.size - this.#free);
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
async function pool(limit, jobs) {
  const results = new Array(jobs.length);
  let index = 0;
  const worker = async (id) => {
    while (index < jobs.length) {
      const mine = index++;
      try {
        results[mine] = { id, value: await jobs[mine]() };
      } catch (reason) {
        results[mine] = { id, reason: reason.message };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, (_, id) => worker(id)));
  return results;
}
async function retry(job, { times = 3, wait = 1 } = {}) {
  const failures = [];
  for (let attempt = 1; ; attempt++) {
    try {
      const value = await job(attempt);
      return { value, attempt, failures };
    } catch (error) {
      failures.push(error.message);
      if (attempt >= times) throw new AggregateError(failures, 'gave up', { cause: error });
      await turns(wait * 2 ** attempt);
    }
  }
}
class Queue {
  #items = [];
  #takers = [];
  closed = false;
  put(item) {
    const taker = this.#takers.shift();
    if (taker) taker({ value: item, done: false });
    else this.#items.push(item);
  }
  close() {
    this.closed = true;
    for (const taker of this.#takers.splice(0)) taker({ value: undefined, done: true });
  }
  next() {
    if (this.#items.length) return Promise.resolve({ value: this.#items.shift(), done: false });
    if (this.closed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#takers.push(resolve));
  }
  [Symbol.asyncIterator]() {
    return this;
  }
}
async function main() {
  const semaphore = new Semaphore(2);
  const jobs = [3, 1, 2, 5, 1].map((n) => () => semaphore.use(async () => {
    await turns(n);
    if (n === 5) throw new Error('five');
    return n * 10;
  }));
  const pooled = await pool(3, jobs);
  const flaky = await retry(async (attempt) => (attempt < 3 ? Promise.reject(new Error(`try ${attempt}`)) : 'ok'));
  const lost = await retry(() => { throw new TypeError('always'); }, { times: 2 }).catch((error) => error);
  const queue = new Queue();
  const consumed = [];
  const consumer = (async () => {
    for await (const item of queue) consumed.push(item);
    return consumed.length;
  })();
  for (const item of ['a', 'b', 'c']) {
    queue.put(item);
    await turns(1);
  }
  queue.close();
  return { pooled, peak: semaphore.peak, flaky, lost: lost.errors, cause: lost.cause.name, count: await consumer };
}
main().then((result) => console.log(JSON.stringify(result)));
