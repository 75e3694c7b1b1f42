/** A server that went on after a request had failed: the request is a case, with its failure, and can be put to the proof. */
import { expect, test } from 'vitest';
import { Program, told } from './kit.ts';
import { json, run } from '../cli/kit.ts';

interface Info {
  readonly failures: readonly {
    readonly type: string;
    readonly message: string;
    readonly place: { readonly line: number };
  }[];
  readonly cases: readonly { readonly kind: string; readonly name: string; readonly outcome: string }[];
}

const LISTEN = `
  server.listen(0, () => require('node:fs').writeFileSync('port', String(server.address().port)));
  process.on('SIGTERM', () => process.exit(0));
`;

async function serve(
  program: Program,
  paths: readonly string[],
  command = [process.execPath, 'main.js'],
): Promise<void> {
  const recorded = program.record(command);
  const base = `http://127.0.0.1:${await program.written('port')}`;
  await Promise.all(paths.map((path) => fetch(base + path).then((response) => response.text())));
  await fetch(`${base}/stop`).catch(() => undefined);
  await recorded;
}

const infoOf = (program: Program): Info => json<Info>(run(program.at('.'), 'info', '--json'));

test('the error that a handler caught is the failure of its request, and a fix of it is proven', async () => {
  const program = new Program({
    'main.js': `
      const http = require('node:http');
      const prices = { tea: { cents: 250 } };
      function price(sku) {
        return prices[sku].cents;
      }
      const server = http.createServer((request, response) => {
        if (request.url === '/stop') process.exit(0);
        try {
          response.end(String(price(request.url.slice(1))));
        } catch (error) {
          response.writeHead(500).end(error.message);
        }
      });
      ${LISTEN}`,
  });
  await serve(program, ['/tea', '/coffee', '/coffee']);
  const { cases, failures } = infoOf(program);
  expect(cases.map(({ kind, name, outcome }) => [kind, name, outcome])).toEqual([
    ['request', 'GET /tea', 'passed'],
    ['request', 'GET /coffee', 'failed'],
    ['request', 'GET /coffee (2)', 'failed'],
    ['request', 'GET /stop', 'unfinished'],
  ]);
  expect(failures).toMatchObject([{ type: 'TypeError', place: { line: 5 } }, { place: { line: 5 } }]);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', 'prices[sku].cents', 'prices[sku]?.cents ?? 0');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('errors of handlers that wait belong to their own requests', async () => {
  const program = new Program({
    'main.js': `
      const http = require('node:http');
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      async function answer(path) {
        await wait(path === '/a' ? 60 : 20);
        if (path !== '/ok') throw new Error('no ' + path);
        return path;
      }
      const server = http.createServer((request, response) => {
        if (request.url === '/stop') process.exit(0);
        answer(request.url).then(
          (text) => response.end(text),
          (reason) => { response.statusCode = 502; response.end(reason.message); },
        );
      });
      ${LISTEN}`,
  });
  await serve(program, ['/a', '/b', '/ok']);
  const failures = (infoOf(program).failures as readonly { message: string; case?: { name: string } }[]).map(
    ({ message, case: of }) => [message, of?.name],
  );
  expect(failures.toSorted()).toEqual([
    ['no /a', 'GET /a'],
    ['no /b', 'GET /b'],
  ]);
});

