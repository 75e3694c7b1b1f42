// A client that retries with exponential backoff and jitter against a flaky server, a circuit breaker, a token bucket.
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const server = createServer((incoming, response) => {
  if (Math.random() < 0.5) response.statusCode = 503;
  setTimeout(() => response.end(incoming.url), Math.random() * 6);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

class Bucket {
  tokens = 3;
  last = performance.now();
  async take() {
    for (;;) {
      const now = performance.now();
      this.tokens = Math.min(3, this.tokens + (now - this.last) / 4);
      this.last = now;
      if (this.tokens >= 1) return void this.tokens--;
      await sleep((1 - this.tokens) * 4);
    }
  }
}

const breaker = { failures: 0, openUntil: 0 };
const bucket = new Bucket();
const counts = { asked: 0, refused: 0, retried: 0 };

async function attemptOnce(path) {
  if (Date.now() < breaker.openUntil) {
    counts.refused++;
    throw new Error('open');
  }
  await bucket.take();
  counts.asked++;
  const outgoing = request({ port: server.address().port, host: '127.0.0.1', path, timeout: 200 }).end();
  const [response] = await once(outgoing, 'response');
  let text = '';
  for await (const part of response) text += part;
  if (response.statusCode === 200) {
    breaker.failures = 0;
    return text;
  }
  if (++breaker.failures >= 4) {
    breaker.failures = 0;
    breaker.openUntil = Date.now() + 8;
  }
  throw new Error(String(response.statusCode));
}

async function patient(path) {
  for (let attempt = 1; attempt <= 6; attempt++) {
    try {
      return `${await attemptOnce(path)} after ${attempt}`;
    } catch (error) {
      counts.retried++;
      await sleep(2 ** attempt * Math.random());
      if (attempt === 6) return `${path} gave up: ${error.message}`;
    }
  }
}

const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => patient(`/${i}`)));
for (const answer of answers) console.log(answer);
console.log(counts);
server.closeAllConnections();
server.close();
