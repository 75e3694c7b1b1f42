// What sockets and servers say of their own ends, printed as Node has it: also before a connection is there, and once it is gone.
const net = require('node:net');
const dgram = require('node:dgram');

const server = net.createServer((accepted) => {
  console.log('accepted', accepted.address(), Object.keys(accepted.address()));
  accepted.end('hello');
});
server.listen(0, '127.0.0.1', () => {
  console.log(server.address());
  const { port } = server.address();
  const gone = net.connect({ port, host: '127.0.0.1' });
  process.nextTick(() => {
    console.log('not connected yet', gone.connecting, gone.localPort, gone.localFamily, gone.remotePort);
    console.log(gone.address());
    gone.destroy();
    console.log('gone', gone.localPort);
    connect(port);
  });
});

function connect(port) {
  const socket = net.connect({ port, host: '127.0.0.1' });
  process.nextTick(() => console.log(socket.localAddress, socket.localPort));
  socket.on('connect', () => console.log('connected', socket.localPort, socket.address()));
  socket.on('data', (bytes) => console.log(String(bytes), socket.remoteAddress));
  socket.on('close', () => server.close(() => console.log(server.address())));
}

const datagrams = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => {
  console.log(datagrams.address());
  datagrams.close();
});
