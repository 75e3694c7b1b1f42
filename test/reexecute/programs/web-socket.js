// A WebSocket and its server.
const http = require('node:http'); const crypto = require('node:crypto');
const server = http.createServer();
server.on('upgrade', (q, s, head) => {
  const accept = crypto.createHash('sha1').update(q.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  s.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  s.write(Buffer.from([0x81, 5, ...Buffer.from('hello')]));
  s.on('data', (d) => { console.log('frame', d[0]); if ((d[0] & 15) === 8) s.end(Buffer.from([0x88, 0])); else s.write(Buffer.from([0x81, 3, ...Buffer.from('you')])); });
  s.on('error', (e) => console.log(e.code));
});
server.listen(0, '127.0.0.1', () => {
  if (typeof WebSocket === 'undefined') return server.close();
  const ws = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
  ws.onopen = () => { console.log('open'); ws.send('hi'); };
  ws.onmessage = (m) => { console.log('message', m.data); if (m.data === 'you') ws.close(); };
  ws.onclose = (e) => { console.log('closed', e.code); server.close(); };
});
