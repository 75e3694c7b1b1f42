// HTTP over a Unix socket: bodies larger than its buffers, pauses, drains, 100-continue.
const http = require('node:http'); const path = require('node:path'); const os = require('node:os'); const fs = require('node:fs');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'unix-')); const file = path.join(dir, 'a.sock');
const server = http.createServer((q, r) => { let n = 0; q.on('data', (d) => n += d.length); q.on('end', () => { r.write('x'.repeat(300000)); r.end(String(n)); }); });
server.on('checkContinue', (q, r) => { r.writeContinue(); server.emit('request', q, r); });
server.listen(file, () => {
  console.log(server.address() === file, fs.existsSync(file));
  let left = 3;
  for (let i = 0; i < 3; i++) {
    const q = http.request({ socketPath: file, method: 'POST', headers: i === 1 ? { Expect: '100-continue' } : {} }, (r) => {
      let size = 0; r.on('data', (d) => { size += d.length; if (size > 100000 && size < 200000) { r.pause(); setTimeout(() => r.resume(), 2); } });
      r.on('end', () => { console.log(i, size, r.socket.remoteAddress); if (--left === 0) server.close(() => fs.rmSync(dir, { recursive: true })); });
    });
    q.on('continue', () => { console.log('continue'); q.end('late'); });
    if (i !== 1) { q.on('drain', () => console.log('drain', i)); const ok = q.write('y'.repeat(2000000)); q.end('z'); }
    else q.flushHeaders();
  }
});
