/** Connections to a program's servers, and its own to others, that speak no HTTP: they come again, and answer again. */
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';
import { expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Program, proves, TIMES, told } from './kit.ts';

vi.setConfig({ testTimeout: 180_000 * TIMES });

const run = (...args: readonly string[]): readonly string[] => [process.execPath, ...args];
const certificate = (name: string): string => readFileSync(path.join(import.meta.dirname, 'certificate', name), 'utf8');

/** A client that keeps what it hears. */
class Client {
  heard = '';
  constructor(readonly socket: net.Socket) {
    socket.on('data', (bytes) => (this.heard += bytes.toString()));
    socket.on('error', () => undefined);
  }

  async hears(text: string): Promise<void> {
    await vi.waitFor(() => expect(this.heard).toContain(text), { timeout: 10_000, interval: 5 });
  }
}

const connected = async (port: number): Promise<Client> => {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return new Client(socket);
};

const LISTEN = `server.listen(0, () => require('node:fs').writeFileSync('port', String(server.address().port)));`;

/** Lines over TCP: each client has a basket, and all hear of what is added. */
const BASKETS = `
  const clients = new Set();
  const baskets = new Map();
  function total(basket) {
    return basket.items.reduce((all, { price }) => all + price, 0);
  }
  function answer(socket, line) {
    const [word, ...rest] = line.split(' ');
    if (word === 'HELLO') baskets.set(socket, { name: rest[0], items: [] });
    const basket = baskets.get(socket);
    if (word === 'ADD') {
      basket.items.push({ name: rest[0], price: Number(rest[1]) });
      for (const each of clients) each.write(basket.name + ' added ' + rest[0] + '\\n');
    } else if (word === 'PAY') socket.write('pays ' + total(basket) + '\\n');
    else socket.write('ok\\n');
  }
  const connection = (socket) => {
    clients.add(socket);
    let text = '';
    socket.on('data', (part) => {
      text += part;
      for (let at; (at = text.indexOf('\\n')) >= 0; text = text.slice(at + 1)) answer(socket, text.slice(0, at));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => clients.delete(socket));
  };
`;

async function talkOfTwo(open: () => Promise<Client>): Promise<void> {
  const ann = await open();
  ann.socket.write('HELLO ann\n');
  await ann.hears('ok');
  const bob = await open();
  bob.socket.write('HEL');
  await pause(30);
  bob.socket.write('LO bob\n');
  await bob.hears('ok');
  ann.socket.write('ADD tea 3\n');
  await bob.hears('ann added tea');
  bob.socket.write('ADD cup 4\nPAY\n');
  await bob.hears('pays 4');
  const eve = await open();
  eve.socket.write('PAY\n');
}

test('a server over TCP: connections come again in their order, each with its portions', async () => {
  const program = new Program({
    'main.js': `const server = require('node:net').createServer((socket) => connection(socket)); ${BASKETS} ${LISTEN}`,
  });
  const recorded = program.record(run('main.js'));
  const port = Number(await program.written('port'));
  await talkOfTwo(() => connected(port));
  expect((await recorded).stderr).toContain("reading 'items'");
  await proves(program, () =>
    program
      .edit('main.js', 'basket.items.reduce', '(basket?.items ?? []).reduce')
      .edit('main.js', "'ok\\n'", "'OK.\\n'"),
  );
});

test('a server over a pipe', async () => {
  const program = new Program({
    'main.js': `const server = require('node:net').createServer((socket) => connection(socket)); ${BASKETS}
      server.listen('here.sock', () => require('node:fs').writeFileSync('port', 'here.sock'));`,
  });
  const recorded = program.record(run('main.js'));
  await program.written('port');
  await talkOfTwo(async () => new Client(net.connect(program.at('here.sock'))));
  await recorded;
  await proves(program, () => program.edit('main.js', 'basket.items.reduce', '(basket?.items ?? []).reduce'));
});

test('a server over TLS', async () => {
  const program = new Program({
    'key.pem': certificate('key.pem'),
    'cert.pem': certificate('cert.pem'),
    'main.js': `
      const fs = require('node:fs');
      const options = { key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') };
      const server = require('node:tls').createServer(options, (socket) => connection(socket)); ${BASKETS} ${LISTEN}`,
  });
  const recorded = program.record(run('main.js'));
  const port = Number(await program.written('port'));
  await talkOfTwo(async () => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    return new Client(socket);
  });
  expect((await recorded).stderr).toContain("reading 'items'");
  await proves(program, () => program.edit('main.js', 'basket.items.reduce', '(basket?.items ?? []).reduce'));
});

