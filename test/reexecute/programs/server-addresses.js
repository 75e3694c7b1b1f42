// What servers say of their addresses: before they listen, on a path, on a port, and when they have closed.
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const place = path.join(os.tmpdir(), `addresses-${process.pid}.sock`);
const said = [];
const tell = (name, server) => {
  const address = server.address();
  said.push(`${name}: ${typeof address === 'object' && address ? `port ${address.port > 0}` : address === place ? 'path' : address}`);
  return address;
};

function use(name, ...where) {
  const server = net.createServer();
  tell(`${name} before`, server);
  return new Promise((resolve) => {
    server.listen(...where, () => {
      const [first, second] = [tell(name, server), tell(name, server)];
      said.push(`${name} stays ${JSON.stringify(first) === JSON.stringify(second)}`);
      server.close(() => {
        tell(`${name} after`, server);
        resolve(first);
      });
    });
  });
}

(async () => {
  await use('by path', place);
  const one = await use('by port', 0, '127.0.0.1');
  const [two, three] = await Promise.all([use('beside', 0), use('beside it', { port: 0 })]);
  said.push(`others ${new Set([one.port, two.port, three.port]).size > 1}`);
  console.log(said.join('\n'));
})();
