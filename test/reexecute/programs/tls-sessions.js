// TLS: sessions resumed, names asked for, a client's certificate, a connection that is secured later, fetch over it.
const tls = require('node:tls'); const net = require('node:net'); const https = require('node:https'); const fs = require('node:fs'); const path = require('node:path');
const [key, cert] = ['key', 'cert'].map((n) => fs.readFileSync(path.join(__dirname, 'keys', `test-${n}.pem`)));
const server = tls.createServer({ key, cert, requestCert: true, rejectUnauthorized: false, SNICallback: (name, cb) => { console.log('sni', name); setImmediate(() => cb(null, tls.createSecureContext({ key, cert }))); } }, (s) => {
  console.log('server', s.servername, s.authorized, s.authorizationError, s.getPeerCertificate().subject?.CN, s.isSessionReused());
  s.pipe(s);
});
let session;
const once = (opts) => new Promise((resolve) => {
  const s = tls.connect({ port: server.address().port, host: '127.0.0.1', servername: 'localhost', ca: cert, ...opts }, () => { console.log('client', s.authorized, s.isSessionReused(), s.getCipher().name, typeof s.getPeerX509Certificate()?.subject, s.getFinished().length > 0); s.write('hello'); });
  s.on('session', (x) => { session = x; console.log('ticket', x.length > 0); });
  s.on('data', (d) => { console.log(String(d)); setTimeout(() => s.end(), 5); });
  s.on('close', resolve);
});
server.listen(0, '127.0.0.1', async () => {
  await once({ key, cert });
  await once({ session });
  // STARTTLS
  const raw = net.connect(server.address().port, '127.0.0.1', async () => {
    await once({ socket: raw });
    server.close();
    const web = https.createServer({ key, cert }, (q, r) => r.end(q.socket.getCipher().version)).listen(0, 'localhost', async () => {
      const agent = new https.Agent({ keepAlive: true, ca: cert, maxCachedSessions: 5 });
      const get = (a) => new Promise((res) => https.get({ port: web.address().port, host: 'localhost', agent: a, ca: cert }, (r) => { r.setEncoding('utf8'); r.on('data', (d) => res([d, r.socket.isSessionReused()])); }).on('error', (e) => res(e.code)));
      console.log(await get(agent), await get(agent));
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      process.removeAllListeners('warning');
      const r = await fetch(`https://localhost:${web.address().port}/`).catch((e) => e);
      console.log(r.status ?? r.cause?.code, r.text && await r.text());
      agent.destroy(); web.closeAllConnections(); web.close();
    });
  });
});
