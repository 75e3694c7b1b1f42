// A pool of workers with a queue, progress messages, and one that never ends and is terminated.
const { Worker, isMainThread, parentPort, workerData, BroadcastChannel, receiveMessageOnPort, MessageChannel } = require('node:worker_threads');

class Pool {
  constructor(size) {
    this.queue = [];
    this.free = Array.from({ length: size }, (_, name) => this.start(name));
    this.progress = 0;
  }
  start(name) {
    const worker = new Worker(__filename, { workerData: { name }, env: { POOL: 'yes' }, argv: ['pooled'] });
    worker.on('message', (message) => {
      if (message.progress) return void this.progress++;
      const { resolve } = worker.job;
      worker.job = undefined;
      this.free.push(worker);
      resolve(message);
      this.next();
    });
    worker.on('exit', (code) => worker.job?.resolve({ terminated: code }));
    return worker;
  }
  run(task) {
    return new Promise((resolve) => {
      this.queue.push({ task, resolve });
      this.next();
    });
  }
  next() {
    if (this.queue.length === 0 || this.free.length === 0) return;
    const worker = this.free.shift();
    worker.job = this.queue.shift();
    worker.postMessage(worker.job.task);
    if (worker.job.task.endless) setTimeout(() => worker.terminate(), 50);
    this.next();
  }
  close() {
    return Promise.all(this.free.map((worker) => worker.terminate()));
  }
}

function fibonacci(n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

async function main() {
  const channel = new BroadcastChannel('news');
  const news = [];
  channel.onmessage = ({ data }) => news.push(data);
  const pool = new Pool(3);
  const answers = await Promise.all([18, 3, 20, 7, 15, 1].map((n) => pool.run({ n })));
  console.log(answers.map(({ n, value }) => `${n}:${value}`).join(' '));
  console.log('by', answers.map(({ by }) => by).join(''), 'progress', pool.progress, answers[0].env, answers[0].argv);
  console.log(await pool.run({ endless: true }), await pool.run({ n: 2 }));
  console.log('closed', (await pool.close()).length, 'news', new Set(news).size);
  channel.close();
  const { port1, port2 } = new MessageChannel();
  port1.postMessage({ a: [1, new Map([[1, 2n]])] });
  console.log(receiveMessageOnPort(port2), receiveMessageOnPort(port2));
}

if (isMainThread) main();
else {
  const channel = new BroadcastChannel('news');
  channel.postMessage(`worker ${workerData.name} is up`);
  channel.close();
  parentPort.on('message', ({ n, endless }) => {
    while (endless);
    if (n > 10) parentPort.postMessage({ progress: 0.5 });
    parentPort.postMessage({ n, value: fibonacci(n), by: workerData.name, env: process.env.POOL, argv: process.argv[2] });
  });
}
