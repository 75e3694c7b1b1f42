/** UDP: what came comes again, what is asked is answered as it was, and nothing leaves. */
import dgram from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { Program, proves, TIMES, told } from './kit.ts';

vi.setConfig({ testTimeout: 180_000 * TIMES });

const run = (...args: readonly string[]): readonly string[] => [process.execPath, ...args];

async function bound(): Promise<{ readonly socket: dgram.Socket; readonly port: number }> {
  const socket = dgram.createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { socket, port: (socket.address() as AddressInfo).port };
}

const heard = (socket: dgram.Socket): Promise<string> =>
  new Promise((resolve) => socket.once('message', (message) => resolve(message.toString())));

test('datagrams that come to a socket of the program, from several senders', async () => {
  const program = new Program({
    'main.js': `
      const socket = require('node:dgram').createSocket('udp4');
      const sums = new Map();
      function add(name, value, { port }) {
        const sum = sums.get(name);
        sum.values.push(Number(value));
        socket.send(sum.values.join('+'), port, '127.0.0.1');
      }
      socket.on('message', (message, from) => {
        const [word, name, value] = String(message).split(' ');
        if (word === 'new') sums.set(name, { values: [] });
        else add(name, value, from);
        if (word === 'new') socket.send('made', from.port, from.address);
      });
      socket.bind(0, () => require('node:fs').writeFileSync('port', String(socket.address().port)));`,
  });
  const recorded = program.record(run('main.js'));
  const port = Number(await program.written('port'));
  const [one, two] = [await bound(), await bound()];
  const say = async ({ socket }: typeof one, text: string): Promise<string> => {
    const answer = heard(socket);
    socket.send(text, port, '127.0.0.1');
    return answer;
  };
  expect(await say(one, 'new a')).toBe('made');
  expect(await say(two, 'add a 3')).toBe('3');
  expect(await say(one, 'add a 4')).toBe('3+4');
  two.socket.send('add b 1', port, '127.0.0.1');
  expect((await recorded).stderr).toContain("reading 'values'");
  one.socket.close();
  two.socket.close();
  await proves(program, () =>
    program.edit('main.js', 'const sum = sums.get(name);', 'const sum = sums.get(name); if (!sum) return;'),
  );
});

test('a question over UDP, whose server is gone', async () => {
  const { socket, port } = await bound();
  socket.on('message', (message, from) => {
    const answer = message.toString() === 'count?' ? '3' : 'unknown';
    socket.send(answer, from.port, from.address);
  });
  const program = new Program({
    'main.js': `
      const socket = require('node:dgram').createSocket('udp4');
      const ask = (text) => new Promise((resolve) => {
        socket.once('message', (message) => resolve(String(message)));
        socket.send(text, ${port}, '127.0.0.1');
      });
      async function main() {
        socket.send('metric:1|c', 8125, '127.0.0.1');
        const count = Number(await ask('count?'));
        const name = await ask('name?');
        socket.close();
        if (name === 'unknown') throw new Error('no name for ' + count);
      }
      main();`,
  });
  const recorded = await program.record(run('main.js'));
  expect(recorded.stderr).toContain('no name for 3');
  const reached: string[] = [];
  socket.on('message', (message) => reached.push(message.toString()));
  await proves(program, () =>
    program.edit('main.js', "name === 'unknown'", "name === ''").edit('main.js', 'metric:1|c', 'metric:2|c'),
  );
  program.edit('main.js', "'name?'", "'names?'");
  const other = await program.validate();
  expect(other.verdict, told(other)).toBe('inconclusive');
  expect(other.unmatched.map(({ what }) => what)).toContain(`another datagram to 127.0.0.1:${port}`);
  expect(reached).toEqual([]);
  socket.close();
});

test('sockets of the program that talk to each other, a connected one, and groups', async () => {
  const program = new Program({
    'main.js': `
      const dgram = require('node:dgram');
      const server = dgram.createSocket({ type: 'udp4', reuseAddr: true });
      server.on('message', (message, from) => server.send('got ' + message, from.port, from.address));
      server.bind(0, () => {
        try { server.addMembership('239.1.2.3'); } catch {}
        server.setBroadcast(true);
        const client = dgram.createSocket('udp4');
        client.connect(server.address().port, '127.0.0.1', () => {
          const { port } = client.remoteAddress();
          if (port !== server.address().port) throw new RangeError('another port');
          client.send('hello');
        });
        client.on('message', (message) => {
          client.close();
          server.close();
          check(String(message));
        });
      });
      function check(text) {
        if (text !== 'got it') throw new Error(text);
      }`,
  });
  const recorded = await program.record(run('main.js'));
  expect(recorded.stderr).toContain('Error: got hello');
  await proves(program, () => program.edit('main.js', "send('hello')", "send('it')"));
});
