// A cluster of two workers that share a port; the primary counts what each of them served.
const cluster = require('node:cluster');
const http = require('node:http');

function serve() {
  let served = 0;
  http
    .createServer((request, response) => {
      served++;
      process.send({ served: request.url });
      response.setHeader('Connection', 'close');
      response.end(`worker ${cluster.worker.id} request ${request.url}`);
    })
    .listen(0, '127.0.0.1');
  process.on('message', (message) => {
    if (message === 'leave') {
      process.send({ total: served });
      cluster.worker.disconnect();
    }
  });
}

function main() {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const counts = {};
  let ready = 0;
  for (let i = 0; i < 2; i++) cluster.fork({ ROLE: `worker-${i}` });
  cluster.on('message', (worker, message) => {
    if (message.served) (counts[worker.id] ??= []).push(message.served);
    else console.log('worker', worker.id, 'served', message.total);
  });
  cluster.on('listening', (worker, address) => {
    if (++ready === 2) load(address.port);
  });
  cluster.on('exit', (worker, code, signal) => {
    console.log('worker', worker.id, 'left', code, signal, worker.exitedAfterDisconnect);
    if (Object.keys(cluster.workers).length === 0) console.log('counted', Object.values(counts).flat().length, Object.keys(counts).length > 1 ? 'shared' : 'one did all');
  });

  async function load(port) {
    const answers = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => (await fetch(`http://127.0.0.1:${port}/${i}`)).text()),
    );
    console.log(answers.map((answer) => answer.replace(/\d+ request/, 'N')).join(' '));
    for (const worker of Object.values(cluster.workers)) worker.send('leave');
  }
}

if (cluster.isPrimary) main();
else serve();
