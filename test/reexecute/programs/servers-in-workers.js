// Servers in worker threads behind a balancer in the main thread; workers are drained, one is terminated, one fails.
const { Worker, isMainThread, parentPort, workerData, BroadcastChannel, MessageChannel, setEnvironmentData, getEnvironmentData } = require('node:worker_threads');
const http = require('node:http');
const { once } = require('node:events');

if (isMainThread) main();
else serve();

function serve() {
  let served = 0;
  const config = getEnvironmentData('config');
  const server = http.createServer(async (request, response) => {
    served++;
    parentPort.postMessage({ log: `${workerData.name}${request.url}` });
    if (request.url === '/fail') {
      response.end('failing');
      return void setTimeout(() => Promise.reject(new Error(`${workerData.name} failed`)), 1);
    }
    const { port1, port2 } = new MessageChannel();
    parentPort.postMessage({ ask: request.url, reply: port2 }, [port2]);
    const [value] = await once(port1, 'message');
    port1.close();
    response.end(`${config.prefix} ${value}`);
  });
  const news = new BroadcastChannel('news');
  news.onmessage = ({ data }) => {
    if (data !== 'drain') return;
    parentPort.postMessage({ served });
    server.close(() => parentPort.postMessage('drained'));
    server.closeIdleConnections();
    news.close();
    parentPort.close();
  };
  server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));
}

async function main() {
  setEnvironmentData('config', { prefix: '>' });
  const logs = [];
  const values = new Map();
  const start = async (name) => {
    const worker = new Worker(__filename, { workerData: { name }, name });
    let port;
    worker.on('message', (message) => {
      if (message.log) logs.push(message.log);
      else if (message.ask) {
        values.set(message.ask, (values.get(message.ask) ?? 0) + 1);
        message.reply.postMessage(`${message.ask} ${values.get(message.ask)}`);
        message.reply.close();
      } else if (message.port) port = message.port;
      else logs.push(message === 'drained' ? 'drained' : `served ${message.served}`);
    });
    worker.on('error', (error) => logs.push(error.message));
    while (port === undefined) await once(worker, 'message');
    return { worker, port, name };
  };
  const workers = await Promise.all(['a', 'b', 'c', 'd'].map(start));
  const agent = new http.Agent({ keepAlive: true });
  const ask = (i, path) =>
    new Promise((resolve) => {
      http.get({ port: workers[i % workers.length].port, path, agent, host: '127.0.0.1' }, async (r) => resolve((await r.toArray()).join(''))).on('error', (e) => resolve(e.code));
    });
  console.log((await Promise.all([0, 1, 2, 3, 4, 5].map((i) => ask(i, `/item${i % 2}`)))).sort().join(' | '));
  const failed = new Promise((resolve) => workers[3].worker.on('exit', resolve));
  console.log(await ask(3, '/fail'), await failed);
  const pending = ask(2, '/slow');
  console.log(await pending, await workers[2].worker.terminate());
  agent.destroy();
  const ends = [0, 1].map((i) => once(workers[i].worker, 'exit'));
  const news = new BroadcastChannel('news');
  news.postMessage('drain');
  console.log((await Promise.all(ends)).join(' '));
  news.close();
  console.log(logs.sort().join(' '));
}
