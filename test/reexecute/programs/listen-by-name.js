// Servers and clients by name; a port that is taken.
const net = require('node:net');
const order = [];
const a = net.createServer((s) => s.end('hi'));
a.listen(0, 'localhost', () => {
  order.push('a listens');
  const { port } = a.address();
  const b = net.createServer();
  b.on('error', (e) => { order.push(`${e.code} ${e.syscall} ${e.port === port} ${e.address}`);
    const s = net.connect({ port, host: 'localhost' });
    s.on('lookup', (err, address, family) => order.push(`lookup ${address} ${family}`));
    s.on('data', (d) => order.push(String(d)));
    s.on('close', () => a.close(() => console.log(order.join(), s.bytesRead)));
  });
  b.listen(port, '127.0.0.1', () => order.push('b listens?'));
});
setImmediate(() => order.push('immediate'));
setTimeout(() => order.push('timer'), 1);
