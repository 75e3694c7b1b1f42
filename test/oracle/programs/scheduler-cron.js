// Timers and time: a cron-like scheduler, debounce and throttle, retries with backoff, promisified timers, unref.
const { promisify } = require('node:util');
const { performance } = require('node:perf_hooks');
const sleep = promisify(setTimeout);
const marks = [];
function debounce(fn, ms) {
  let timer;
  return function (...args) {
    clearTimeout(timer);
    timer = setTimeout(() => fn.apply(this, args), ms);
    return timer.hasRef();
  };
}
function memo(fn, ttl) {
  const cache = new Map();
  return (key) => {
    const hit = cache.get(key);
    if (hit && Date.now() - hit.at < ttl) {
      hit.uses++;
      return hit.value;
    }
    const value = fn(key);
    cache.set(key, { value, at: Date.now(), uses: 0 });
    return value;
  };
}
class Cron {
  constructor() {
    this.jobs = [];
    this.running = false;
  }
  every(n, name, run) {
    this.jobs.push({ n, name, run, last: null, errors: [] });
    return this;
  }
  async tick(t) {
    for (const job of this.jobs) {
      if (t % job.n !== 0) continue;
      job.last = t;
      try {
        await job.run(t);
      } catch (error) {
        job.errors.push({ t, error });
      }
    }
  }
  async start(ticks) {
    this.running = true;
    for (let t = 1; t <= ticks; t++) {
      await this.tick(t);
      if (t % 2) await sleep(1);
      else await new Promise(setImmediate);
    }
    this.running = false;
  }
}
async function retry(fn, { times, base }) {
  const waits = [];
  for (let attempt = 0; ; attempt++) {
    try {
      return { value: await fn(attempt), waits };
    } catch (error) {
      if (attempt + 1 >= times) throw new Error(`gave up after ${times}`, { cause: error });
      const wait = base * 2 ** attempt;
      waits.push(wait);
      await sleep(wait);
    }
  }
}
async function main() {
  const flush = debounce(function (value) {
    marks.push(`flush ${value} ${this.name}`);
  }, 2);
  const holder = { name: 'holder', flush };
  const refs = [holder.flush(1), holder.flush(2), holder.flush(3)];
  const square = memo((n) => n * n, 3);
  const cron = new Cron().every(1, 'count', (t) => marks.push(t)).every(2, 'fail', async (t) => {
    await null;
    if (t === 4) throw new RangeError(`at ${t}`);
  });
  const values = [square(3), square(3), square(4), square(3), square(3), square(3)];
  await cron.start(5);
  await sleep(5);
  const result = await retry(async (n) => {
    if (n < 2) throw new TypeError(`try ${n}`);
    return n;
  }, { times: 4, base: 1 });
  const failed = await retry(() => Promise.reject(new Error('never')), { times: 2, base: 1 }).catch((error) => error);
  const started = performance.now();
  const unref = setTimeout(() => marks.push('never'), 100000).unref();
  const elapsed = performance.now() - started;
  console.log(refs, values, marks, cron.jobs.map(({ errors }) => errors.length), result, failed.message, failed.cause.message, elapsed, unref.hasRef());
  clearTimeout(unref);
}
main();
