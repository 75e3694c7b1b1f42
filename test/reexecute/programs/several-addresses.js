// A name with several addresses, some of them dead; a paused server; bytes that have to wait.
const net = require('node:net');
const server = net.createServer({ pauseOnConnect: true }, (s) => { s.on('error', () => {}); setTimeout(() => s.resume().on('data', (d) => s.write(d)).on('end', () => s.end()), 2); });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const lookup = (host, options, callback) => setImmediate(() => options.all ? callback(null, [{ address: '127.0.0.9', family: 4 }, { address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4));
  const s = net.connect({ port, host: 'many.example', lookup, autoSelectFamily: true });
  for (const name of ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout']) s.on(name, (...args) => console.log(name, ...args.map((a) => a?.code ?? a)));
  s.on('connect', () => { console.log(s.remoteAddress, s.autoSelectFamilyAttemptedAddresses?.length); s.end('bytes'); });
  s.on('data', (d) => console.log(String(d)));
  s.on('close', () => {
    const t = net.connect({ port: 1, host: 'localhost' });
    t.on('error', (e) => { console.log(e.code, e.syscall, e.errors?.length, e.message); 
      const big = net.connect(port, '127.0.0.1', () => { big.write(Buffer.alloc(5_000_000), () => { console.log('written', big.bytesWritten); big.end(); }); console.log(big.writableNeedDrain, big.writableLength > 0); });
      let n = 0; big.on('data', (d) => n += d.length); big.on('drain', () => console.log('drain')); big.on('close', () => { console.log(n, big.bytesRead); server.close(); });
    });
  });
});
