import { expect, test } from 'vitest';
import { nodes, runWithBoundary } from './testing/run-with-boundary.ts';

test.each(nodes())('an exchange over HTTP is there from both sides, with heads and bodies (%s)', async (node) => {
  const logged = await runWithBoundary(
    `const http = require('http');
    const server = http.createServer((request, response) => {
      let body = ''; request.on('data', (d) => body += d).on('end', () => { response.setHeader('x-answer', '42'); response.write('you said '); response.end(body) });
    }).listen(0, '127.0.0.1', () => {
      const request = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', path: '/say?a=1', headers: { 'x-ask': 'why' } }, (response) => {
        let text = ''; response.on('data', (d) => text += d).on('end', () => { console.log(text); server.close() });
      });
      request.end('hello');
    });`,
    { node },
  );
  expect(logged.stdout).toBe('you said hello\n');
  const [request] = logged.of('http.request');
  expect(request).toMatchObject({ method: 'POST', url: '/say?a=1' });
  expect(request?.headers).toContain('x-ask');
  const [response] = logged.of('http.response');
  expect(response).toMatchObject({ status: 200 });
  expect(response?.headers).toContain('x-answer');
  const bodies = logged.of('http.body').map(({ id, content }) => [id, logged.contentOf(content)]);
  expect(bodies.filter(([id]) => id === request?.id)).toEqual([[request?.id, 'hello']]);
  expect(
    bodies
      .filter(([id]) => id === response?.id)
      .map(([, text]) => text)
      .join(''),
  ).toBe('you said hello');
  const sends = logged.of('http.send');
  const sent = sends.filter(({ id }) => id === request?.id);
  expect(sent[0]?.head).toContain('x-answer: 42');
  expect(sent.map(({ body }) => (body ? logged.contentOf(body) : '')).join('')).toBe('you said hello');
  expect(sends.find(({ id }) => id === response?.id)?.head).toContain('POST /say?a=1 HTTP/1.1');
  expect(logged.of('socket.in')).toEqual([]);
  expect(logged.of('socket.out')).toEqual([]);
  expect(logged.of('socket.accepted')).toHaveLength(1);
  expect(logged.of('address')).toHaveLength(1);
});

test.each(nodes())('fetch is there with its head, its answer and its bytes (%s)', async (node) => {
  const logged = await runWithBoundary(
    `const server = require('http').createServer((request, response) => response.end('fetched')).listen(0, '127.0.0.1', async () => {
      const answer = await fetch('http://127.0.0.1:' + server.address().port + '/it', { headers: { 'x-ask': 'why' } });
      console.log(await answer.text()); server.close(); server.closeAllConnections();
    });`,
    { node },
  );
  expect(logged.stdout).toBe('fetched\n');
  expect(logged.of('fetch.request')).toMatchObject([{ method: 'GET', path: '/it' }]);
  expect(logged.of('fetch.response')).toMatchObject([{ status: 200 }]);
  const [head] = logged.of('fetch.head');
  expect(head?.headers).toContain('x-ask: why');
  const incoming = logged.of('socket.in').filter(({ socket }) => socket === head?.socket);
  expect(incoming.map(({ content }) => logged.contentOf(content)).join('')).toContain('fetched');
});

test('bytes of a plain socket are there in both directions, and why it failed', async () => {
  const logged = await runWithBoundary(`const net = require('net');
    const server = net.createServer((s) => s.on('data', (d) => s.end('echo ' + d))).listen(0, '127.0.0.1', () => {
      const s = net.connect(server.address().port, '127.0.0.1', () => s.write('ping'));
      s.on('data', () => {}).on('close', () => { server.close(); net.connect(1, '127.0.0.1').on('error', () => {}) });
    });`);
  const text = (kind: string): string[] => logged.of(kind).map(({ content }) => logged.contentOf(content));
  expect(text('socket.out')).toEqual(['ping', 'echo ping']);
  expect(text('socket.in')).toEqual(['ping', 'echo ping']);
  expect(logged.of('socket.connect').at(-1)).toMatchObject({ port: 1, host: '127.0.0.1' });
  expect(logged.of('socket.failed')).toMatchObject([{ error: { code: 'ECONNREFUSED' } }]);
});

test('names looked up and datagrams are there', async () => {
  const logged = await runWithBoundary(`const dns = require('dns'), dgram = require('dgram');
    dns.lookup('localhost', { family: 4 }, () => {}); dns.promises.lookup('127.0.0.1');
    const s = dgram.createSocket('udp4'); s.on('message', () => s.close()).bind(0, '127.0.0.1', () => s.send('hi', s.address().port, '127.0.0.1'));`);
  expect(logged.of('dns.lookup').map(({ name }) => name)).toContain('localhost');
  expect(logged.of('dns.lookup.done').map(({ answer }) => answer)).toContainEqual(['127.0.0.1', 4]);
  expect(logged.of('datagram.in')).toMatchObject([{ content: { bytes: 'hi' } }]);
});

test('standard input is there, from a pipe', async () => {
  const logged = await runWithBoundary(`process.stdin.on('data', (d) => console.log(String(d)))`, { input: 'typed' });
  expect(logged.stdout).toBe('typed\n');
  expect(logged.of('stdin')).toMatchObject([{ content: { bytes: 'typed' } }]);
});
