// A cache of weak references that is told of collections, and measures itself.
const v8 = require('node:v8');
const vm = require('node:vm');
const { performance, PerformanceObserver, monitorEventLoopDelay, createHistogram } = require('node:perf_hooks');
v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

class Cache {
  entries = new Map();
  dropped = [];
  registry = new FinalizationRegistry((key) => {
    this.dropped.push(key);
    if (!this.entries.get(key)?.deref()) this.entries.delete(key);
  });
  set(key, value) {
    this.entries.set(key, new WeakRef(value));
    this.registry.register(value, key, value);
  }
  get(key) {
    return this.entries.get(key)?.deref();
  }
  forget(value) {
    return this.registry.unregister(value);
  }
}

const measured = [];
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) measured.push(`${entry.entryType} ${entry.name}`);
});
observer.observe({ entryTypes: ['mark', 'measure', 'function'] });
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

const cache = new Cache();
const kept = { keep: true };
const histogram = createHistogram();
const load = performance.timerify(function load(i) {
  const value = { i, text: 'x'.repeat(1000), list: new Array(100).fill(i) };
  cache.set(`key${i}`, value);
  histogram.record(1 + (i % 5));
  return i;
});

(async () => {
  performance.mark('begin');
  cache.set('kept', kept);
  for (let i = 0; i < 50; i++) load(i);
  const rescued = cache.get('key7');
  for (let i = 0; i < 20 && cache.entries.size > 5; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  performance.mark('end');
  const { duration } = performance.measure('all', 'begin', 'end');
  console.log(duration > 0, cache.entries.size < 20, cache.dropped.length > 30, cache.get('kept') === kept, rescued?.i);
  console.log(cache.forget(kept), histogram.min, histogram.max, histogram.count);
  await new Promise(setImmediate);
  await new Promise((resolve) => setTimeout(resolve, 12));
  delay.disable();
  console.log(delay.count >= 0, performance.eventLoopUtilization().utilization <= 1, performance.now() > 0);
  observer.disconnect();
  console.log(measured.length, [...new Set(measured)].sort().join(', '));
  console.log(process.memoryUsage().heapUsed > 1e6, process.hrtime.bigint() > 0n, process.uptime() > 0, process.cpuUsage().user > 0);
  console.log(v8.getHeapStatistics().total_heap_size > 0, v8.deserialize(v8.serialize(new Map([[1, { a: 1 }]]))).get(1).a);
})();
