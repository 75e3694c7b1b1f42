// A static file server: streams, ranges, gzip where accepted, directory listings, conditional requests, HEAD.
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { pipeline } = require('node:stream');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'site-'));
fs.mkdirSync(path.join(root, 'docs'));
fs.writeFileSync(path.join(root, 'index.html'), '<h1>hello</h1>'.repeat(500));
fs.writeFileSync(path.join(root, 'docs', 'a.txt'), 'abcdefghij'.repeat(20));

const server = http.createServer(async (request, response) => {
  try {
    const file = path.join(root, path.normalize(decodeURIComponent(request.url)));
    if (!file.startsWith(root)) return response.writeHead(403).end();
    const stat = await fs.promises.stat(file);
    if (stat.isDirectory()) return response.end((await fs.promises.readdir(file)).sort().join('\n'));
    response.setHeader('Last-Modified', stat.mtime.toUTCString());
    if (request.headers['if-modified-since'] === stat.mtime.toUTCString()) return response.writeHead(304).end();
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const [start, end] = range ? [Number(range[1]), range[2] === '' ? stat.size - 1 : Number(range[2])] : [0, stat.size - 1];
    response.statusCode = range ? 206 : 200;
    if (request.method === 'HEAD') return response.setHeader('Content-Length', stat.size).end();
    const source = fs.createReadStream(file, { start, end, highWaterMark: 2048 });
    const done = (error) => error && console.log('broke off', error.code);
    if (!request.headers['accept-encoding']?.includes('gzip')) return pipeline(source, response, done);
    response.setHeader('Content-Encoding', 'gzip');
    pipeline(source, zlib.createGzip(), response, done);
  } catch (error) {
    response.writeHead(error.code === 'ENOENT' ? 404 : 500).end(error.code);
  }
});

function ask(url, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const request = http.request({ port: server.address().port, host: '127.0.0.1', path: url, headers, method }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        const body = Buffer.concat(parts);
        const text = response.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body;
        resolve({ url, status: response.statusCode, size: text.length, start: String(text.subarray(0, 6)), headers: response.headers });
      });
    });
    request.on('error', reject).end();
  });
}

server.listen(0, '127.0.0.1', async () => {
  const order = [];
  const show = (answer) => order.push(`${answer.url} ${answer.status} ${answer.size} ${answer.start}`) && answer;
  const asks = [ask('/index.html'), ask('/index.html', { 'Accept-Encoding': 'gzip' }), ask('/docs/a.txt', { Range: 'bytes=5-14' }), ask('/docs'), ask('/none'), ask('/../../etc/passwd'), ask('/index.html', {}, 'HEAD')];
  const [first] = await Promise.all(asks.map((each) => each.then(show)));
  show(await ask('/index.html', { 'If-Modified-Since': first.headers['last-modified'] }));
  console.log(order.join('\n'));
  server.closeAllConnections();
  server.close(() => fs.rmSync(root, { recursive: true }));
});
