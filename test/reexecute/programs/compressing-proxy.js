// A proxy that compresses what an origin streams, with a cache on disk; clients that read slowly, and one that leaves.
const http = require('node:http');
const zlib = require('node:zlib');
const fs = require('node:fs');
const path = require('node:path');
const { pipeline, PassThrough, Readable } = require('node:stream');
const { once } = require('node:events');

const origin = http.createServer((request, response) => {
  const lines = Number(request.url.slice(1));
  function* text() {
    for (let i = 0; i < lines; i++) yield `${i} ${'lorem ipsum '.repeat(i % 9)}\n`;
  }
  pipeline(Readable.from(text()), response, () => undefined);
});
const folder = fs.mkdtempSync(path.join(process.cwd(), 'cache-'));
const events = [];
const CODINGS = { gzip: zlib.createGzip, br: () => zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }), deflate: zlib.createDeflate };

const proxy = http.createServer((request, response) => {
  const coding = request.headers['accept-encoding'] ?? 'identity';
  const file = path.join(folder, `${request.url.slice(1)}.${coding}`);
  response.setHeader('Content-Encoding', coding);
  if (fs.existsSync(file)) {
    response.setHeader('X-Cache', 'hit');
    return pipeline(fs.createReadStream(file, { highWaterMark: 1024 }), response, (error) => error && events.push(error.code));
  }
  http.get({ port: origin.address().port, path: request.url, host: '127.0.0.1', agent }, (answer) => {
    const packed = coding in CODINGS ? CODINGS[coding]() : new PassThrough();
    const part = `${file}.part`;
    const disk = fs.createWriteStream(part);
    pipeline(answer, packed, (error) => error && events.push(`in ${error.code}`));
    packed.pipe(response);
    packed.pipe(disk);
    disk.on('finish', () => fs.rename(part, file, () => events.push(`kept ${path.basename(file)}`)));
    response.on('close', () => {
      if (response.writableFinished) return;
      packed.unpipe(response);
      packed.resume();
      events.push('left');
    });
  });
});
const agent = new http.Agent({ keepAlive: true });

async function get(url, coding, slow) {
  const request = http.get({ port: proxy.address().port, path: url, host: '127.0.0.1', headers: { 'Accept-Encoding': coding } });
  const [response] = await once(request, 'response');
  const unpack = { gzip: zlib.createGunzip, br: zlib.createBrotliDecompress, deflate: zlib.createInflate, identity: () => new PassThrough() }[coding]();
  response.pipe(unpack);
  let size = 0;
  for await (const part of unpack) {
    size += part.length;
    if (slow === 'leaves' && size > 100) {
      request.destroy();
      break;
    }
    if (slow) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return `${coding} ${size} ${response.headers['x-cache'] ?? 'miss'}`;
}

(async () => {
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  console.log((await Promise.all(['gzip', 'br', 'deflate', 'identity'].map((coding) => get('/300', coding)))).join('; '));
  console.log(await get('/2000', 'gzip', true), await get('/300', 'gzip'), await get('/300', 'br', true));
  console.log((await get('/4000', 'identity', 'leaves')).replace(/\d+/, 'N'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const sync = zlib.gunzipSync(fs.readFileSync(path.join(folder, '300.gzip')));
  const later = await new Promise((resolve) => zlib.unzip(fs.readFileSync(path.join(folder, '300.deflate')), (_, out) => resolve(out)));
  console.log(sync.equals(later), events.filter((each) => each.startsWith('kept')).length >= 5);
  agent.destroy();
  for (const server of [proxy, origin]) {
    server.closeAllConnections();
    server.close();
  }
  fs.rmSync(folder, { recursive: true });
})();