test('a client that ends its side and is answered then', async () => {
  const program = new Program({
    'main.js': `
      const server = require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
        const parts = [];
        socket.on('data', (part) => parts.push(part));
        socket.on('end', () => socket.end(longest(Buffer.concat(parts).toString()) + '\\n'));
      });
      function longest(text) {
        const words = text.match(/\\w+/g);
        return words.sort((a, b) => b.length - a.length)[0];
      }
      ${LISTEN}`,
  });
  const recorded = program.record(run('main.js'));
  const port = Number(await program.written('port'));
  const first = await connected(port);
  first.socket.end('one three two');
  await first.hears('three');
  const second = await connected(port);
  second.socket.end('?!');
  await recorded;
  await proves(program, () => program.edit('main.js', 'words.sort', '(words ?? [""]).sort'));
});

test('a connection that breaks off', async () => {
  const program = new Program({
    'main.js': `
      const open = new Map();
      let next = 1;
      const server = require('node:net').createServer((socket) => {
        const id = next++;
        open.set(id, socket);
        socket.on('data', (part) => socket.write(part));
        socket.on('error', (error) => lost(id, error));
        socket.on('end', () => open.delete(id));
      });
      function lost(id, error) {
        open.delete(id);
        const other = [...open.keys()].find((each) => each < id);
        if (other === undefined) throw new Error('nobody takes over from ' + id + ': ' + error.code);
      }
      ${LISTEN}`,
  });
  const recorded = program.record(run('main.js'));
  const port = Number(await program.written('port'));
  const first = await connected(port);
  first.socket.write('a');
  await first.hears('a');
  const second = await connected(port);
  second.socket.write('b');
  await second.hears('b');
  second.socket.resetAndDestroy();
  await pause(100);
  first.socket.resetAndDestroy();
  expect((await recorded).stderr).toContain('nobody takes over from 1: ECONNRESET');
  await proves(program, () =>
    program
      .edit('main.js', 'each < id', 'each !== id || open.size === 0')
      .edit('main.js', 'other === undefined', 'other === undefined && id > 1'),
  );
});

test('a server whose peers are its own program as well as others', async () => {
  const program = new Program({
    'main.js': `
      const net = require('node:net');
      let count = 0;
      const server = net.createServer((socket) => {
        socket.on('data', (part) => {
          count += Number(part);
          if (count > 6) throw new RangeError('too many: ' + count);
          socket.write('= ' + count);
        });
      });
      server.listen(0, () => {
        const own = net.connect(server.address().port, () => own.write('4'));
        own.on('data', () => require('node:fs').writeFileSync('port', String(server.address().port)));
      });`,
  });
  const recorded = program.record(run('main.js'));
  const port = Number(await program.written('port'));
  const client = await connected(port);
  client.socket.write('2');
  await client.hears('= 6');
  client.socket.write('1');
  expect((await recorded).stderr).toContain('too many: 7');
  await proves(program, () => program.edit('main.js', 'count > 6', 'count > 7'));
});