test('requests that fail beside others have their own failures, though nobody holds their errors', async () => {
  const program = new Program({
    'main.js': `
      const http = require('node:http');
      const fs = require('node:fs');
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const stock = {};
      let loading;
      const load = () => (loading ??= wait(10));
      async function count(name) {
        await load();
        await wait(name.length * 5);
        return stock[name].count;
      }
      function weigh(name, done) {
        fs.readFile('weights.json', 'utf8', (_, text) => setTimeout(() => {
          try {
            done(String(JSON.parse(text)[name].grams));
          } catch { done(undefined); }
        }, 5));
      }
      const server = http.createServer((request, response) => {
        if (request.url === '/stop') process.exit(0);
        const [, kind, name] = request.url.split('/');
        const fail = () => { response.statusCode = 500; response.end('error'); };
        if (kind === 'ok') setTimeout(() => response.end('ok'), 12);
        else if (kind === 'count') count(name).then((found) => response.end(String(found)), () => fail());
        else weigh(name, (text) => text === undefined ? fail() : response.end(text));
      });
      ${LISTEN}`,
    'weights.json': '{"fig": {"grams": 3}}',
  });
  await serve(program, ['/count/pear', '/ok/1', '/weigh/fig', '/weigh/plum', '/count/kiwi', '/ok/2', '/weigh/date']);
  const { cases, failures } = infoOf(program) as unknown as {
    cases: readonly { name: string; outcome: string }[];
    failures: readonly { place: { line: number }; case?: { name: string } }[];
  };
  const failed = cases.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);
  expect(failed.toSorted()).toEqual(['GET /count/kiwi', 'GET /count/pear', 'GET /weigh/date', 'GET /weigh/plum']);
  expect(failures.map(({ place, case: of }) => `${of?.name}:${place.line}`).toSorted()).toEqual([
    'GET /count/kiwi:11',
    'GET /count/pear:11',
    'GET /weigh/date:16',
    'GET /weigh/plum:16',
  ]);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', 'stock[name].count', 'stock[name]?.count ?? 0');
  const half = await program.validate();
  expect(half.verdict, told(half)).toBe('still-failing');
  program.edit('main.js', 'JSON.parse(text)[name].grams', 'JSON.parse(text)[name]?.grams');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('a status that no error led to is no failure, and requests inside tests are no cases', async () => {
  const program = new Program({
    'main.js': `
      const http = require('node:http');
      const server = http.createServer((request, response) => {
        if (request.url === '/stop') process.exit(0);
        response.writeHead(503).end('busy');
      });
      ${LISTEN}`,
    'main.test.js': `
      const http = require('node:http');
      const { test } = require('node:test');
      test('answers 500', (t, done) => {
        const server = http.createServer((request, response) => {
          try { throw new Error('meant'); } catch (error) { response.writeHead(500).end(error.message); }
        });
        server.listen(0, async () => {
          await fetch('http://127.0.0.1:' + server.address().port).then((response) => response.text());
          server.close(done);
        });
      });`,
  });
  await serve(program, ['/']);
  expect(infoOf(program)).toMatchObject({ failures: [], cases: [{ outcome: 'failed' }, { outcome: 'unfinished' }] });
  await program.record([process.execPath, '--test', 'main.test.js']);
  expect(infoOf(program)).toMatchObject({ failures: [], cases: [{ kind: 'test', outcome: 'passed' }] });
});

test('a signal that ends a server comes again behind the requests that it had', async () => {
  const program = new Program({
    'main.js': `
      const http = require('node:http');
      const open = new Map();
      const server = http.createServer((request, response) => {
        open.set(request.url, response);
        response.end('seen ' + open.size);
      });
      server.listen(0, () => require('node:fs').writeFileSync('port', String(server.address().port)));
      require('node:fs').writeFileSync('pid', String(process.pid));
      process.on('SIGTERM', () => {
        const last = open.get('/last');
        console.log(last.statusCode, open.size);
        server.close();
      });`,
  });
  const recorded = program.record([process.execPath, 'main.js']);
  const base = `http://127.0.0.1:${await program.written('port')}`;
  for (const path of ['/a', '/b'])
    await fetch(base + path, { headers: { connection: 'close' } }).then((each) => each.text());
  process.kill(Number(await program.written('pid')), 'SIGTERM');
  expect((await recorded).status).toBe(1);
  const { stdout } = await program.hindcast(['minimize']);
  expect(stdout).toContain('Nothing more can be left out');
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('main.js', "open.get('/last')", "(open.get('/c') ?? open.get('/d'))");
  const other = await program.validate();
  expect(other.verdict, told(other)).not.toBe('fixed');
  program.edit('main.js', "(open.get('/c') ?? open.get('/d'))", 'open.get([...open.keys()].at(-1))');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('where a framework that is not recorded caught the error, the request failed where recorded code was left', async () => {
  const program = new Program({
    'node_modules/frame/index.js': `
      exports.serve = (handle) =>
        require('node:http').createServer(async (request, response) => {
          try {
            response.end(await handle(request.url));
          } catch {
            response.writeHead(500).end('sorry');
          }
        });`,
    'tags.js': `const users = [{ name: 'Ann', tags: ['a'] }, { name: 'Bob' }];
exports.tagsOf = (name) => {
  const user = users.find((each) => each.name === name);
  return user.tags.join();
};
`,
    'main.js': `
      const { tagsOf } = require('./tags.js');
      const server = require('frame').serve(async (url) => {
        if (url === '/stop') process.exit(0);
        await null;
        return tagsOf(url.slice(1));
      });
      ${LISTEN}`,
  });
  const recorded = program.record([process.execPath, 'main.js']);
  const base = `http://127.0.0.1:${await program.written('port')}`;
  for (const path of ['/Ann', '/Bob', '/Ann', '/stop']) await fetch(base + path).catch(() => undefined);
  await recorded;
  const { failures } = infoOf(program);
  expect(failures).toMatchObject([{ type: 'Status 500', place: { line: 4 } }]);
  expect(run(program.at('.'), 'why').stdout).toContain('user.tags was undefined: nothing set .tags on the object');
  const written = run(program.at('.'), 'generate-test').stdout;
  expect(written).toContain('calls tagsOf with the recorded arguments');
  expect(written).toContain('it fails as the recording did');
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  program.edit('tags.js', 'user.tags.join()', 'user.tags.join?.()');
  const other = await program.validate();
  expect(other.verdict, told(other)).not.toBe('fixed');
  program.edit('tags.js', 'return user.tags.join?.();', "try { return user.tags.join(); } catch { return ''; }");
  const caught = await program.validate();
  expect(caught.verdict, told(caught)).toBe('inconclusive');
  expect(caught.reasons[0]!.text).toContain('TypeError is met where it had failed');
  program.edit('tags.js', "try { return user.tags.join(); } catch { return ''; }", 'return (user.tags ?? []).join();');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});
