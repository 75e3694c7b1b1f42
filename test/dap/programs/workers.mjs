// Two threads, so that a recording has two streams; the second one fails.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
function sum(numbers) {
  let result = 0;
  for (const each of numbers) result += each;
  return result;
}
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { numbers: [1, 2, 3] } });
  worker.on('message', (message) => console.log(message));
  worker.on('error', (error) => console.log(error.message));
} else {
  parentPort.postMessage({ sum: sum(workerData.numbers) });
  throw new Error('the worker has failed');
}
