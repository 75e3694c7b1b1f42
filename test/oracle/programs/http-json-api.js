// An HTTP server and its client on a socket path: routing, JSON bodies, streamed answers, errors, keep-alive.
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const fs = require('node:fs');
const store = new Map([[1, { id: 1, title: 'first', done: false }]]);
let nextId = 2;
const routes = [
  ['GET', /^\/todos$/, () => [200, [...store.values()]]],
  ['GET', /^\/todos\/(\d+)$/, ([id]) => (store.has(Number(id)) ? [200, store.get(Number(id))] : [404, { error: 'no such todo' }])],
  ['POST', /^\/todos$/, (_, body) => {
    const todo = { id: nextId++, title: body.title.trim(), done: false };
    store.set(todo.id, todo);
    return [201, todo];
  }],
  ['PATCH', /^\/todos\/(\d+)$/, ([id], body) => {
    const todo = store.get(Number(id));
    Object.assign(todo, body);
    return [200, todo];
  }],
  ['DELETE', /^\/todos\/(\d+)$/, ([id]) => [store.delete(Number(id)) ? 204 : 404, undefined]],
];
async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text ? JSON.parse(text) : undefined;
}
const served = [];
const server = http.createServer(async (request, response) => {
  const { method, url } = request;
  let status = 500;
  let answer = { error: 'unknown' };
  try {
    const body = await read(request);
    const route = routes.find(([verb, pattern]) => verb === method && pattern.test(url));
    if (!route) {
      status = 404;
      answer = { error: `no ${method} ${url}` };
    } else {
      const params = route[1].exec(url).slice(1);
      [status, answer] = route[2](params, body);
    }
  } catch (error) {
    status = 400;
    answer = { error: error.constructor.name };
  }
  served.push(`${method} ${url} ${status}`);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(answer === undefined ? undefined : JSON.stringify(answer));
});
function call(socketPath, method, url, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path: url, agent: false }, async (response) => {
      const value = await read(response);
      resolve({ status: response.statusCode, value });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}
const socketPath = path.join(os.tmpdir(), 'hindcast-oracle-todo.sock');
fs.rmSync(socketPath, { force: true });
server.listen(socketPath, async () => {
  const answers = [];
  answers.push(await call(socketPath, 'POST', '/todos', { title: ' second ' }));
  answers.push(await call(socketPath, 'PATCH', '/todos/2', { done: true }));
  answers.push(await call(socketPath, 'GET', '/todos'));
  answers.push(await call(socketPath, 'POST', '/todos', '{"title":'));
  answers.push(await call(socketPath, 'PATCH', '/todos/9', {}));
  answers.push(await call(socketPath, 'DELETE', '/todos/1'));
  answers.push(await call(socketPath, 'GET', '/nothing'));
  server.close(() => console.log(answers.map(({ status }) => status), served, [...store.keys()]));
});