test('a peer that ends the connection, or breaks it off', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (data.toString() === 'reset') socket.resetAndDestroy();
      else socket.end(`no match for ${data.toString()}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const program = new Program({
    'main.js': `
      const net = require('node:net');
      const ask = (word) => new Promise((resolve, reject) => {
        let text = '';
        const socket = net.connect(${port}, '127.0.0.1', () => socket.write(word));
        socket.on('data', (part) => (text += part)).on('end', () => resolve(text)).on('error', reject);
      });
      async function main() {
        const found = await ask('hindcast.example');
        const failed = await ask('reset').catch((error) => error.code);
        const [, name] = /^Name: (.*)$/.exec(found);
        console.log(name, failed);
      }
      main();`,
  });
  await program.record(run('main.js'));
  server.close();
  await proves(program, () =>
    program.edit('main.js', '/^Name: (.*)$/.exec(found)', '(/^Name: (.*)$/.exec(found) ?? [])'),
  );
});

test('WebSockets that come in, between requests', async () => {
  const program = new Program({
    'main.js': `
      const http = require('node:http');
      const { WebSocketServer } = require('ws');
      const rooms = {};
      const server = http.createServer((request, response) => {
        rooms[request.url.slice(1)] = { members: [] };
        response.end('made');
      });
      new WebSocketServer({ server }).on('connection', (socket, request) => {
        const room = rooms[request.url.slice(1)];
        socket.on('message', (data) => join(room, JSON.parse(data), socket));
      });
      function join(room, { name }, socket) {
        room.members.push(name);
        socket.send(JSON.stringify(room.members));
      }
      ${LISTEN}`,
  }).withPackages();
  const recorded = program.record(run('main.js'));
  const port = Number(await program.written('port'));
  await fetch(`http://127.0.0.1:${port}/blue`).then((response) => response.text());
  const open = async (room: string, name: string): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${room}`);
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ name }));
    return socket;
  };
  const ann = await open('blue', 'ann');
  await new Promise((resolve) => ann.once('message', resolve));
  await open('green', 'bob');
  expect((await recorded).stderr).toContain("reading 'members'");
  await proves(program, () =>
    program.edit('main.js', 'room.members.push', 'room ??= { members: [] }; room.members.push'),
  );
});

test('a WebSocket that the program opens', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id } = JSON.parse(String(data)) as { id: number };
      socket.send(JSON.stringify(id === 2 ? { id } : { id, price: { cents: 100 + id } }));
    });
  });
  const { port } = server.address() as AddressInfo;
  const program = new Program({
    'main.js': `
      const { WebSocket } = require('ws');
      const socket = new WebSocket('ws://127.0.0.1:${port}/prices');
      let sum = 0;
      const cents = (answer) => answer.price.cents;
      socket.on('open', () => socket.send('{"id":1}'));
      socket.on('message', (data) => {
        const answer = JSON.parse(data);
        sum += cents(answer);
        if (answer.id < 2) socket.send(JSON.stringify({ id: answer.id + 1 }));
        else socket.close();
      });
      socket.on('close', () => console.log(sum));`,
  }).withPackages();
  await program.record(run('main.js'));
  for (const client of server.clients) client.terminate();
  server.close();
  await proves(program, () => program.edit('main.js', 'answer.price.cents', '(answer.price?.cents ?? 0)'));
  program.edit('main.js', '{"id":1}', '{"id":0}');
  const other = await program.validate();
  expect(other.verdict, told(other)).toBe('inconclusive');
  expect(other.unmatched.map(({ what }) => what).join()).toContain('other bytes were sent');
});

test('a farewell to Redis behind the end of the recording is answered', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => socket.write(String(data).includes('GET') ? '$-1\r\n' : '+OK\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const program = new Program({
    'main.js': `
      const redis = require('node:net').connect(${port}, '127.0.0.1');
      const command = (...words) => new Promise((resolve) => {
        redis.once('data', (data) => resolve(String(data)));
        redis.write('*' + words.length + '\\r\\n' + words.map((word) => '$' + word.length + '\\r\\n' + word + '\\r\\n').join(''));
      });
      const text = (reply) => (reply.startsWith('$-1') ? null : reply.split('\\r\\n')[1]);
      (async () => {
        const name = text(await command('GET', 'name'));
        console.log(name.toUpperCase());
        if ((await command('quit')) !== '+OK\\r\\n') throw new Error('no farewell');
        redis.end();
      })();`,
  });
  await program.record(run('main.js'));
  server.close();
  const unchanged = await program.validate();
  expect(unchanged.verdict, told(unchanged)).toBe('still-failing');
  program.edit('main.js', 'name.toUpperCase()', "(name ?? 'nobody').toUpperCase()");
  const report = await program.validate();
  expect(report.verdict, told(report)).toBe('fixed');
});

test('a question behind the end of the recording is told as one', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('null\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const program = new Program({
    'main.js': `
      const socket = require('node:net').connect(${port}, '127.0.0.1', () => socket.write('one'));
      let answers = 0;
      const cents = (price) => price.cents;
      socket.on('data', (data) => {
        console.log(cents(JSON.parse(data)));
        if (++answers === 2) socket.end();
        else socket.write('two');
      });`,
  });
  await program.record(run('main.js'));
  server.close();
  program.edit('main.js', 'price.cents', '(price?.cents ?? 0)');
  const report = await program.validate();
  expect(report.verdict, told(report)).toBe('inconclusive');
  expect(report.unmatched.map(({ what }) => what).join()).toContain('more was sent than in the recording');
  expect(report.reasons.map(({ text }) => text).join()).toContain('record it again with the edit');
  const live = await program.validate(['--live', 'network']);
  expect(live.verdict, told(live)).toBe('inconclusive');
});
