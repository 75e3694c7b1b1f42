/** Answers as a daemon does, with nothing to tell, until it is killed; says its port to who forked it. */
import { createServer } from 'node:http';

const server = createServer(({ url }, response) => {
  if (url === '/v1/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  else response.end(JSON.stringify({ version: 1, time: 1 }));
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
