/** Requests that reach their host through a proxy, TLS over what spoke otherwise before, and peers that speak first. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { Program, proves, told } from './kit.ts';

const run = (...args: readonly string[]): readonly string[] => [process.execPath, ...args];

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A host that knows one rate, and a proxy that goes on to it. */
async function ratesBehindProxy(
  host: http.Server = http.createServer(),
): Promise<{ readonly host: number; readonly proxy: number; close(): void }> {
  host.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    response.end(JSON.stringify(request.url === '/eur' ? { rates: { usd: 1.5 } } : { error: 'unknown' }));
  });
  const proxy = http.createServer();
  proxy.on('connect', ({ url = '' }: http.IncomingMessage, socket: net.Socket) => {
    const way = net.connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    for (const each of [way, socket]) each.on('error', () => socket.destroy());
  });
  const [at, by] = [await listening(host), await listening(proxy)];
  return {
    host: at,
    proxy: by,
    close() {
      host.close();
      proxy.close();
    },
  };
}

/** As agents do it, and as requests do. */
const WAYS = {
  'a connection that asks for its host by itself': `(done) => {
    const socket = net.connect(PROXY, '127.0.0.1', () => socket.write('CONNECT ' + HOST + ' HTTP/1.1\\r\\n\\r\\n'));
    socket.once('data', () => done(socket));
  }`,
  'a request to go on to a host': `(done) => {
    const request = http.request({ port: PROXY, host: '127.0.0.1', method: 'CONNECT', path: HOST, agent: false });
    request.on('connect', (response, socket) => done(socket)).end();
  }`,
};

test.each(Object.entries(WAYS))('requests through a proxy, by %s', async (_, way) => {
  const { host, proxy, close } = await ratesBehindProxy();
  const program = new Program({
    'main.js': `
      const [http, net] = [require('node:http'), require('node:net')];
      const connect = ${way.replaceAll('PROXY', String(proxy)).replaceAll('HOST', `'127.0.0.1:${host}'`)};
      const get = (path) => new Promise((resolve, reject) => connect((socket) =>
        http.get({ path, createConnection: () => socket }, (response) => {
          let text = '';
          response.on('data', (part) => (text += part)).on('end', () => resolve(JSON.parse(text)));
        }).on('error', reject)));
      const inDollars = ({ rates }, amount) => amount * rates.usd;
      (async () => {
        for (const currency of ['eur', 'xyz']) console.log(inDollars(await get('/' + currency), 10));
      })();`,
  });
  const { stdout, stderr } = await program.record(run('main.js'));
  close();
  expect(stdout + stderr).toMatch(/^15\n[^]*TypeError: Cannot read properties of undefined \(reading 'usd'\)/);
  await proves(program, () => program.edit('main.js', 'rates.usd', '(rates?.usd ?? NaN)'));
  program.edit('main.js', "['eur'", "['chf', 'eur'");
  const other = await program.validate();
  expect(other.verdict, told(other)).toBe('inconclusive');
  expect(other.unmatched.map(({ what }) => what).join()).toContain('GET /chf');
});

test('a connection on which the peer speaks first, once more than recorded, is answered by nobody', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 ready\r\n');
    socket.on('data', (data) => socket.end(String(data).startsWith('MAIL') ? '250 sent\r\n' : ''));
  });
  const port = await listening(server);
  const program = new Program({
    'main.js': `
      const net = require('node:net');
      const greeting = ({ name }) => 'MAIL ' + name.first;
      const send = (user) => new Promise((resolve, reject) => {
        const text = greeting(user);
        const socket = net.connect(${port}, '127.0.0.1');
        const late = setTimeout(() => reject(new Error('no greeting')), 30000);
        socket.once('data', () => {
          clearTimeout(late);
          socket.write(text);
          socket.once('data', resolve);
        });
        socket.on('close', () => reject(new Error('closed')));
      });
      (async () => {
        for (const user of [{ name: { first: 'Ada' } }, { name: null }]) console.log(String(await send(user)));
      })();`,
  });
  await program.record(run('main.js'));
  server.close();
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', 'name.first', "(name?.first ?? 'friend')");
  const mended = await program.validate();
  expect(mended.verdict, told(mended)).toBe('inconclusive');
  expect(mended.unmatched.map(({ what }) => what).join()).toContain('one connection more than in the recording');
});

const certificate = (name: string): string => readFileSync(path.join(import.meta.dirname, 'certificate', name), 'utf8');

test('TLS over a connection that spoke otherwise before', async () => {
  const server = net.createServer((plain) => {
    plain.on('error', () => undefined);
    plain.write('220 ready\r\n');
    plain.once('data', () => {
      plain.write('220 go\r\n');
      const options = { isServer: true, key: certificate('key.pem'), cert: certificate('cert.pem') };
      const secure = new tls.TLSSocket(plain, options);
      secure.on('error', () => undefined);
      secure.on('data', (data) =>
        secure.write(String(data).startsWith('WHO') ? '250 {"name":"ada"}\r\n' : '221 bye\r\n'),
      );
    });
  });
  const port = await listening(server);
  const program = new Program({
    'main.js': `
      const [net, tls] = [require('node:net'), require('node:tls')];
      const heard = (socket) => new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
      const told = (reply) => JSON.parse(reply.slice(4)).nick.toUpperCase();
      (async () => {
        const plain = net.connect(${port}, '127.0.0.1');
        console.log(await heard(plain));
        plain.write('STARTTLS\\r\\n');
        console.log(await heard(plain));
        const secure = tls.connect({ socket: plain, rejectUnauthorized: false });
        await new Promise((resolve) => secure.once('secureConnect', resolve));
        secure.write('WHO\\r\\n');
        console.log(told(await heard(secure)), secure.encrypted);
        secure.write('QUIT\\r\\n');
        console.log(await heard(secure));
        secure.end();
      })();`,
  });
  const { stdout, stderr } = await program.record(run('main.js'));
  server.close();
  expect(stdout + stderr).toMatch(
    /220 go\r\n[^]*TypeError: Cannot read properties of undefined \(reading 'toUpperCase'\)/,
  );
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', '.nick.', '.name.').edit('main.js', 'QUIT', 'NOOP');
  const asked = await program.validate();
  expect(asked.verdict, told(asked)).toBe('inconclusive');
  program.edit('main.js', "secure.write('NOOP", "return secure.destroy();\n        secure.write('NOOP");
  const mended = await program.validate();
  expect(mended.verdict, told(mended)).toBe('fixed');
});

test('HTTPS through a proxy', async () => {
  const { proxy, host, close } = await ratesBehindProxy(
    https.createServer({ key: certificate('key.pem'), cert: certificate('cert.pem') }),
  );
  const program = new Program({
    'main.js': `
      const [https, net, tls] = [require('node:https'), require('node:net'), require('node:tls')];
      const inDollars = ({ rates }, amount) => amount * rates.usd;
      const socket = net.connect(${proxy}, '127.0.0.1', () => socket.write('CONNECT 127.0.0.1:${host} HTTP/1.1\\r\\n\\r\\n'));
      socket.once('data', () => {
        const createConnection = () => tls.connect({ socket, rejectUnauthorized: false });
        https.get({ path: '/xyz', createConnection }, (response) => {
          response.on('data', (part) => console.log(inDollars(JSON.parse(part), 10)));
        });
      });`,
  });
  const { stderr } = await program.record(run('main.js'));
  close();
  expect(stderr).toContain("TypeError: Cannot read properties of undefined (reading 'usd')");
  await proves(program, () => program.edit('main.js', 'rates.usd', '(rates?.usd ?? NaN)'));
});
