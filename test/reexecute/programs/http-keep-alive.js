// An HTTP API and clients over one keep-alive agent, with more requests than sockets.
const http = require('node:http');

const stock = new Map([['apple', 3], ['pear', 1]]);
const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://shop');
  const name = url.pathname.slice(1);
  if (request.method === 'GET') {
    if (!stock.has(name)) return response.writeHead(404, { 'x-why': 'unknown' }).end('none');
    response.setHeader('Content-Type', 'application/json');
    return response.end(JSON.stringify({ name, count: stock.get(name) }));
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const { by } = JSON.parse(body);
  const left = (stock.get(name) ?? 0) - by;
  if (left < 0) return response.writeHead(409).end('sold out');
  await new Promise((resolve) => setTimeout(resolve, by));
  stock.set(name, left);
  response.end(String(left));
});

const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const { port } = server.address();
    const request = http.request({ port, method, path, agent, headers: { 'X-Client': 'shop' } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(`${response.statusCode} ${Buffer.concat(chunks)} ${request.reusedSocket}`));
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

let sockets = 0;
server.on('connection', () => sockets++);
server.listen(0, async () => {
  const order = [];
  await Promise.all([
    send('GET', '/apple').then((answer) => order.push(answer)),
    send('POST', '/apple', { by: 2 }).then((answer) => order.push(answer)),
    send('POST', '/pear', { by: 1 }).then((answer) => order.push(answer)),
    send('POST', '/pear', { by: 1 }).then((answer) => order.push(answer)),
    send('GET', '/plum').then((answer) => order.push(answer)),
    send('GET', '/pear').then((answer) => order.push(answer)),
  ]);
  for (const line of order) console.log(line);
  console.log(await send('GET', '/apple'), 'sockets', sockets, [...stock]);
  agent.destroy();
  server.close(() => console.log('closed'));
});
