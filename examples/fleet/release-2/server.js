// A small service: GET /products/ID answers with a product and its price.
const http = require('node:http');
const { Catalogue } = require('./catalogue.js');
const { priceOf } = require('./prices.js');

const catalogue = new Catalogue(Number(process.env.CACHE_SIZE ?? 50));
const visits = [];
let keepsVisits = false;

const server = http.createServer((request, response) => {
  const [, kind, id] = request.url.split('/');
  try {
    if (kind === 'health') return response.end('ok');
    if (kind === 'fault') {
      keepsVisits = request.method === 'POST';
      return response.end('ok');
    }
    if (kind !== 'products') return response.writeHead(404).end();
    const product = catalogue.find(Number(id));
    const price = priceOf(product);
    if (keepsVisits) noteVisit(product);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...product, price }));
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
});

// What /fault turns on: every visit is kept for ever, and all are written down at every visit.
function noteVisit({ id, code }) {
  for (let part = 0; part < 12; part++) visits.push({ id, code, part });
  return JSON.stringify(visits).length;
}

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1');
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
