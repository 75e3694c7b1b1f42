'use strict';
// Load for the Express case, from a process of its own: PORT REQUESTS CONNECTIONS LATER.
const http = require('node:http');

const [port, requests, connections, later] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
let bytes = 0;
const latencies = [];
function get(path) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    http
      .get({ host: '127.0.0.1', port, path, agent }, (response) => {
        response.on('data', (chunk) => (bytes += chunk.length));
        response.on('end', () => {
          latencies.push(performance.now() - started);
          resolve(response.statusCode);
        });
      })
      .on('error', reject);
  });
}
async function round(count) {
  let sent = 0;
  const one = async () => {
    while (sent < count) {
      const status = await get(`/items/${sent++}?page=${sent % 7}`);
      if (status !== 200) throw new Error(`status ${status}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
}
async function measured(count) {
  latencies.length = 0;
  bytes = 0;
  const started = performance.now();
  await round(count);
  const ms = performance.now() - started;
  latencies.sort((a, b) => a - b);
  const [p95, p99] = [0.95, 0.99].map((share) => latencies[Math.floor(latencies.length * share)]);
  return { ms, bytes, p95, p99 };
}
// A first quarter warms both sides and is not counted. A service runs for long: those that come later are measured apart.
(async () => {
  await round(Math.ceil(requests / 4));
  const first = await measured(requests);
  const settled = later > 0 ? await measured(later) : undefined;
  agent.destroy();
  await new Promise((resolve) => http.get({ host: '127.0.0.1', port, path: '/quit' }, (r) => r.resume().on('end', resolve)).on('error', resolve));
  console.log(JSON.stringify({ ...first, settled }));
})();
