// Forked workers that are given jobs by messages; one dies and its job is given to another.
const { fork } = require('node:child_process');

function work({ id, from, to }) {
  let primes = 0;
  outer: for (let n = Math.max(2, from); n < to; n++) {
    for (let d = 2; d * d <= n; d++) if (n % d === 0) continue outer;
    primes++;
  }
  return { id, primes, by: process.argv[3] };
}

function main() {
  const jobs = Array.from({ length: 8 }, (_, id) => ({ id, from: id * 1000, to: id * 1000 + 1000 }));
  const results = new Map();
  const waiting = [...jobs];
  const busy = new Map();
  let alive = 0;

  function give(worker) {
    const job = waiting.shift();
    if (job === undefined) return worker.disconnect();
    busy.set(worker, job);
    worker.send(job);
  }
  function start(name) {
    alive++;
    const worker = fork(__filename, ['worker', name], { serialization: 'advanced' });
    worker.on('message', (message) => {
      if (message !== 'ready') results.set(message.id, message);
      busy.delete(worker);
      give(worker);
    });
    worker.on('exit', (code, signal) => {
      alive--;
      if (busy.has(worker)) waiting.push(busy.get(worker));
      console.log(name, 'left', code, signal, 'with', waiting.length > 0 ? 'work left' : 'nothing left');
      if (waiting.length > 0) start(`${name}'`);
      else if (alive === 0) end();
    });
    return worker;
  }
  function end() {
    const total = [...results.values()].reduce((sum, each) => sum + each.primes, 0);
    console.log(results.size, 'jobs', total, 'primes', [...results.values()].map((each) => each.by).join(' '));
  }
  start('one');
  start('two');
}

if (process.argv[2] === 'worker') {
  process.on('message', (job) => {
    if (job.id === 3 && process.argv[3].length === 3) process.exit(7);
    process.send(work(job));
  });
  process.send('ready');
} else main();
