/** HTTP/2, of either side: what was said comes again over other frames, and nothing leaves the machine. */
import http2 from 'node:http2';
import { readFileSync } from 'node:fs';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Program, proves, told } from './kit.ts';

const run = (...args: readonly string[]): readonly string[] => [process.execPath, ...args];
const certificate = (name: string): string => readFileSync(path.join(import.meta.dirname, 'certificate', name), 'utf8');

const ASK = `
  const ask = (session, path, body) => new Promise((resolve, reject) => {
    const request = session.request({ ':path': path, ':method': body ? 'POST' : 'GET' });
    const got = { text: '', parts: 0 };
    request.on('response', (headers) => (got.status = headers[':status']));
    request.on('trailers', (trailers) => (got.trailers = trailers));
    request.on('data', (part) => { got.text += part; got.parts++; });
    request.on('error', reject);
    request.on('end', () => resolve(got));
    request.end(body);
  });`;

const LISTEN = `server.listen(0, '127.0.0.1', () => require('node:fs').writeFileSync('port', String(server.address().port)));`;

type Answering = (stream: http2.ServerHttp2Stream, path: string, body: string) => void;

const open: { readonly server: http2.Http2Server; readonly sockets: Set<net.Socket> }[] = [];

/** Ends with the program's recording: `gone`. */
async function serving(answer: Answering, server: http2.Http2Server = http2.createServer()): Promise<number> {
  const sockets = new Set<net.Socket>();
  open.push({ server, sockets });
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.on('error', () => undefined).on('data', (part: Buffer) => (body += part.toString()));
    stream.on('end', () => answer(stream, headers[':path'] ?? '', body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function gone(): void {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

afterEach(gone);

test('streams of one connection are answered in the order in which they were, with bodies and trailers', async () => {
  const port = await serving((stream, url, body) => {
    setTimeout(
      () => {
        stream.respond({ ':status': 200, 'set-cookie': ['a=1', 'b=2'] }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-length': String(body.length) }));
        stream.write('{"rate":');
        setTimeout(() => stream.end(url === '/slow' ? '2}' : 'null}'), 20);
      },
      url === '/slow' ? 80 : 30,
    );
  });
  const program = new Program({
    'main.js': `
      ${ASK}
      const session = require('node:http2').connect('http://127.0.0.1:${port}');
      const order = [];
      const noted = (name) => (got) => { order.push(name); return got; };
      async function main() {
        const [slow, quick] = await Promise.all([
          ask(session, '/slow', 'hello').then(noted('slow')),
          ask(session, '/quick').then(noted('quick')),
        ]);
        session.close();
        if (order.join() !== 'quick,slow' || slow.trailers['x-length'] !== '5' || slow.parts !== 2) throw new RangeError('not as recorded');
        console.log(JSON.parse(quick.text).rate.toFixed(2));
      }
      main();`,
  });
  await program.record(run('main.js'));
  gone();
  await proves(program, () => program.edit('main.js', '.rate.', '.rate?.'));
  program.edit('main.js', "'hello'", "'hullo'");
  const other = await program.validate();
  expect(other.verdict, told(other)).toBe('inconclusive');
  expect(other.unmatched.map(({ what }) => what).join()).toContain('POST /slow with another body over HTTP/2');
  program.edit('main.js', "'/quick'", "'/other'");
  const another = await program.validate();
  expect(another.verdict, told(another)).toBe('inconclusive');
  expect(another.unmatched.map(({ what }) => what).join()).toContain('GET /other');
});

test('both sides of a stream talk in turn', async () => {
  const port = await serving(() => undefined);
  open[0]!.server.removeAllListeners('stream').on('stream', (stream) => {
    stream.respond({ ':status': 200 });
    stream.on('data', (part: Buffer) => stream.write(`<${part.toString()}>`)).on('end', () => stream.end('bye'));
  });
  const program = new Program({
    'main.js': `
      const session = require('node:http2').connect('http://127.0.0.1:${port}');
      const stream = session.request({ ':method': 'POST', ':path': '/talk' });
      const heard = [];
      stream.on('data', (part) => {
        heard.push(String(part));
        if (heard.length < 3) stream.write('n' + heard.length);
        else stream.end();
      });
      stream.write('n0');
      stream.on('end', () => {
        session.close();
        if (heard.length > 3) throw new Error('heard ' + heard.join(' '));
      });`,
  });
  await program.record(run('main.js'));
  gone();
  await proves(program, () => program.edit('main.js', 'length > 3', 'length > 4'));
});

test('a stream that is reset, and a connection that breaks off', async () => {
  const port = await serving((stream, url) => {
    if (url === '/reset') setTimeout(() => stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM), 30);
    else if (url === '/lost') setTimeout(() => [...open[0]!.sockets].at(-1)!.destroy(), 30);
    else stream.respond({ ':status': 204 }, { endStream: true });
  });
  const program = new Program({
    'main.js': `
      const http2 = require('node:http2');
      const codes = [];
      const asked = (path) => new Promise((resolve) => {
        const session = http2.connect('http://127.0.0.1:${port}');
        session.on('error', () => undefined);
        const request = session.request({ ':path': path });
        let status;
        request.on('response', (headers) => (status = headers[':status'])).on('error', () => undefined).resume();
        request.on('close', () => {
          codes.push(request.rstCode);
          session.close();
          resolve(status);
        });
      });
      async function main() {
        const seen = [await asked('/fine'), await asked('/reset'), await asked('/lost')];
        console.log(seen.join(), codes.join());
        if (codes.join() !== '0,11,8') throw new RangeError('not as recorded ' + codes);
        if (seen.length > 2) throw new Error('too many');
      }
      main();`,
  });
  const recorded = await program.record(run('main.js'));
  gone();
  expect(recorded.stderr).toContain('too many');
  await proves(program, () => program.edit('main.js', 'length > 2', 'length > 3'));
});

test('over TLS, the connection looks as it did', async () => {
  const key = { key: certificate('key.pem'), cert: certificate('cert.pem') };
  const port = await serving((stream) => {
    stream.respond({ ':status': 200 });
    stream.end('{"list": null}');
  }, http2.createSecureServer(key));
  const program = new Program({
    'main.js': `
      ${ASK}
      const session = require('node:http2').connect('https://localhost:${port}', { rejectUnauthorized: false });
      session.on('connect', () => {
        if (!session.encrypted || session.alpnProtocol !== 'h2') throw new RangeError('not secure');
      });
      ask(session, '/').then(({ text }) => {
        session.close();
        console.log(JSON.parse(text).list.length);
      });`,
  });
  await program.record(run('main.js'));
  gone();
  await proves(program, () => program.edit('main.js', 'list.length', 'list?.length'));
});

test('a client that gives up, and a fix that waits: nothing recorded answers it', async () => {
  const port = await serving(() => undefined);
  const program = new Program({
    'main.js': `
      ${ASK}
      const session = require('node:http2').connect('http://127.0.0.1:${port}');
      const limit = 50;
      const late = new Promise((resolve) => setTimeout(() => resolve({ text: undefined }), limit));
      Promise.race([ask(session, '/never').catch(() => ({ text: '' })), late]).then(({ text }) => {
        session.destroy();
        console.log(text.length);
      });`,
  });
  await program.record(run('main.js'));
  gone();
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', 'limit = 50', 'limit = 20000');
  const waits = await program.validate();
  expect(waits.verdict, told(waits)).toBe('inconclusive');
});

test.each(['createServer', 'createSecureServer'])('requests to a server of its own come again: %s', async (create) => {
  const program = new Program({
    'key.pem': certificate('key.pem'),
    'cert.pem': certificate('cert.pem'),
    'main.js': `
      const fs = require('node:fs');
      const options = { key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') };
      const carts = {};
      const server = require('node:http2').${create}(options, (request, response) => {
        let body = '';
        request.on('data', (part) => (body += part));
        request.on('end', () => {
          const [, user] = request.url.split('/');
          if (request.method === 'POST') (carts[user] ??= []).push(JSON.parse(body));
          response.end(String(sum(carts[user])));
        });
      });
      function sum(items) {
        return items.reduce((all, item) => all + item.price, 0);
      }
      ${LISTEN}`,
  });
  const recorded = program.record(run('main.js'));
  const protocol = create === 'createServer' ? 'http' : 'https';
  const session = http2.connect(`${protocol}://127.0.0.1:${await program.written('port')}`, {
    rejectUnauthorized: false,
  });
  session.on('error', () => undefined);
  const ask = (url: string, price?: number): Promise<string> =>
    new Promise((resolve) => {
      const stream = session.request({ ':path': url, ':method': price ? 'POST' : 'GET' });
      let text = '';
      stream
        .on('data', (part: Buffer) => (text += part.toString()))
        .on('error', () => resolve(''))
        .on('close', () => resolve(text));
      stream.end(price ? JSON.stringify({ price }) : undefined);
    });
  expect(await ask('/ann', 2)).toBe('2');
  expect(await ask('/ann', 3)).toBe('5');
  await ask('/bob');
  await recorded;
  session.destroy();
  await proves(program, () => program.edit('main.js', 'items.reduce', '(items ?? []).reduce'));
});

test('a server and a client in one program', async () => {
  const program = new Program({
    'main.js': `
      ${ASK}
      const http2 = require('node:http2');
      const server = http2.createServer();
      server.on('stream', (stream, headers) => {
        stream.respond({ ':status': 200 });
        stream.end(JSON.stringify({ path: headers[':path'] }));
      });
      server.listen(0, async () => {
        const session = http2.connect('http://localhost:' + server.address().port);
        const { text } = await ask(session, '/a');
        session.close();
        server.close();
        if (JSON.parse(text).path.length < 3) throw new Error('short ' + text);
      });`,
  });
  await program.record(run('main.js'));
  await proves(program, () => program.edit('main.js', '< 3', '< 2'));
});

test('a light recording does not have it, and says so', async () => {
  const port = await serving((stream) => {
    stream.respond({ ':status': 200 });
    stream.end('{"rate": null}');
  });
  const program = new Program({
    'main.js': `
      ${ASK}
      const session = require('node:http2').connect('http://127.0.0.1:${port}');
      ask(session, '/').then(({ text }) => console.log(JSON.parse(text).rate.toFixed(2)));`,
  });
  await program.record(run('main.js'), { level: 'light' });
  const { stderr } = await program.hindcast(['validate']);
  expect(stderr).toContain('is not shown');
  expect(stderr).toContain('HTTP/2: its frames are read inside Node and are not kept');
});
