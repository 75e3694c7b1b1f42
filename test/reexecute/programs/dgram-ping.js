// UDP: pings with sequence numbers, replies of different sizes, a deadline for those that are lost.
const dgram = require('node:dgram');

const server = dgram.createSocket('udp4');
const seen = [];
server.on('message', (message, from) => {
  const { seq, size } = JSON.parse(message);
  seen.push(seq);
  if (seq % 4 === 3) return; // lost
  const reply = Buffer.alloc(2 + size, 'r');
  reply.writeUInt16BE(seq);
  setTimeout(() => server.send(reply, from.port, from.address), seq % 3);
});
server.on('listening', () => {
  const { family, port } = server.address();
  console.log('listening', family, port > 0);
  ping(port);
});
server.on('close', () => console.log('server closed', seen.length));
server.bind(0, '127.0.0.1');

function ping(port) {
  const client = dgram.createSocket({ type: 'udp4' });
  const answered = new Map();
  const started = process.hrtime.bigint();
  client.on('message', (reply, { size }) => {
    const seq = reply.readUInt16BE();
    answered.set(seq, size);
    if (answered.size === 6) console.log('six answers within a second', process.hrtime.bigint() - started < 1_000_000_000n);
  });
  client.on('error', (error) => console.log('client', error.code));
  client.bind(() => {
    client.connect(port, '127.0.0.1', (error) => {
      console.log('connected', error, client.remoteAddress().address);
      for (let seq = 0; seq < 10; seq++) {
        client.send(JSON.stringify({ seq, size: seq * 100 }), (failed, bytes) => {
          if (seq === 9) console.log('sent', failed, bytes);
        });
      }
    });
  });
  setTimeout(() => {
    console.log([...answered].map(([seq, size]) => `${seq}:${size}`).join(' '));
    const lost = Array.from({ length: 10 }, (_, i) => i).filter((i) => !answered.has(i));
    console.log('lost', lost, 'order', seen.join(''));
    client.close(() => server.close());
  }, 80);
}
