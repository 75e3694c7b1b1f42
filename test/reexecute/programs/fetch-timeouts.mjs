// An API client: time limits, retries with delays, streamed bodies cut in the middle, uploads, parallel limits.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';

let flaky = 0;
const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://x');
  if (pathname === '/wait') await sleep(Number(searchParams.get('ms')));
  if (pathname === '/flaky' && ++flaky < 3) {
    response.statusCode = 503;
    return response.end('busy');
  }
  if (pathname === '/drip') {
    for (let i = 0; i < 20 && !response.destroyed; i++) {
      response.write(`data: ${i}\n\n`);
      await sleep(3);
    }
    return response.end();
  }
  if (pathname === '/cut') {
    response.writeHead(200, { 'Content-Length': 1000 });
    response.write('only this');
    return setTimeout(() => response.destroy(), 3);
  }
  if (request.method === 'POST') {
    let size = 0;
    for await (const part of request) size += part.length;
    return response.end(JSON.stringify({ size, type: request.headers['content-type']?.split(';')[0] }));
  }
  response.end(JSON.stringify({ pathname }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;

async function retry(url, times, limit) {
  for (let i = 1; ; i++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(limit) });
      if (response.ok) return `${await response.text()} at ${i}`;
      await response.body?.cancel();
    } catch (error) {
      if (i === times) return `${error.name} at ${i}`;
    }
    await sleep(2 * i + Math.random());
  }
}

console.log(await retry(`${base}/flaky`, 5, 1000));
console.log(await retry(`${base}/wait?ms=300`, 2, 15));
const user = new AbortController();
const asked = fetch(`${base}/wait?ms=200`, { signal: AbortSignal.any([user.signal, AbortSignal.timeout(5000)]) });
setTimeout(() => user.abort(new Error('left the page')), 5);
console.log(await asked.catch((error) => error.message));

const drip = await fetch(`${base}/drip`);
let events = 0;
const decoder = new TextDecoderStream();
for await (const text of drip.body.pipeThrough(decoder)) {
  events += text.split('data:').length - 1;
  if (events >= 5) break;
}
console.log(events >= 5);
console.log(await fetch(`${base}/cut`).then((r) => r.text()).catch((error) => `${error.name} ${error.cause?.code}`));

const form = new FormData();
form.set('file', new Blob(['x'.repeat(5000)]), 'x.txt');
console.log(await (await fetch(base, { method: 'POST', body: new URLSearchParams({ a: '1' }) })).json());
const { type } = await (await fetch(base, { method: 'POST', body: form })).json();
console.log(type);
const parts = new ReadableStream({
  n: 0,
  async pull(controller) {
    await sleep(1);
    if (this.n++ === 5) controller.close();
    else controller.enqueue(new TextEncoder().encode('part'.repeat(100)));
  },
});
console.log(await (await fetch(base, { method: 'POST', body: parts, duplex: 'half' })).json());

let active = 0;
let most = 0;
const queue = Array.from({ length: 12 }, (_, i) => i);
const results = [];
await Promise.all(
  Array.from({ length: 3 }, async () => {
    for (let i = queue.shift(); i !== undefined; i = queue.shift()) {
      most = Math.max(most, ++active);
      results[i] = (await (await fetch(`${base}/item/${i}`)).json()).pathname;
      active--;
    }
  }),
);
console.log(most, results.join(' '));
server.closeAllConnections();
server.close();
await once(server, 'close');
console.log(await fetch(base).catch((error) => error.cause.code));
