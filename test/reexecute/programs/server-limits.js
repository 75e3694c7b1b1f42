// Limits of servers: pipelined and broken requests, connections dropped, time limits, free connections that end.
const http = require('node:http'); const net = require('node:net');
const server = http.createServer((q, r) => { if (q.url === '/never') return; r.end(q.url); });
server.keepAliveTimeout = 30; server.maxConnections = 3;
server.on('drop', (d) => console.log('dropped', d.localPort > 0));
server.on('timeout', (s) => { console.log('server timeout'); s.destroy(); });
server.setTimeout(60);
server.on('clientError', (e, s) => { console.log('client error', e.code, e.rawPacket?.length); s.writable && s.end('HTTP/1.1 400 Bad\r\n\r\n'); });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const raw = (text, wait = 0) => new Promise((resolve) => {
    const s = net.connect({ port, host: '127.0.0.1' }, () => setTimeout(() => s.write(text), wait));
    let heard = ''; s.on('data', (d) => heard += d); s.on('error', (e) => resolve('error ' + e.code)); s.on('close', () => resolve(heard.replace(/Date: [^\r]*/, '').length + ' ' + heard.slice(0, 15)));
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1, timeout: 200 });
  const get = (path) => new Promise((resolve) => http.get({ port, host: '127.0.0.1', path, agent }, (r) => r.resume().on('end', () => resolve(path + r.statusCode))).on('error', (e) => resolve(e.code)));
  Promise.all([
    raw('GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n'),
    raw('nonsense\r\n\r\n', 3),
    get('/1'), get('/2'),
  ]).then(async (all) => {
    console.log(all);
    console.log(await Promise.all([get('/never'), raw('GET /c HTTP/1.1\r\nHost: a\r\n\r\n'), raw('', 1), raw('POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 10\r\n\r\nabc')]));
    agent.destroy(); server.close(() => console.log('closed'));
  });
});
