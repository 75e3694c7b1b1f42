// Contexts of requests through pools, events, channels and logs: what a tracing library does.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import { EventEmitter, on, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const context = new AsyncLocalStorage();
const spans = [];
const channel = diagnostics.channel('app:query');
channel.subscribe(({ sql }) => spans.push(`${context.getStore()?.id ?? '?'} ${sql}`));
diagnostics.subscribe('http.server.request.start', ({ request }) => spans.push(`start ${request.url}`));
diagnostics.subscribe('http.client.response.finish', ({ request }) => spans.push(`answered ${request.path}`));
const tracing = diagnostics.tracingChannel('app:work');
tracing.subscribe({
  start: ({ name }) => spans.push(`begin ${name}`),
  asyncEnd: ({ name, result }) => spans.push(`end ${name} ${result}`),
  error: ({ name, error }) => spans.push(`error ${name} ${error.message}`),
});

class Connections {
  free = 2;
  waiting = [];
  async take() {
    if (this.free > 0) return void this.free--;
    await new Promise((resolve) => this.waiting.push(AsyncResource.bind(resolve)));
  }
  give() {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
  async query(sql) {
    await this.take();
    try {
      channel.publish({ sql });
      await new Promise((resolve) => setTimeout(resolve, 1 + (sql.length % 3)));
      return sql.length;
    } finally {
      this.give();
    }
  }
}

const pool = new Connections();
const bus = new EventEmitter();
const squeeze = promisify(gzip);
const server = http.createServer((request, response) => {
  context.run({ id: request.url }, async () => {
    bus.emit('request', request.url);
    const own = await tracing.tracePromise(async () => {
      const sizes = await Promise.all([1, 2, 3].map((n) => pool.query(`select ${n} from ${context.getStore().id}`)));
      if (request.url === '/bad') throw new Error('no such table');
      const text = await readFile(import.meta.filename ?? new URL(import.meta.url), 'utf8');
      return sizes.reduce((a, b) => a + b) + (await squeeze(text.slice(0, 500))).length * 0;
    }, { name: request.url }).catch((error) => error.message);
    queueMicrotask(() => process.nextTick(() => response.end(`${context.getStore().id}: ${own}`)));
  });
});

server.listen(0, async () => {
  const stop = new AbortController();
  const urls = [];
  const watching = (async () => {
    try {
      for await (const [url] of on(bus, 'request', { signal: stop.signal })) urls.push(url);
    } catch (error) {
      urls.push(error.code);
    }
  })();
  const get = (path) =>
    new Promise((resolve) => http.get({ port: server.address().port, path }, async (r) => resolve((await r.toArray()).join(''))));
  const first = once(bus, 'request');
  console.log((await Promise.all(['/a', '/bb', '/bad'].map(get))).join(' | '));
  console.log((await first)[0]);
  stop.abort();
  await watching;
  console.log(urls.toSorted?.().join() ?? urls.slice().sort().join());
  console.log(spans.length, spans.toSorted?.().join('\n') ?? '');
  const thing = context.run('outer', () => AsyncLocalStorage.bind(() => context.getStore()));
  console.log(thing(), context.getStore());
  server.closeAllConnections();
  server.close();
});
