// Requests that never end: Node's own check answers them, several in one look, with and without a listener.
const http = require('node:http');
const net = require('node:net');
const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const limits = { connectionsCheckingInterval: 60, requestTimeout: 150, headersTimeout: 100 };

function slow(port, text, told) {
  const client = net.connect(port, () => client.write(text));
  let all = '';
  client.setEncoding('latin1');
  client.on('data', (part) => (all += part));
  client.on('error', (error) => (all += error.code));
  client.on('close', () => told(all.split('\r\n')[0]));
}

function serve(listener, done) {
  const server = http.createServer(limits, (request, response) => {
    let size = 0;
    request.on('data', (part) => (size += part.length));
    request.on('error', (error) => console.log('request', error.code, size));
    request.on('end', () => response.end(`got ${size}`));
  });
  if (listener) server.on('clientError', listener);
  storage.run('listening', () =>
    server.listen(0, () => {
      const { port } = server.address();
      let open = 0;
      const told = (line) => {
        console.log(line);
        if (--open === 0) server.close(done);
      };
      for (const text of ['GET / HTT', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc', 'GET /']) {
        open++;
        slow(port, text, told);
      }
      open++;
      http.get({ port, agent: false }, (response) => response.resume().on('end', () => told(`whole ${response.statusCode}`)));
    }),
  );
}

serve(undefined, () =>
  serve(
    (error, socket) => {
      console.log(error.code, storage.getStore());
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    },
    () => console.log('closed'),
  ),
);
