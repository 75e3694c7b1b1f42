// A server in a forked child; the parent sends concurrent requests, then asks it to stop.
const http = require('node:http');
const { fork } = require('node:child_process');

if (process.argv[2] === 'server') {
  let served = 0;
  const server = http.createServer((request, response) => {
    served++;
    const n = Number(request.url.slice(1));
    setTimeout(() => response.end(JSON.stringify({ n, square: n * n, served })), n % 3);
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', (message) => {
    if (message !== 'stop') return;
    process.send({ served });
    server.closeAllConnections();
    server.close(() => process.disconnect());
  });
} else {
  const child = fork(__filename, ['server']);
  child.on('message', (message) => {
    if (message.port) load(message.port, child);
    else console.log('the child says', message);
  });
  child.on('exit', (code, signal) => console.log('child exited', code, signal));
}

function load(port, child) {
  const answers = [];
  const total = 8;
  for (let n = 0; n < total; n++) {
    http.get({ port, host: '127.0.0.1', path: `/${n}` }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () => {
        const { square, served } = JSON.parse(text);
        answers.push(`${n}:${square}@${served}`);
        if (answers.length < total) return;
        console.log(answers.join(' '));
        child.send('stop');
      });
    });
  }
}
