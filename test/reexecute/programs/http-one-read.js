'use strict';
// Heads, bodies and several requests in one portion of bytes: what runs between the calls of HTTP's parser.
const http = require('node:http');
const net = require('node:net');

const seen = [];
const say = (what) => seen.push(what);
const server = http.createServer((request, response) => {
  const { url } = request;
  say(`request ${url}`);
  process.nextTick(() => say(`tick ${url}`));
  Promise.resolve().then(() => say(`promise ${url}`));
  let size = 0;
  request.on('data', (part) => {
    size += part.length;
    say(`data ${url} ${part}`);
    queueMicrotask(() => say(`after data ${url}`));
    if (url === '/throws') throw new Error('no');
  });
  request.on('end', () => {
    say(`end ${url} ${size}`);
    Promise.resolve().then(() => response.end(`${url} ${size}`));
  });
});
server.on('clientError', (error, socket) => {
  say(`client error ${error.code}`);
  socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
});
server.on('upgrade', (request, socket, head) => {
  say(`upgrade ${head}`);
  socket.on('data', (bytes) => {
    say(`raw ${bytes}`);
    socket.end('bye');
  });
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
});
process.on('uncaughtException', (error) => say(`uncaught ${error.message}`));

const post = (url, body) => `POST ${url} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunked = 'POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\nTrailer: t\r\n\r\n';

/** Sends the parts one after the other, each when something has come back, and waits for the end. */
function send(port, parts) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(parts[0]));
    let next = 1;
    socket.on('data', () => (next < parts.length ? socket.write(parts[next++]) : socket.end()));
    socket.on('error', () => undefined);
    socket.on('close', resolve);
    setTimeout(() => socket.destroy(), 400).unref();
  });
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  await send(port, [post('/one', 'body')]);
  await send(port, [post('/first', 'a') + post('/second', 'bc') + 'GET /third HTTP/1.1\r\nHost: a\r\n\r\n']);
  await send(port, [chunked + post('/behind', 'x')]);
  await send(port, [post('/long', 'y'.repeat(100)).slice(0, -60)]);
  await send(port, [post('/throws', 'z'), post('/then', 'zz')]);
  await send(port, ['GET /bad HTTP/1.1\r\nno header\r\n\r\n']);
  await send(port, ['GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nmore', 'again']);
  server.close();
  server.closeAllConnections();
  console.log(seen.join('\n'));
});
