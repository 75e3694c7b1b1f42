// fetch: JSON, forms, streams, redirects, headers, aborts, a refused connection.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const server = createServer(async (request, response) => {
  if (request.url === '/moved') return response.writeHead(302, { Location: '/json' }).end();
  if (request.url === '/json') return response.setHeader('X-Kind', 'plain').end(JSON.stringify({ items: [1, 2, 3] }));
  if (request.url === '/slow') return sleep(300, undefined, { ref: false }).then(() => response.end('late'));
  if (request.url === '/stream') {
    for (let i = 0; i < 5; i++) {
      response.write(`${i}`.repeat(i * 1000 + 1));
      await sleep(1);
    }
    return response.end();
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  response.statusCode = body.length > 100 ? 413 : 201;
  response.end(`${request.headers['content-type']?.split(';')[0]} ${body.length > 100}`);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;

const first = await fetch(`${base}/json`);
console.log(first.status, first.headers.get('x-kind'), await first.json());
const moved = await fetch(`${base}/moved`);
console.log(moved.redirected, new URL(moved.url).pathname, (await moved.json()).items.length);

const form = new FormData();
form.set('name', 'value');
form.set('file', new Blob(['some text']), 'a.txt');
for (const body of ['text', new URLSearchParams({ a: '1' }), form, new Uint8Array(200)]) {
  const answer = await fetch(base, { method: 'POST', body });
  console.log(answer.status, answer.ok, await answer.text());
}

const streamed = await fetch(`${base}/stream`);
let parts = 0;
let size = 0;
for await (const part of streamed.body) {
  parts++;
  size += part.length;
}
console.log(size, parts > 1 ? 'in parts' : 'at once', parts);

const outcomes = await Promise.allSettled([
  fetch(`${base}/slow`, { signal: AbortSignal.timeout(20) }),
  fetch(`${base}/json`, { signal: AbortSignal.abort(new Error('never')) }),
  fetch('http://127.0.0.1:1/'),
  fetch('nonsense://x'),
]);
console.log(outcomes.map(({ reason }) => `${reason.name} ${reason.cause?.code ?? reason.message}`));
const race = [];
await Promise.all(['/json', '/stream', '/moved'].map((path) => fetch(base + path).then((r) => r.text()).then((t) => race.push(`${path} ${t.length}`))));
console.log(race);
server.closeAllConnections();
server.close(() => console.log('closed'));
