// Servers that may not listen, beside others that may: the order in which each is told.
const net = require('node:net');
const seen = [];
const first = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = first.address();
  const others = [1, 2, 3].map((number) => {
    const server = net.createServer();
    server.on('listening', () => seen.push(`listening ${number}`));
    server.on('error', (error) => {
      seen.push(`refused ${number} ${error.code}`);
      if (number === 2) return;
      // once more, where there is room
      setTimeout(() => server.listen(0, '127.0.0.1'), 2);
    });
    return server;
  });
  others[0].listen(port, 'localhost');
  others[1].listen({ port, host: '127.0.0.1', exclusive: true });
  others[2].listen(0, 'localhost', () => others[2].close(() => others[2].listen(port)));
  // an error of the program's own that says the same
  const said = net.createServer().on('error', ({ message }) => seen.push(message));
  said.emit('error', Object.assign(new Error('not now'), { syscall: 'listen' }));
  setTimeout(() => {
    for (const server of [first, ...others]) server.close();
  }, 100);
});
process.on('exit', () => console.log(seen.join('\n')));
