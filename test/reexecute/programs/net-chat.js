// A chat over TCP: a line protocol, broadcasts, half-open sockets, a timeout, a reset, a refused connection.
const net = require('node:net');

const members = new Map();
function broadcast(from, text) {
  for (const [name, socket] of members) if (name !== from) socket.write(`${from}: ${text}\n`);
}
const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  let name = '';
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('NAME ')) {
        name = line.slice(5);
        members.set(name, socket);
        socket.write(`welcome ${name}, ${members.size} here\n`);
      } else broadcast(name, line);
    }
  });
  socket.on('end', () => {
    members.delete(name);
    socket.end(`bye ${name}\n`);
    if (members.size === 0) server.close();
  });
  socket.on('error', (error) => {
    members.delete(name);
    console.log('server saw', error.code);
  });
});

function join(name, lines) {
  const socket = net.connect({ port: server.address().port, host: '127.0.0.1' }, () => {
    socket.write(`NAME ${name}\n`);
    lines.forEach((line, i) => setTimeout(() => socket.write(`${line}\n`), 5 + i * 4 + name.length));
    setTimeout(() => socket.end(), 60 + name.length * 5);
  });
  let heard = '';
  socket.on('data', (data) => (heard += data));
  socket.on('close', (failed) => console.log(name, failed, socket.bytesRead, JSON.stringify(heard)));
}

server.on('close', () => {
  console.log('server closed');
  const refused = net.connect(1, '127.0.0.1');
  refused.on('error', (error) => console.log(error.code, error.syscall, error.port));
});
server.listen(0, '127.0.0.1', () => {
  join('ann', ['hello', 'how are you']);
  join('robert', ['hi ann', 'fine', 'bye']);
  join('eve', []);
  const idle = net.connect(server.address().port, '127.0.0.1');
  idle.setTimeout(15, () => idle.resetAndDestroy());
  idle.on('close', () => console.log('idle closed', idle.destroyed));
  server.getConnections((error, count) => console.log('connections', count >= 0));
});
