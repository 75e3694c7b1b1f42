// TLS over a fixed test key: a talk in both directions, ALPN, a client that does not trust the server.
const tls = require('node:tls');
const fs = require('node:fs');
const path = require('node:path');

const [key, cert] = ['key', 'cert'].map((name) => fs.readFileSync(path.join(__dirname, 'keys', `test-${name}.pem`)));

const server = tls.createServer({ key, cert, ALPNProtocols: ['count', 'echo'] }, (socket) => {
  socket.setEncoding('utf8');
  let count = 0;
  socket.on('data', (text) => {
    if (socket.alpnProtocol === 'echo') return socket.write(text.toUpperCase());
    count += text.length;
    if (text.endsWith('.')) socket.end(`counted ${count}`);
  });
  socket.on('end', () => socket.end());
  socket.on('error', (error) => console.log('server', error.code));
});
server.on('tlsClientError', (error) => console.log('handshake failed', error.code));

function talk(name, options, messages) {
  return new Promise((resolve) => {
    const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', servername: 'localhost', ...options }, () => {
      console.log(name, socket.authorized, socket.alpnProtocol, socket.getProtocol(), socket.getPeerCertificate().subject.CN);
      const timer = setInterval(() => {
        const message = messages.shift();
        if (message !== undefined) return socket.write(message);
        clearInterval(timer);
        socket.end();
      }, 2);
    });
    let heard = '';
    socket.on('data', (data) => (heard += data));
    socket.on('error', (error) => console.log(name, error.code));
    socket.on('close', () => resolve(`${name} heard ${heard}`));
  });
}

server.listen(0, '127.0.0.1', async () => {
  const talks = [
    talk('echo', { ca: cert, ALPNProtocols: ['echo'] }, ['hello', ' over', ' tls']),
    talk('count', { ca: cert, ALPNProtocols: ['count'] }, ['x'.repeat(50_000), 'y'.repeat(3), '.']),
    talk('stranger', {}, []),
    talk('careless', { rejectUnauthorized: false }, ['.']),
  ];
  console.log(await Promise.race(talks));
  for (const line of await Promise.all(talks)) console.log(line);
  server.close(() => console.log('closed'));
});
