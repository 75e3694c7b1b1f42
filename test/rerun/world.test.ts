/** Failures that depend on what came from outside: they show again when that is gone, and their mending is proved. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { Program, proves, TIMES, told, type Answer } from './kit.ts';

const run = (...args: readonly string[]): readonly string[] => [process.execPath, ...args];

vi.setConfig({ testTimeout: 180_000 * TIMES });

describe('the recorded world', () => {
  test('a clock: the time of the failure is past', async () => {
    const program = new Program({
      'main.js': `
        const limit = Infinity;
        const now = Date.now();
        console.log(now, new Date().getTime() - now);
        if (now < limit) throw new Error('too early');
      `,
    });
    const { stdout } = await program.record(run('main.js'));
    const recorded = Number(stdout.split(' ')[0]);
    // a real clock has passed it by now
    program.edit('main.js', 'Infinity', String(recorded + 1));
    await proves(program, () => program.edit('main.js', String(recorded + 1), String(recorded)));
  });

  test('a clock is not at an end where the edited program asks more often', async () => {
    const program = new Program({
      'main.js': `
        const begun = Date.now();
        let last = begun;
        for (let i = 0; i < 5; i++) {
          const now = Date.now();
          if (now < last) throw new RangeError('time went back');
          last = now;
        }
        if (Date.now() - begun < 60000) throw new Error('fast');
      `,
    });
    await program.record(run('main.js'));
    await proves(program, () =>
      program
        .edit('main.js', 'i < 5', 'i < 500')
        .edit('main.js', '< 60000', '< 0')
        .edit('main.js', 'let last', 'Date.now(); performance.now(); process.hrtime(); let last'),
    );
  });

  test('a random number', async () => {
    const program = new Program({
      'main.js': `
        const crypto = require('node:crypto');
        const drawn = Math.random();
        const id = crypto.randomUUID();
        const bytes = crypto.randomBytes(4).toString('hex');
        const least = 0.7;
        if (drawn < least) throw new Error('unlucky ' + bytes.length);
        console.log(id);
      `,
    });
    for (let i = 0; i < 20; i++) if ((await program.record(run('main.js'))).status !== 0) break;
    await proves(program, () => program.edit('main.js', 'least = 0.7', 'least = 0'));
  });

  test('files that are gone, changed, or there now', async () => {
    const program = new Program({
      'data/list.txt': '1\n2\nx\n',
      'data/rate.json': '{"rate": 2}',
      'main.js': `
        const fs = require('node:fs');
        const path = require('node:path');
        const sum = (lines) => lines.reduce((all, line) => all + parse(line), 0);
        function parse(line) {
          const number = Number(line);
          if (Number.isNaN(number)) throw new TypeError('no number: ' + line);
          return number;
        }
        async function main() {
          const names = fs.readdirSync('data');
          if (fs.existsSync('extra.txt')) throw new Error('extra');
          const { rate } = JSON.parse(await fs.promises.readFile(path.join('data', names[1]), 'utf8'));
          const size = fs.statSync('data/list.txt').size;
          const text = await new Promise((resolve, reject) => {
            let all = '';
            fs.createReadStream('data/list.txt').on('data', (part) => (all += part)).on('end', () => resolve(all)).on('error', reject);
          });
          if (size !== text.length) throw new Error('size');
          console.log(rate * sum(text.trim().split('\\n')));
        }
        main();
      `,
    });
    await program.record(run('main.js'));
    program.remove('data').write({ 'extra.txt': '' });
    await proves(program, () => program.edit('main.js', "throw new TypeError('no number: ' + line)", 'return 0'));
  });

  test('what came on stdin', async () => {
    const program = new Program({
      'main.js': `
        let text = '';
        process.stdin.on('data', (part) => (text += part));
        process.stdin.on('end', () => {
          const order = JSON.parse(text);
          console.log(order.items[0].price.toFixed(2));
        });
      `,
    });
    await program.record(run('main.js'), { input: '{"items": [{"prize": 3}]}' });
    await proves(program, () =>
      program.edit('main.js', 'items[0].price', '(items[0].price ?? 0)').edit('main.js', 'order.(', '(order.'),
    );
  });

  test('stdin as a file', async () => {
    const program = new Program({
      'main.js': `
        const { n } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
        if (n > 2) throw new RangeError('too many: ' + n);
      `,
    });
    await program.record(run('main.js'), { input: '{"n": 3}' });
    await proves(program, () => program.edit('main.js', 'n > 2', 'n > 3'));
  });

  test('stdin that is a file, read as a stream', async () => {
    const program = new Program({
      'in.txt': '1\n2\n3\n',
      'main.js': `
        let sum = 0;
        require('node:readline').createInterface({ input: process.stdin })
          .on('line', (line) => (sum += Number(line)))
          .on('close', () => check(sum));
        function check(all) {
          if (all > 5) throw new RangeError('too much: ' + all);
        }
      `,
    });
    const recorded = await program.record(run('main.js'), { file: 'in.txt' });
    expect(recorded.status).toBe(1);
    program.remove('in.txt');
    await proves(program, () => program.edit('main.js', 'all > 5', 'all > 9'));
  });

  test('the environment', async () => {
    const program = new Program({
      'main.js': `
        const limit = process.env.LIMIT;
        const max = limit.length;
        if (max > 3) throw new Error('long');
      `,
    });
    await program.record(run('main.js'), { env: { LIMIT: '12345' } });
    await proves(program, () => program.edit('main.js', 'max > 3', 'max > 5'), { unset: ['LIMIT'] });
  });

  test('a secret comes from the present environment, or is missed by its name', async () => {
    const program = new Program({
      'main.js': `
        const key = process.env.SHOP_API_KEY;
        const id = key.split('-')[1];
        if (id !== 'eu') throw new Error('wrong region');
      `,
    });
    await program.record(run('main.js'), { env: { SHOP_API_KEY: 'abcdefgh-us' } });
    program.edit('main.js', "split('-')[1]", "split('-')[1].replace('us', 'eu')");
    const without = await program.validate([], { unset: ['SHOP_API_KEY'] });
    expect(without.verdict).toBe('inconclusive');
    expect(without.reasons.map(({ text }) => text).join()).toContain('SHOP_API_KEY');
    const fixed = await program.validate([], { env: { SHOP_API_KEY: 'abcdefgh-us' } });
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  });

  test.each(['http', 'fetch'])('an outgoing API that is down: %s', async (kind) => {
    const server = http.createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/users/7') response.end('{"id": 7}');
      else response.end('[1,2,3]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const get =
      kind === 'fetch'
        ? `const get = async (url) => (await fetch(url)).json();`
        : `const http = require('node:http');
           const get = (url) => new Promise((resolve, reject) => {
             http.get(url, (response) => {
               let text = '';
               response.on('data', (part) => (text += part));
               response.on('end', () => resolve(JSON.parse(text)));
             }).on('error', reject);
           });`;
    const program = new Program({
      'main.js': `
        ${get}
        async function main() {
          const list = await get('${base}/list');
          const user = await get('${base}/users/7');
          console.log(list.length, user.name.toUpperCase());
        }
        main();
      `,
    });
    await program.record(run('main.js'));
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await proves(program, () =>
      program
        .edit('main.js', 'user.name.', "(user.name ?? '').")
        .edit('main.js', '\n        async', '\n\n        // asks\n        async'),
    );
  });

  test('a client of another protocol, whose server is gone', async () => {
    const server = net.createServer((socket) => {
      socket.write('hello 1\n');
      socket.on('data', (data) => socket.write(data.toString().startsWith('GET') ? '$null\n' : 'ok\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const program = new Program({
      'main.js': `
        const net = require('node:net');
        const lines = [];
        const socket = net.connect(${port}, '127.0.0.1');
        const asks = ['SET a 1\\n', 'GET b\\n'];
        let text = '';
        socket.on('data', (data) => {
          text += data;
          for (let at; (at = text.indexOf('\\n')) >= 0; text = text.slice(at + 1)) {
            lines.push(text.slice(0, at));
            const ask = asks.shift();
            if (ask) socket.write(ask);
            else socket.end();
          }
        });
        socket.on('close', () => {
          const value = lines[2] === '$null' ? null : lines[2];
          console.log(value.length);
        });
      `,
    });
    await program.record(run('main.js'));
    server.close();
    await proves(program, () => program.edit('main.js', 'value.length', 'value?.length'));
  });

  test('a worker thread', async () => {
    const program = new Program({
      'part.js': `
        const { parentPort, workerData } = require('node:worker_threads');
        const { n } = JSON.parse(require('node:fs').readFileSync('n.json', 'utf8'));
        parentPort.postMessage({ n: n + workerData, at: Date.now() });
      `,
      'n.json': '{"n": 4}',
      'main.js': `
        const { Worker } = require('node:worker_threads');
        const most = 4;
        new Worker('./part.js', { workerData: 1 }).on('message', ({ n }) => {
          if (n > most) throw new RangeError('too many: ' + n);
        });
      `,
    });
    await program.record(run('main.js'));
    program.write({ 'n.json': '{"n": 0}' });
    await proves(program, () => program.edit('main.js', 'most = 4', 'most = 5'));
  });

  test('requests that came to its server, in their order', async () => {
    const program = new Program({
      'main.js': `
        const http = require('node:http');
        const fs = require('node:fs');
        const carts = {};
        const server = http.createServer((request, response) => {
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
        server.listen(0, () => fs.writeFileSync('port', String(server.address().port)));
      `,
    });
    const recorded = program.record(run('main.js'));
    const base = `http://127.0.0.1:${await program.written('port')}`;
    const post = (price: number) => fetch(`${base}/ann`, { method: 'POST', body: JSON.stringify({ price }) });
    expect(await (await post(2)).text()).toBe('2');
    expect(await (await post(3)).text()).toBe('5');
    await fetch(`${base}/bob`).catch(() => undefined);
    await recorded;
    await proves(program, () => program.edit('main.js', 'items.reduce', '(items ?? []).reduce'));
  });

  test('child processes', async () => {
    const program = new Program({
      'tool.sh': 'echo "3 apples"; echo note >&2; exit 2\n',
      'main.js': `
        const { spawn, execSync, spawnSync } = require('node:child_process');
        const version = execSync('cat version.txt', { encoding: 'utf8' }).trim();
        const { status } = spawnSync('sh', ['tool.sh']);
        const child = spawn('sh', ['tool.sh']);
        let out = '';
        child.stdout.on('data', (part) => (out += part));
        child.on('close', (code) => {
          const [count, what] = out.trim().split(' ');
          if (code !== 2 || status !== 2 || version !== '1.2') throw new RangeError('not as recorded');
          if (Number(count) > 2) throw new Error('too many ' + what);
        });
      `,
      'version.txt': '1.2\n',
    });
    await program.record(run('main.js'));
    program.remove('tool.sh').remove('version.txt');
    await proves(program, () => program.edit('main.js', '> 2)', '> 3)'));
  });

  test('a Node program of its own runs again, as it is now', async () => {
    const program = new Program({
      'part.js': `const n = Number(process.argv[2]); console.log(n.toFixed(1) + Date.now().toString().slice(0, 0)); process.exitCode = n > 2 ? 1 : 0;`,
      'main.js': `
        const { execFileSync } = require('node:child_process');
        const text = execFileSync(process.execPath, ['part.js', '3'], { encoding: 'utf8' });
        console.log(text);
      `,
    });
    await program.record(run('main.js'));
    await proves(program, () => program.edit('part.js', 'n > 2', 'n > 3'));
  });
});

describe('nothing gets out', () => {
  test('what is written goes to the overlay, and is read back from it', async () => {
    const program = new Program({
      'state.json': '{"count": 1}',
      'old/one.txt': 'one',
      'main.js': `
        const fs = require('node:fs');
        const state = JSON.parse(fs.readFileSync('state.json', 'utf8'));
        state.count++;
        fs.writeFileSync('state.json', JSON.stringify(state));
        fs.mkdirSync('out/deep', { recursive: true });
        fs.appendFileSync('out/deep/log.txt', 'a');
        fs.appendFileSync('out/deep/log.txt', 'b');
        fs.renameSync('old/one.txt', 'out/one.txt');
        fs.rmSync('old', { recursive: true });
        fs.createWriteStream('out/stream.txt').end('streamed', () => {
          const again = JSON.parse(fs.readFileSync('state.json', 'utf8'));
          const seen = [fs.readFileSync('out/deep/log.txt', 'utf8'), fs.readFileSync('out/one.txt', 'utf8'), fs.existsSync('old'), fs.readdirSync('out').sort().join()];
          if (again.count !== 2 || seen.join() !== 'ab,one,false,deep,one.txt,stream.txt') throw new RangeError('reads back ' + seen);
          if (again.count > 1) throw new Error('counted');
        });
      `,
    });
    await program.record(run('main.js'));
    program.edit('main.js', 'count > 1', 'count > 2').remove('out').write({ 'state.json': '{"count": 5}' });
    const before = program.tree();
    const fixed = await program.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
    expect(program.tree()).toEqual(before);
  });

  test('a connection that nothing recorded answers is refused, and named', async () => {
    let connections = 0;
    const server = http.createServer((_, response) => response.end('real')).on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const program = new Program({
      'main.js': `
        async function main() {
          const list = undefined;
          console.log(list.length);
        }
        main();
      `,
    });
    await program.record(run('main.js'));
    program.edit(
      'main.js',
      'undefined;',
      `await fetch('http://127.0.0.1:${port}/').then((r) => r.text(), () => 'none');`,
    );
    const answer = await program.validate();
    expect(answer.verdict, told(answer)).toBe('inconclusive');
    expect(answer.unmatched.map(({ what }) => what).join()).toContain(`127.0.0.1:${port}`);
    expect(connections).toBe(0);
    const live = await program.validate(['--live', 'network']);
    expect(live.verdict, told(live)).toBe('fixed');
    expect(connections).toBe(1);
    server.close();
  });

  test('a server of its own is reached', async () => {
    const program = new Program({
      'main.js': `
        const http = require('node:http');
        const server = http.createServer((request, response) => response.end(JSON.stringify({ path: request.url })));
        server.listen(0, async () => {
          const answer = await (await fetch('http://localhost:' + server.address().port + '/a')).json();
          server.close();
          if (answer.path.length < 3) throw new Error('short ' + answer.path);
        });
      `,
    });
    await program.record(run('main.js'));
    await proves(program, () => program.edit('main.js', '< 3', '< 2'));
  });

  test('a child process that nothing recorded answers does not start', async () => {
    const program = new Program({
      'main.js': `
        const { execFileSync } = require('node:child_process');
        const value = undefined;
        console.log(value.length);
      `,
    });
    await program.record(run('main.js'));
    program.edit('main.js', 'undefined;', `''; try { execFileSync('touch', ['made.txt']); } catch {}`);
    const answer: Answer = await program.validate();
    expect(answer.verdict, told(answer)).toBe('inconclusive');
    expect(answer.unmatched.map(({ what }) => what)).toContain('touch made.txt');
    expect(Object.keys(program.tree())).not.toContain('made.txt');
  });

  test('a rerun that hangs is stopped, and said so', async () => {
    const program = new Program({ 'main.js': `const n = undefined;\nconsole.log(n.length);\n` });
    await program.record(run('main.js'));
    program.edit('main.js', 'undefined', `''; for (let i = 0; i >= 0; i = (i + 1) % 7);`);
    const answer = await program.validate(['--timeout', '2s']);
    expect(answer.verdict, told(answer)).toBe('inconclusive');
    expect(answer.reasons.map(({ code }) => code)).toContain('timeout');
  });
});
