// A caching proxy before an origin: pipes, headers, entity tags, an expiry by the clock, a broken origin.
const http = require('node:http');
const crypto = require('node:crypto');

let hits = 0;
const origin = http.createServer((request, response) => {
  hits++;
  if (request.url === '/crash') return request.socket.destroy();
  const body = `${request.url} `.repeat(request.url === '/large' ? 5000 : 3);
  const tag = `"${crypto.createHash('sha1').update(body).digest('hex').slice(0, 8)}"`;
  if (request.headers['if-none-match'] === tag) return response.writeHead(304).end();
  response.writeHead(200, { ETag: tag, 'Cache-Control': 'max-age=0.05', Date: new Date().toUTCString() });
  for (let at = 0; at < body.length; at += 7000) response.write(body.slice(at, at + 7000));
  response.end();
});

const cache = new Map();
const proxy = http.createServer((request, response) => {
  const known = cache.get(request.url);
  if (known && known.until > Date.now()) return response.writeHead(200, { 'X-Cache': 'hit' }).end(known.body);
  const headers = known ? { 'If-None-Match': known.tag } : {};
  const onward = http.get({ port: origin.address().port, path: request.url, headers }, (answer) => {
    if (answer.statusCode === 304) {
      known.until = Date.now() + 50;
      answer.resume();
      return response.writeHead(200, { 'X-Cache': 'revalidated' }).end(known.body);
    }
    response.writeHead(200, { 'X-Cache': 'miss' });
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('end', () => cache.set(request.url, { body: Buffer.concat(parts), tag: answer.headers.etag, until: Date.now() + 50 }));
    answer.pipe(response);
  });
  onward.on('error', (error) => response.writeHead(502, { 'X-Cache': error.code }).end('bad gateway'));
});

async function ask(path) {
  const answer = await fetch(`http://127.0.0.1:${proxy.address().port}${path}`);
  return `${path} ${answer.status} ${answer.headers.get('x-cache')} ${(await answer.text()).length}`;
}

origin.listen(0, '127.0.0.1', () =>
  proxy.listen(0, '127.0.0.1', async () => {
    console.log(await Promise.all(['/a', '/large', '/crash', '/b'].map(ask)));
    console.log(await ask('/a'), '|', await ask('/large'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    console.log(await Promise.all(['/a', '/b', '/c'].map(ask)));
    console.log('origin was asked', hits, 'times; cached', [...cache.keys()].sort().join(' '));
    for (const server of [origin, proxy]) {
      server.closeAllConnections();
      server.close();
    }
  }),
);
