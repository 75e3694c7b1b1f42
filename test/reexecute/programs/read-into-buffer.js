// Bytes read into a buffer of the program's own; a connection aborted by a signal.
const net = require('node:net');
const server = net.createServer((s) => { s.write('one '); setTimeout(() => s.end('two'), 3); });
server.listen(0, '127.0.0.1', () => {
  let all = '';
  const s = net.connect({ port: server.address().port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(64), callback: (n, buf) => { all += buf.subarray(0, n); console.log('read', n); return true; } } });
  s.on('end', () => { console.log(all); server.close(); });
  const c = new AbortController();
  const t = net.connect({ port: server.address().port, host: '127.0.0.1', signal: c.signal });
  t.on('error', (e) => console.log(e.name));
  setTimeout(() => c.abort(), 1);
});
