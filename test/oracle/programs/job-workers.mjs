// A pool of worker threads from one ES module: messages, transfer, errors, SharedArrayBuffer progress, an LRU of results.
import { Worker, isMainThread, parentPort, workerData, MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { EventEmitter } from 'node:events';
if (isMainThread) {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  class Pool extends EventEmitter {
    #idle = [];
    #queue = [];
    #jobs = new Map();
    constructor(size) {
      super();
      this.done = 0;
      for (let i = 0; i < size; i++) this.#start(i);
    }
    #start(i) {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { i, progress } });
      worker.on('message', ({ id, result, error }) => {
        const { resolve, reject } = this.#jobs.get(id);
        this.#jobs.delete(id);
        this.done++;
        if (error) reject(new Error(error));
        else resolve(result);
        this.#idle.push(worker);
        this.#next();
      });
      this.#idle.push(worker);
    }
    run(job) {
      const id = this.done + this.#queue.length + this.#jobs.size;
      return new Promise((resolve, reject) => {
        this.#queue.push({ id, job });
        this.#jobs.set(id, { resolve, reject });
        this.#next();
      });
    }
    #next() {
      if (this.#queue.length === 0 || this.#idle.length === 0) return;
      const { id, job } = this.#queue.shift();
      this.#idle.pop().postMessage({ id, ...job });
    }
    async close() {
      const workers = this.#idle.splice(0);
      await Promise.all(workers.map((worker) => worker.terminate()));
      return workers.length;
    }
  }
  const pool = new Pool(1);
  const outcomes = [];
  for (const numbers of [[1, 2, 3], [4, 5], 'bad']) {
    try {
      outcomes.push(await pool.run({ kind: 'sum', numbers }));
    } catch (error) {
      outcomes.push(error.message);
    }
  }
  const { port1, port2 } = new MessageChannel();
  port1.postMessage({ hello: [new Date(3), new Map([[1, /x/]])] });
  const received = receiveMessageOnPort(port2);
  const [day, pairs] = received.message.hello;
  port1.close();
  const closed = await pool.close();
  console.log(outcomes, Atomics.load(progress, 0), day.getTime(), pairs.size, closed, pool.done);
} else {
  const { progress } = workerData;
  parentPort.on('message', ({ id, numbers }) => {
    try {
      const result = numbers.reduce((sum, n) => sum + n, 0);
      Atomics.add(progress, 0, numbers.length);
      parentPort.postMessage({ id, result });
    } catch (error) {
      parentPort.postMessage({ id, error: error.constructor.name });
    }
  });
}
