// Chunked bodies, aborted requests, timeouts, broken servers, trailers, an upgrade.
const http = require('node:http');

const server = http.createServer((request, response) => {
  if (request.url === '/slow') return setTimeout(() => response.end('at last'), 400);
  if (request.url === '/broken') return request.socket.destroy();
  if (request.url === '/half') {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('only a part');
    return setTimeout(() => response.destroy(), 10);
  }
  if (request.url === '/drip') {
    response.writeHead(200, { Trailer: 'X-Sum' });
    let i = 0;
    const timer = setInterval(() => {
      response.write(`part ${i++};`);
      if (i < 4) return;
      clearInterval(timer);
      response.addTrailers({ 'X-Sum': String(i) });
      response.end();
    }, 3);
    return;
  }
  let bytes = 0;
  request.on('data', (chunk) => (bytes += chunk.length));
  request.on('end', () => response.end(`got ${bytes} ${request.headers['transfer-encoding']}`));
});
server.on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.on('data', (chunk) => socket.end(`echo ${chunk}`));
});
server.on('clientError', (error, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));

let open = 0;
function get(path, options = {}, use = (request) => request.end()) {
  open++;
  const request = http.request({ port: server.address().port, path, ...options });
  request.on('response', (response) => {
    let text = '';
    response.on('data', (chunk) => (text += chunk));
    response.on('end', () => console.log(path, 'ended', text.length, text.slice(0, 30), response.trailers));
    response.on('error', (error) => console.log(path, 'response', error.code, text));
  });
  request.on('timeout', () => request.destroy(new Error('too slow')));
  request.on('error', (error) => console.log(path, 'request', error.code ?? error.message));
  request.on('close', () => {
    console.log(path, 'closed');
    if (--open === 0) server.close(() => console.log('server closed'));
  });
  use(request);
  return request;
}

server.listen(0, '127.0.0.1', () => {
  get('/drip');
  get('/slow', { timeout: 30 });
  get('/broken');
  get('/half');
  get('/upload', { method: 'POST' }, (request) => {
    for (let i = 0; i < 5; i++) request.write('x'.repeat(i * 20_000));
    request.end('the end');
  });
  const abort = new AbortController();
  get('/slow', { signal: abort.signal });
  setTimeout(() => abort.abort(), 15);
  get('/ws', { headers: { Connection: 'Upgrade', Upgrade: 'echo' } }, (request) => {
    request.end();
    request.on('upgrade', (response, socket) => {
      socket.write('hello');
      socket.on('data', (chunk) => console.log('upgraded', response.statusCode, String(chunk)));
    });
  });
});
