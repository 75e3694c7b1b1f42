// A keep-alive agent with few sockets; requests aborted while queued, while waiting, while the answer streams.
const http = require('node:http');
const { once } = require('node:events');

const heard = [];
const server = http.createServer((request, response) => {
  const say = (what) => heard.push(`${request.url} ${what}`);
  request.on('aborted', () => say('aborted'));
  response.on('close', () => say(response.writableFinished ? 'done' : 'cut'));
  if (request.url.startsWith('/stream')) {
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    let n = 0;
    const timer = setInterval(() => {
      if (n++ > 30 || response.destroyed) return clearInterval(timer), void response.end();
      response.write(`part ${n}\n`.repeat(50));
    }, 2);
    return;
  }
  if (request.url.startsWith('/slow')) return void setTimeout(() => response.end('slow answer'), 30);
  if (request.url.startsWith('/never')) return;
  let size = 0;
  request.on('data', (part) => (size += part.length));
  request.on('end', () => response.end(`got ${size}`));
});

const agent = new http.Agent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1, timeout: 500 });
let freed = 0;
agent.on('free', () => freed++);

function ask(port, path, { body, signal, cutAfter, timeout } = {}) {
  return new Promise((resolve) => {
    const request = http.request({ port, path, agent, method: body ? 'POST' : 'GET', signal, timeout, host: '127.0.0.1' }, (response) => {
      let size = 0;
      response.on('data', (part) => {
        size += part.length;
        if (cutAfter && size > cutAfter) request.destroy(new Error('enough'));
      });
      response.on('end', () => resolve(`${path} ${response.statusCode} ${size} reused=${request.reusedSocket}`));
      response.on('error', (error) => resolve(`${path} broken ${error.code ?? error.message}`));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', (error) => resolve(`${path} failed ${error.code ?? error.message}`));
    if (body) for (const part of body) request.write(part);
    request.end();
  });
}

server.keepAliveTimeout = 1000;
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const stop = new AbortController();
  const first = [
    ask(port, '/never', { signal: stop.signal }),
    ask(port, '/slow'),
    ask(port, '/stream', { cutAfter: 1000 }),
    ask(port, '/queued', { signal: stop.signal }),
    ask(port, '/post', { body: ['a'.repeat(1000), 'b'.repeat(70_000)] }),
  ];
  setTimeout(() => stop.abort(), 15);
  console.log((await Promise.all(first)).map((e) => e.replace(/ 200 \d+ reused=\w+/, ' 200')).join('\n'));
  for (let i = 0; i < 4; i++) console.log(await ask(port, `/again/${i}`, { body: [`n${i}`] }));
  console.log(await ask(port, '/never/2', { timeout: 10 }));
  console.log(await ask(port, '/slow/2', { signal: AbortSignal.timeout(5) }));
  const raw = http.request({ port, agent: false, method: 'PUT', host: '127.0.0.1', headers: { Expect: '100-continue' } });
  raw.flushHeaders();
  await once(raw, 'continue');
  raw.end('late body');
  const [answer] = await once(raw, 'response');
  console.log(answer.statusCode, (await answer.toArray()).join(''), answer.headers.connection);
  agent.destroy();
  server.closeAllConnections();
  server.close(() => {
    console.log(heard.sort().join('\n'));
    console.log('freed', freed > 3);
  });
});
