// A cluster whose workers die in several ways and are restarted, while requests come in.
const cluster = require('node:cluster');
const http = require('node:http');

if (cluster.isPrimary) primary();
else worker();

function worker() {
  let served = 0;
  const server = http.createServer((request, response) => {
    served++;
    response.setHeader('Connection', 'close');
    if (request.url === '/throw') setImmediate(() => { throw new Error('handler failed'); });
    else if (request.url === '/exit') response.end('bye', () => process.exit(7));
    else response.end(`${request.url} by generation ${process.env.GENERATION}`);
  });
  server.listen(0, '127.0.0.1', () => process.send({ ready: process.env.GENERATION, pid: process.pid > 0 }));
  process.on('uncaughtException', (error) => {
    process.send({ failed: error.message, served }, () => process.exit(3));
  });
  process.on('message', async (message) => {
    if (message.ping !== undefined) {
      await null;
      process.send({ pong: message.ping });
      if (message.ping % 2) process.send({ odd: message.ping });
    }
    if (message.leave) server.close(() => cluster.worker.disconnect());
  });
}

function primary() {
  let generation = 0;
  let port;
  let leaving = false;
  const log = [];
  const waiting = new Map();
  const start = () => {
    generation++;
    return cluster.fork({ GENERATION: String(generation) });
  };
  cluster.on('listening', (_, address) => {
    port = address.port;
    waiting.get('ready')?.();
  });
  cluster.on('message', (from, message) => {
    if (!message.ready) log.push(JSON.stringify(message));
    if (message.pong === 4) waiting.get('pong')?.();
  });
  cluster.on('exit', async (died, code, signal) => {
    log.push(`worker died ${code} ${signal} ${died.exitedAfterDisconnect}`);
    if (!leaving) start();
    else if (Object.keys(cluster.workers).length === 0) console.log(log.join('\n'));
  });
  const ready = () => new Promise((resolve) => waiting.set('ready', resolve));
  const ask = (path) =>
    new Promise((resolve) => {
      http
        .get({ port, path, host: '127.0.0.1', agent: false }, async (response) => resolve(`${path} ${(await response.toArray()).join('')}`))
        .on('error', (error) => resolve(`${path} ${error.code}`));
    });
  (async () => {
    let up = ready();
    start();
    await up;
    console.log(await ask('/one'));
    up = ready();
    console.log(await ask('/throw'));
    await up;
    console.log(await ask('/two'));
    up = ready();
    console.log(await ask('/exit'));
    await up;
    console.log((await Promise.all(['/a', '/b', '/c'].map(ask))).join(' | '));
    up = ready();
    Object.values(cluster.workers)[0].process.kill('SIGKILL');
    await up;
    const [last] = Object.values(cluster.workers);
    const pong = new Promise((resolve) => waiting.set('pong', resolve));
    for (let i = 0; i < 5; i++) last.send({ ping: i });
    await pong;
    leaving = true;
    last.send({ leave: true });
  })();
}
