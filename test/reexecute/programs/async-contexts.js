// AsyncLocalStorage through servers, clients, fetch, timers and events of sockets.
const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');
const net = require('node:net');

const context = new AsyncLocalStorage();
const seen = [];
const see = (what) => seen.push(`${what} ${context.getStore() ?? 'none'}`);

const server = http.createServer((request, response) => {
  see('request');
  context.run(request.url, () => {
    request.on('data', () => see('data'));
    request.on('end', () => {
      see('end');
      setTimeout(() => response.end(context.getStore()), 1);
    });
    response.on('finish', () => see('finish'));
    request.socket.once('close', () => see('close'));
  });
});

function post(path) {
  return new Promise((resolve) => {
    const { port } = server.address();
    const request = http.request({ port, path, method: 'POST', agent: false, host: 'localhost' }, (response) => {
      see('response');
      response.on('data', () => see('answer')).on('end', resolve);
    });
    request.on('socket', (socket) => socket.on('connect', () => see('connect')));
    request.end('body');
  });
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  await Promise.all(['/a', '/b'].map((path) => context.run(`client${path}`, post, path)));
  await context.run('fetch', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/c`);
    see(await answer.text());
  });
  context.run('raw', () => {
    const socket = net.connect(port, '127.0.0.1', () => see('raw connect'));
    socket.setTimeout(5, () => {
      see('raw timeout');
      socket.destroy();
    });
    socket.on('close', () => {
      see('raw close');
      console.log(seen.join('\n'));
      server.closeAllConnections();
      server.close();
    });
  });
});
