import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { CollectedSamples } from '../../../test/support/collected-samples.ts';
import { systemClock } from '../model/time.ts';
import { OtlpReceiver } from './otlp.ts';

const probe = path.join(mkdtempSync(path.join(tmpdir(), 'hindcast-probe-')), 'node-probe.cjs');

beforeAll(async () => {
  const entry = path.join(import.meta.dirname, 'node-probe.ts');
  await build({ entryPoints: [entry], outfile: probe, bundle: true, platform: 'node', format: 'cjs' });
});

interface Outcome {
  readonly samples: CollectedSamples;
  readonly stdout: string;
  readonly code: number | null;
  readonly tokens: ReadonlySet<string | undefined>;
  readonly connections: number;
}

/** Runs a program with the probe before a receiver of its own. */
async function run(program: string, environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const samples = new CollectedSamples();
  const receiver = new OtlpReceiver(samples, systemClock);
  const tokens = new Set<string | undefined>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    tokens.add(request.headers.authorization);
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const answer = receiver.receive(request.headers['content-type'], undefined, Buffer.concat(parts));
      response.writeHead(answer.status).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  let connections = 0;
  server.on('connection', () => connections++);
  await once(server, 'listening');
  const child = spawn(process.execPath, ['--require', probe, '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      HINDCAST_OPS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      HINDCAST_OPS_TOKEN: 'secret',
      HINDCAST_OPS_SERVICE: 'shop',
      HINDCAST_OPS_INSTANCE: 'shop-1',
      HINDCAST_OPS_INTERVAL_MS: '100',
      ...environment,
    },
  });
  let stdout = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part));
  const [code] = (await once(child, 'close')) as [number | null];
  server.closeAllConnections();
  server.close();
  return { samples, stdout, code, tokens, connections };
}

const service = `
  const http = require('http');
  const server = http.createServer((request, response) => {
    const end = Date.now() + 600; while (request.url === '/slow' && Date.now() < end);
    response.statusCode = request.url === '/bad' ? 503 : 200; response.end('x');
  }).listen(0, async () => {
    const at = 'http://127.0.0.1:' + server.address().port;
    for (const url of ['/', '/slow', '/bad', '/']) await (await fetch(at + url)).text();
    globalThis.kept = []; for (let i = 0; i < 200; i++) kept.push(new Array(20000).fill(i));
    if (globalThis.gc) gc();
    setTimeout(() => { server.closeAllConnections(); server.close(); }, 600);
  });`;

test('requests, event loop, collections and heap of a service arrive', async () => {
  const { samples, tokens, code, connections } = await run(service, { HINDCAST_OPS_PROBE: 'http,process' });
  expect(code).toBe(0);
  expect([...tokens]).toEqual(['Bearer secret']);
  expect(connections).toBe(1);
  const own = { service: 'shop', instance: 'shop-1' };
  const count = 'http_server_request_duration_seconds_count';
  expect(samples.value(count, { ...own, http_response_status_code: '200', http_request_method: 'GET' })).toBe(3);
  expect(samples.value(count, { http_response_status_code: '503' })).toBe(1);
  const bucket = 'http_server_request_duration_seconds_bucket';
  expect(samples.value(bucket, { le: '0.5', http_response_status_code: '200' })).toBe(2);
  expect(samples.value(bucket, { le: '2.5', http_response_status_code: '200' })).toBe(3);
  expect(Math.max(...samples.values('nodejs_eventloop_delay_max_seconds', own))).toBeGreaterThan(0.04);
  expect(samples.value('v8js_memory_heap_used_bytes', own)).toBeGreaterThan(30e6);
  expect(samples.values('v8js_gc_duration_seconds_count', own).length).toBeGreaterThan(0);
  expect(samples.value('process_cpu_time_seconds_total', own)).toBeGreaterThan(0.05);
  expect(samples.value('process_memory_usage_bytes', own)).toBeGreaterThan(40e6);
});

test('a program is not kept alive, and sees no request', async () => {
  const program = `
    const seen = [];
    for (const name of ['http.client.request.start', 'undici:request:create']) {
      require('diagnostics_channel').subscribe(name, () => seen.push(name));
    }
    setTimeout(() => console.log(JSON.stringify(seen)), 350)`;
  const begun = performance.now();
  const { stdout, samples } = await run(program);
  expect(JSON.parse(stdout)).toEqual([]);
  expect(samples.all.length).toBeGreaterThan(0);
  expect(performance.now() - begun).toBeLessThan(5000);
});

test('without an answer, or without an address, it is silent', async () => {
  for (const url of ['http://127.0.0.1:1', 'nonsense', '']) {
    const { stdout, code } = await run(`setTimeout(() => console.log('done'), 250)`, { HINDCAST_OPS_URL: url });
    expect({ stdout, code }).toEqual({ stdout: 'done\n', code: 0 });
  }
});
