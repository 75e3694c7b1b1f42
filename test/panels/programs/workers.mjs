// Three threads that count primes, and one that fails.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

function isPrime(n) {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
}

function count(from, to) {
  let found = 0;
  for (let n = from; n < to; n++) if (isPrime(n)) found++;
  return found;
}

if (isMainThread) {
  const results = [0, 1, 2].map(
    (i) =>
      new Promise((resolve) => {
        const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { from: i * 700, to: i * 700 + 700 } });
        worker.on('message', (found) => {
          console.log(`worker ${i}: ${found}`);
          resolve(found);
        });
        worker.on('error', (error) => resolve(error));
      }),
  );
  console.log(count(0, 300));
  const found = await Promise.all(results);
  console.log(found.join(' '));
} else {
  const { from, to } = workerData;
  if (from > 1000) throw new RangeError(`worker from ${from} has had enough`);
  parentPort.postMessage(count(from, to));
}
