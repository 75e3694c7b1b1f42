import http from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import { DaemonClient } from '../api/client.ts';
import { ApiServer, type Route } from './http-server.ts';

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/things/:name',
    answer: ({ parameters, query }) => ({ json: { ...parameters, at: query.get('at') } }),
  },
  { method: 'POST', path: '/v1/things', answer: async ({ json }) => ({ json: await json() }) },
  {
    method: 'GET',
    path: '/v1/wrong',
    answer: () => {
      throw usage('That is wrong.');
    },
  },
  {
    method: 'GET',
    path: '/v1/events',
    answer: () => ({
      events: (send) => {
        send('one', { n: 1 });
        send('two', 'a\nb');
        return () => undefined;
      },
    }),
  },
];

const servers: ApiServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function serve(): Promise<{ readonly server: ApiServer; readonly client: DaemonClient; readonly url: string }> {
  const server = await ApiServer.listen({ host: '127.0.0.1', port: 0, token: 'secret' }, routes);
  servers.push(server);
  const url = `http://127.0.0.1:${server.port}`;
  return { server, url, client: new DaemonClient({ url, pid: process.pid, token: 'secret' }) };
}

/** The status of a request with these headers; fetch sets Host and Origin itself. */
function statusWith(url: string, headers: http.OutgoingHttpHeaders): Promise<number | undefined> {
  return new Promise((resolve, reject) =>
    http
      .get(`${url}/v1/things/a`, { headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject),
  );
}

test('answers by method and path', async () => {
  const { client } = await serve();
  expect(await client.get('/v1/things/a%2Fb?at=5')).toEqual({ name: 'a/b', at: '5' });
  expect(await client.post('/v1/things', { x: [1] })).toEqual({ x: [1] });
});

test('refuses what is unknown, wrong or has no token', async () => {
  const { client, url } = await serve();
  await expect(client.get('/v1/nothing')).rejects.toThrow('There is no /v1/nothing.');
  await expect(client.delete('/v1/things')).rejects.toThrow('/v1/things takes no DELETE.');
  await expect(client.get('/v1/wrong')).rejects.toThrow('That is wrong.');
  await expect(new DaemonClient({ url, pid: 1, token: 'guess' }).get('/v1/things/a')).rejects.toThrow('The token is');
});

test('refuses a page in a browser, by its origin and by a name that leads here', async () => {
  const { url } = await serve();
  const authorization = 'Bearer secret';
  expect(await statusWith(url, { authorization })).toBe(200);
  expect(await statusWith(url, { authorization, origin: 'http://evil.example' })).toBe(403);
  expect(await statusWith(url, { authorization, host: 'evil.example' })).toBe(421);
});

test('streams events until it ends', async () => {
  const { server, client } = await serve();
  const seen: unknown[] = [];
  for await (const each of client.events('/v1/events', new AbortController().signal)) {
    seen.push(each);
    if (seen.length === 2) void server[Symbol.asyncDispose]();
  }
  expect(seen).toEqual([
    { event: 'one', data: { n: 1 } },
    { event: 'two', data: 'a\nb' },
  ]);
});
