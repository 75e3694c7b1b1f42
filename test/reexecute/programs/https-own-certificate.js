// An HTTPS server with a certificate that openssl makes; clients that trust it, and one that does not.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const https = require('node:https');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'certificate-'));
const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'.split(' ');
execFileSync('openssl', [...request, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
const ca = fs.readFileSync(cert);
const server = https.createServer({ key: fs.readFileSync(key), cert: ca }, (incoming, response) => {
  const { authorized, encrypted } = incoming.socket;
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.write(`${incoming.method} ${incoming.url} `);
  setTimeout(() => response.end(`${encrypted} ${authorized} ${incoming.httpVersion}`), 2);
});
fs.rmSync(folder, { recursive: true });

function get(path, options) {
  return new Promise((resolve) => {
    https
      .get({ host: 'localhost', port: server.address().port, path, ...options }, (response) => {
        const { subject, valid_to: until } = response.socket.getPeerCertificate();
        const days = Math.round((Date.parse(until) - Date.now()) / 86_400_000);
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve([response.statusCode, text, subject?.CN, days]));
      })
      .on('error', (error) => resolve(error.code));
  });
}

server.listen(0, async () => {
  const agent = new https.Agent({ ca, keepAlive: true });
  console.log(await Promise.all([get('/a', { ca }), get('/b', { agent }), get('/stranger')]));
  console.log(await get('/again', { agent }), await get('/blind', { rejectUnauthorized: false, agent: false }));
  console.log(await get('/wrong-name', { ca, servername: 'example.test', agent: false }));
  agent.destroy();
  server.close(() => console.log('closed'));
});
