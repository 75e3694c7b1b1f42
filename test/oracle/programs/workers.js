'use strict';
// Worker threads: messages both ways, transferred buffers, shared memory, errors that cross the boundary.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
function sumOfPrimes(from, to) {
  let sum = 0;
  outer: for (let n = Math.max(2, from); n < to; n++) {
    for (let d = 2; d * d <= n; d++) if (n % d === 0) continue outer;
    sum += n;
  }
  return sum;
}
if (isMainThread) {
  const shared = new Int32Array(new SharedArrayBuffer(16));
  const results = new Map();
  const finish = () => {
    const total = [...results.values()].reduce((sum, { value }) => sum + value, 0);
    const failures = [...results].filter(([, result]) => result.error).map(([name]) => name);
    console.log(total, failures, Atomics.load(shared, 0), results.get('a').bytes);
  };
  const start = (name, range) =>
    new Promise((resolve) => {
      const worker = new Worker(__filename, { workerData: { name, range, shared: shared.buffer } });
      const result = { value: 0, bytes: 0, error: null };
      results.set(name, result);
      worker.on('message', ({ value, buffer }) => {
        result.value += value;
        result.bytes += buffer.byteLength;
      });
      worker.on('error', (error) => (result.error = error.message));
      worker.on('exit', resolve);
      worker.postMessage({ factor: 2 });
    });
  start('a', [0, 50])
    .then(() => start('b', [50, 100]))
    .then(() => start('bad', null))
    .then(finish);
} else {
  const { name, range, shared } = workerData;
  const counter = new Int32Array(shared);
  parentPort.once('message', ({ factor }) => {
    if (!range) throw new RangeError(`${name} has no range`);
    const value = sumOfPrimes(...range) * factor;
    const buffer = new ArrayBuffer(range[1]);
    Atomics.add(counter, 0, range[1]);
    parentPort.postMessage({ value, buffer }, [buffer]);
  });
}
