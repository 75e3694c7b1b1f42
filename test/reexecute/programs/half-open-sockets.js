// A line protocol over half-open sockets: either side ends first, slow readers, drains, time-outs, a reset.
const net = require('node:net');
const { once } = require('node:events');

const seen = [];
const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
  const id = seen.length;
  seen.push([]);
  socket.setEncoding('latin1');
  let text = '';
  socket.on('data', (part) => {
    text += part;
    if (text.startsWith('BIG')) {
      text = '';
      let left = 40;
      const more = () => {
        while (left-- > 0) if (!socket.write('x'.repeat(30_000), () => seen[id].length < 3 && seen[id].push(`wrote ${left}`))) break;
        if (left > 0) socket.once('drain', more);
        else socket.end('END\n');
      };
      more();
    }
    if (text.startsWith('RESET')) socket.resetAndDestroy();
  });
  socket.on('end', () => {
    seen[id].push(`end after ${text.length}`);
    if (text.startsWith('SUM')) {
      setTimeout(() => {
        socket.write('sum ');
        socket.end(String(text.slice(4).split(' ').reduce((a, b) => a + Number(b), 0)));
      }, 5);
    } else if (!socket.writableEnded) socket.end();
  });
  socket.on('timeout', () => {
    seen[id].push('idle');
    socket.end('too slow');
  });
  socket.on('error', (error) => seen[id].push(error.code));
  socket.on('close', (bad) => seen[id].push(`closed ${bad}`));
  socket.setTimeout(text === '' && id === 3 ? 20 : 0);
  setImmediate(() => socket.resume());
});

async function talk(port, parts, { stay = false, slow = false } = {}) {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setNoDelay();
  const events = [];
  socket.on('error', (error) => events.push(error.code));
  await once(socket, 'connect');
  for (const part of parts) await new Promise((resolve) => socket.write(part, resolve));
  if (!stay) socket.end();
  let bytes = 0;
  let tail = '';
  socket.on('data', (data) => {
    bytes += data.length;
    tail = (tail + data).slice(-12);
    if (slow) {
      socket.pause();
      setTimeout(() => socket.resume(), 1);
    }
  });
  socket.on('end', () => {
    events.push('end');
    if (stay) setTimeout(() => socket.end('bye'), 3);
  });
  await new Promise((resolve) => socket.on('close', resolve));
  return `${bytes} ${JSON.stringify(tail)} ${events}`;
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  console.log(await talk(port, ['SUM ', '1 2 ', '3 4']));
  console.log(await talk(port, ['BIG'], { stay: true, slow: true }));
  console.log(await talk(port, ['RESET'], { stay: true }));
  console.log(await talk(port, ['.'], { stay: true }));
  console.log((await Promise.all([talk(port, ['SUM 1']), talk(port, ['SUM 5 ', '6']), talk(port, [])])).join(' | '));
  server.close(() => console.log(seen.map((each) => each.filter((e) => !e.startsWith('wrote')).join()).join('; ')));
});
