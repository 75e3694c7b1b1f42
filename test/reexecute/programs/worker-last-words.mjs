/** Workers whose messages and errors are read only when the thread that made them has time, as they end. */
import { Worker } from 'node:worker_threads';
const order = [];
const workers = [1, 2, 3].map((n) => new Worker(`require('node:worker_threads').parentPort.postMessage(${n}); if (${n} === 2) throw new Error('two')`, { eval: true }));
for (const worker of workers) worker.on('message', (n) => order.push(`message ${n}`)).on('error', ({ message }) => order.push(message)).on('exit', (code) => order.push(`exit ${code}`));
const shared = new Int32Array(new SharedArrayBuffer(4));
setImmediate(() => { Atomics.wait(shared, 0, 0, 1500); });
process.on('exit', () => console.log(order.join()));
