import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../model/time.ts';
import type { RequestObservation } from './port.ts';
import { ProxyPort } from './proxy.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function server(handler: http.RequestListener): Promise<{ address: string; listening: http.Server }> {
  const listening = http.createServer(handler);
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve));
  open.push({
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections();
      listening.close();
    },
  });
  return { address: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, listening };
}

async function proxy(blue: readonly string[], green: readonly string[]): Promise<ProxyPort> {
  const port = await ProxyPort.listen({ host: '127.0.0.1', port: 0, slots: ['blue', 'green'] }, systemClock);
  open.push(port);
  await port.place('blue', blue);
  await port.place('green', green);
  return port;
}

const says =
  (text: string): http.RequestListener =>
  (_request, response) =>
    void response.end(text);

async function ask(port: ProxyPort, times: number): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let index = 0; index < times; index++) answers.push(await (await fetch(port.address)).text());
  return answers;
}

test('requests are shared by weight to within one, and a slot of weight 0 gets none', async () => {
  const [blue, green] = [await server(says('blue')), await server(says('green'))];
  const port = await proxy([blue.address], [green.address]);
  await port.setWeights({ blue: 90, green: 10 });
  const answers = await ask(port, 100);
  const canary = answers.filter((answer) => answer === 'green').length;
  expect(Math.abs(canary - 10)).toBeLessThanOrEqual(1);
  await port.setWeights({ blue: 100, green: 0 });
  expect(new Set(await ask(port, 30))).toEqual(new Set(['blue']));
  expect(await port.weights()).toEqual({ blue: 100, green: 0 });
});

test('the instances of a slot take turns', async () => {
  const [first, second] = [await server(says('first')), await server(says('second'))];
  const port = await proxy([first.address, second.address], []);
  await port.setWeights({ blue: 100 });
  expect((await ask(port, 4)).toSorted()).toEqual(['first', 'first', 'second', 'second']);
});

test('every request is observed, with its slot, status and time', async () => {
  const slow = await server((_request, response) => void setTimeout(() => response.writeHead(500).end(), 30));
  const port = await proxy([slow.address], []);
  await port.setWeights({ blue: 100 });
  const seen: RequestObservation[] = [];
  port.observe((observation) => seen.push(observation));
  await (await fetch(port.address)).text();
  await expect.poll(() => seen.length).toBe(1);
  expect(seen[0]).toMatchObject({ slot: 'blue', status: 500, error: true });
  expect(seen[0]?.latencyMs).toBeGreaterThan(25);
});

test('a GET that got no answer is sent again, to another instance; a POST never is', async () => {
  let posts = 0;
  const broken = await server((request) => {
    if (request.method === 'POST') posts++;
    request.socket.destroy();
  });
  const fine = await server(says('fine'));
  const port = await proxy([broken.address, fine.address], []);
  await port.setWeights({ blue: 100 });
  const seen: RequestObservation[] = [];
  port.observe((observation) => seen.push(observation));
  expect(await ask(port, 4)).toEqual(['fine', 'fine', 'fine', 'fine']);
  const answers = [];
  for (let index = 0; index < 4; index++) {
    answers.push((await fetch(port.address, { method: 'POST', body: 'once' })).status);
  }
  expect(answers.toSorted()).toEqual([200, 200, 502, 502]);
  expect(posts).toBe(2);
  expect(seen.filter(({ error }) => error).length).toBeGreaterThanOrEqual(4);
});

test('an answer that breaks off is an error, and a client that goes away is none', async () => {
  const half = await server((request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    if (request.url === '/broken') setTimeout(() => request.socket.destroy(), 20);
  });
  const port = await proxy([half.address], []);
  await port.setWeights({ blue: 100 });
  const seen: RequestObservation[] = [];
  port.observe((observation) => seen.push(observation));
  const broken = await fetch(`${port.address}/broken`);
  await expect(broken.text()).rejects.toThrow();
  await expect.poll(() => seen.length).toBe(1);
  expect(seen[0]?.error).toBe(true);
  const leaving = new AbortController();
  await fetch(`${port.address}/left`, { signal: leaving.signal });
  leaving.abort();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toHaveLength(1);
});

test('a client that got no answer for a second and goes away is an error; one that leaves at once is none', async () => {
  const hangs = await server(() => undefined);
  const port = await proxy([hangs.address], []);
  await port.setWeights({ blue: 100 });
  const seen: RequestObservation[] = [];
  port.observe((observation) => seen.push(observation));
  await expect(fetch(port.address, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
  await expect(fetch(port.address, { signal: AbortSignal.timeout(1_200) })).rejects.toThrow();
  await expect.poll(() => seen).toEqual([expect.objectContaining({ slot: 'blue', error: true, status: 0 })]);
});

test('what is streamed arrives as it comes, and an upgraded connection goes both ways', async () => {
  const { address, listening } = await server((_request, response) => {
    response.write('one');
    setTimeout(() => response.end('two'), 100);
  });
  listening.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    socket.pipe(socket);
  });
  const port = await proxy([address], []);
  await port.setWeights({ blue: 100 });
  const reader = (await fetch(port.address)).body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('one');
  const { hostname, port: number } = new URL(port.address);
  const socket = connect(Number(number), hostname);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    if (heard.endsWith('\r\n\r\n')) socket.write('hello');
  });
  await expect.poll(() => heard).toContain('hello');
  socket.destroy();
});

test('without an instance the client is told at once', async () => {
  const port = await proxy([], []);
  await port.setWeights({ blue: 100 });
  expect((await fetch(port.address)).status).toBe(503);
});

test('a port that is taken is said', async () => {
  const { address } = await server(says('first'));
  const port = Number(new URL(address).port);
  await expect(ProxyPort.listen({ host: '127.0.0.1', port, slots: ['blue', 'green'] }, systemClock)).rejects.toThrow(
    `Another process listens on 127.0.0.1:${port} already. End it, or give another port`,
  );
});
