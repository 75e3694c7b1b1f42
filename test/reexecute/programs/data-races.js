// Races between files, timers, children, sockets and the thread pool over one shared state; who comes first decides.
const { exec } = require('node:child_process');
const crypto = require('node:crypto');
const dns = require('node:dns');
const fs = require('node:fs');
const net = require('node:net');
const zlib = require('node:zlib');

const state = { owner: undefined, balance: 100, history: [] };
let open = 0;
function contend(name, start) {
  open++;
  start((...results) => {
    const failed = results[0] instanceof Error;
    if (state.owner === undefined) state.owner = name;
    state.balance = state.history.length % 2 === 0 ? state.balance - name.length : state.balance * 2 - name.length;
    state.history.push(failed ? `${name}!` : name);
    if (state.history.length === 3) setImmediate(() => contend('second wave', (end) => fs.stat('.', end)));
    if (--open === 0) end();
  });
}

function end() {
  console.log(state.history.join(' > '));
  console.log('owner', state.owner, 'balance', state.balance % 1_000_003);
}

const server = net.createServer((socket) => socket.end('x')).listen(0, '127.0.0.1', () => {
  contend('socket', (end) => net.connect(server.address().port, '127.0.0.1').on('close', () => server.close(end)).resume());
  for (const size of [1e6, 10]) contend(`gzip ${size}`, (end) => zlib.deflate(Buffer.alloc(size, 'ab'), end));
  contend('hash', (end) => crypto.pbkdf2('a', 'b', 5000, 16, 'sha1', end));
  contend('bytes', (end) => crypto.randomBytes(64, end));
  contend('read', (end) => fs.readFile(__filename, end));
  contend('missing', (end) => fs.readFile('/none', end));
  contend('exec', (end) => exec('echo x', end));
  contend('lookup', (end) => dns.lookup('localhost', end));
  contend('promise', (end) => fs.promises.stat(__filename).then(() => end(), end));
  for (const delay of [0, 1, 2, 5, 10]) contend(`timer ${delay}`, (end) => setTimeout(end, delay));
  contend('immediate', (end) => setImmediate(end));
  contend('tick', (end) => process.nextTick(end));
});
