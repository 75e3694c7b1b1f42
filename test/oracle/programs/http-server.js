'use strict';
// An HTTP server and its clients in one program: JSON bodies, keep-alive off, errors as responses.
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const socketPath = `${os.tmpdir()}/hindcast-oracle.sock`;
fs.rmSync(socketPath, { force: true });
const items = new Map([[1, { id: 1, name: 'first', tags: ['a'] }]]);
const log = [];
class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}
async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    throw new HttpError(400, `bad JSON of ${text.length}`);
  }
}
async function handle(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [, kind, id] = pathname.split('/');
  log.push(`${request.method} ${pathname}`);
  if (kind !== 'items') throw new HttpError(404, `no ${kind}`);
  if (request.method === 'POST') {
    const data = await body(request);
    const item = { id: items.size + 1, ...data };
    items.set(item.id, item);
    return item;
  }
  if (!id) return [...items.values()].slice(0, Number(searchParams.get('limit') ?? 10));
  const item = items.get(Number(id));
  if (!item) throw new HttpError(404, `no item ${id}`);
  return item;
}
const server = http.createServer(async (request, response) => {
  try {
    const result = await handle(request);
    response.end(JSON.stringify(result));
  } catch (error) {
    response.statusCode = error.status ?? 500;
    response.end(JSON.stringify({ error: error.message }));
  }
});
function call(method, url, data) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path: url, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, data: JSON.parse(text) }));
    });
    request.on('error', reject);
    request.end(data);
  });
}
server.listen(socketPath, async () => {
  const results = [];
  results.push(await call('GET', '/items?limit=5'));
  results.push(await call('POST', '/items', JSON.stringify({ name: 'second' })));
  results.push(await call('GET', '/items/2'), await call('GET', '/items/9'), await call('POST', '/items', '{oops'));
  results.push(await call('GET', '/other'));
  server.close(() => {
    const statuses = results.map(({ status }) => status);
    console.log(statuses, results[2].data, log, items.size);
  });
});
