// A server on a Unix socket: a remote procedure call with length prefixes, backpressure, pause and resume.
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const address = path.join(os.tmpdir(), `pipe-${process.pid}-${Date.now().toString(36)}.sock`);

function frame(value) {
  const body = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}
function* frames(state, chunk) {
  state.rest = Buffer.concat([state.rest, chunk]);
  while (state.rest.length >= 4) {
    const size = state.rest.readUInt32BE();
    if (state.rest.length < 4 + size) return;
    yield JSON.parse(state.rest.subarray(4, 4 + size));
    state.rest = state.rest.subarray(4 + size);
  }
}

const methods = { add: (a, b) => a + b, repeat: (text, times) => text.repeat(times), fail: () => null.x };
const server = net.createServer((socket) => {
  const state = { rest: Buffer.alloc(0) };
  socket.on('data', (chunk) => {
    for (const { id, method, args } of frames(state, chunk)) {
      try {
        const fits = socket.write(frame({ id, result: methods[method](...args) }));
        if (!fits) console.log('server waits at', id);
      } catch (error) {
        socket.write(frame({ id, error: error.name }));
      }
    }
  });
  socket.on('end', () => server.close());
});

server.listen(address, () => {
  const socket = net.createConnection(address);
  const state = { rest: Buffer.alloc(0) };
  const calls = new Map();
  let ids = 0;
  let chunks = 0;
  const call = (method, ...args) =>
    new Promise((resolve, reject) => {
      calls.set(++ids, { resolve, reject });
      socket.write(frame({ id: ids, method, args }));
    });
  socket.on('data', (chunk) => {
    chunks++;
    if (chunks % 5 === 0) {
      socket.pause();
      setTimeout(() => socket.resume(), 1);
    }
    for (const { id, result, error } of frames(state, chunk))
      if (error) calls.get(id).reject(new Error(error));
      else calls.get(id).resolve(result);
  });
  Promise.allSettled([call('add', 1, 2), call('repeat', 'xyz', 400_000), call('fail'), call('add', 'a', 'b')]).then((all) => {
    for (const each of all) console.log(each.status, String(each.value).length, each.reason?.message);
    console.log('chunks', chunks, socket.bytesRead);
    socket.end();
  });
});
server.on('close', () => console.log('closed'));
