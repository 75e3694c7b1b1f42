/**
 * A small service whose instances are rolled out and killed around. It writes that it started into a ledger, answers with its
 * id, fails a share FAILS of the requests, and ends by itself after ENDS_AFTER of them.
 */
import { appendFileSync } from 'node:fs';
import http from 'node:http';

const { HINDCAST_OPS_INSTANCE: id, LEDGER, PORT, FAILS = '0', ENDS_AFTER = 'Infinity' } = process.env;
appendFileSync(LEDGER, `${id} ${process.pid}\n`);

let requests = 0;
const server = http.createServer((request, response) => {
  request.resume();
  requests++;
  if (requests > Number(ENDS_AFTER)) process.exit(1);
  response.writeHead((requests * Number(FAILS)) % 1 < Number(FAILS) ? 500 : 200).end(id);
});
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)).closeIdleConnections());
