// A job queue with priorities, concurrency, deadlines, cancellation and a dead letter box.
import { EventEmitter } from 'node:events';
import { randomInt } from 'node:crypto';

class Queue extends EventEmitter {
  #waiting = [];
  #running = 0;
  constructor(limit) {
    super();
    this.limit = limit;
  }
  add(job) {
    this.#waiting.push({ attempts: 0, ...job });
    this.#waiting.sort((a, b) => b.priority - a.priority);
    queueMicrotask(() => this.#fill());
    return this;
  }
  #fill() {
    while (this.#running < this.limit && this.#waiting.length > 0) {
      this.#running++;
      this.#run(this.#waiting.shift()).finally(() => {
        this.#running--;
        if (this.#waiting.length > 0) this.#fill();
        else if (this.#running === 0) this.emit('idle');
      });
    }
  }
  async #run(job) {
    job.attempts++;
    const signal = AbortSignal.timeout(job.deadline);
    try {
      this.emit('done', job, await job.work(signal, job.attempts));
    } catch (error) {
      if (job.attempts < 3) this.add(job);
      else this.emit('dead', job, error);
    }
  }
}

const work = (delay, result) => (signal, attempt) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => (randomInt(3) === 0 && attempt < 3 ? reject(new Error('unlucky')) : resolve(result)), delay);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

const queue = new Queue(3);
const done = [];
queue.on('done', (job, result) => done.push(`${job.name}=${result}/${job.attempts}`));
queue.on('dead', (job, error) => console.log('dead', job.name, error.name, job.attempts));
for (let i = 0; i < 8; i++) queue.add({ name: `job${i}`, priority: i % 3, deadline: 100, work: work(randomInt(1, 6), i * i) });
queue.add({ name: 'slow', priority: 9, deadline: 8, work: work(50, 'never') });
queue.add({ name: 'instant', priority: 0, deadline: 50, work: async () => 'now' });
const keepAlive = setInterval(() => {}, 50);
queue.on('idle', () => {
  clearInterval(keepAlive);
  console.log(done.join(' '));
  console.log(done.length, 'done, first', done[0].split('=')[0]);
});
