import { expect, test } from 'vitest';
import { nodes, runWithBoundary } from './testing/run-with-boundary.ts';

test.each(nodes())('a child’s start, output and exit are there, whichever way it was started (%s)', async (node) => {
  const logged = await runWithBoundary(
    `const cp = require('child_process');
    cp.execSync('echo one', { encoding: 'utf8' }); cp.spawnSync('sh', ['-c', 'echo two; exit 3']); cp.execFileSync('echo', ['three']);
    cp.exec('echo four; echo five >&2; exit 2', () => {}); cp.spawn('no-such-program').on('error', () => {});
    try { cp.execSync('exit 4', { stdio: 'pipe' }) } catch {}`,
    { node },
  );
  expect(logged.stderr).toBe('');
  expect(logged.of('child.execSync')).toMatchObject([{ file: 'echo one', stdout: { text: 'one\n' } }, { status: 4 }]);
  expect(logged.of('child.spawnSync')).toMatchObject([
    { args: ['-c', 'echo two; exit 3'], status: 3, stdout: { bytes: 'two\n' } },
  ]);
  expect(logged.of('child.execFileSync')).toMatchObject([{ file: 'echo', stdout: { bytes: 'three\n' } }]);
  const [child] = logged.of('child.start').map(({ child: id }) => id);
  const output = logged
    .of('child.output')
    .map(({ child: id, stream, content }) => [id, stream, logged.contentOf(content)]);
  expect(output).toContainEqual([child, 'stdout', 'four\n']);
  expect(output).toContainEqual([child, 'stderr', 'five\n']);
  expect(logged.of('child.exit')).toContainEqual({ child, code: 2, signal: null, time: expect.any(Number) as number });
  expect(logged.of('child.failed')).toMatchObject([{ error: { code: 'ENOENT' } }]);
});

test.each(nodes())('messages between threads are there, without Node’s own (%s)', async (node) => {
  const logged = await runWithBoundary(
    `const { Worker, isMainThread, parentPort, MessageChannel } = require('worker_threads');
    if (isMainThread) {
      const w = new Worker(__filename, { execArgv: [] }); w.on('message', (m) => { if (m === 'done') w.terminate() }); w.postMessage('go');
      const { port1, port2 } = new MessageChannel(); port1.on('message', () => port1.close()); port2.postMessage({ deep: [1] });
    } else parentPort.on('message', () => { console.log('in worker'); parentPort.postMessage('done') })`,
    { node },
  );
  expect(logged.stdout).toBe('in worker\n');
  const incoming = logged.of('message.in').map(({ message }) => message);
  expect(incoming).toContainEqual({ text: 'done' });
  expect(incoming.filter((message) => typeof message === 'object' && message && 'v8' in message)).toHaveLength(1);
  expect(incoming).toHaveLength(2);
  const [online] = logged.of('worker.online');
  expect(logged.of('message.out')).toContainEqual({ port: online?.port, message: { text: 'go' } });
  expect(logged.of('worker.exit')).toHaveLength(1);
});

test('messages between processes are there, and a message’s getters run as often as without', async () => {
  const logged = await runWithBoundary(`const cp = require('child_process');
    let asked = 0;
    if (process.argv[2]) process.on('message', (m) => { process.send({ back: m.a }, () => process.disconnect()) });
    else { const c = cp.fork(__filename, ['child'], { execArgv: [] }); c.on('message', () => console.log('asked', asked)); c.send({ get a() { return ++asked } }) }`);
  expect(logged.stdout).toBe('asked 1\n');
  expect(logged.of('message.in')).toHaveLength(1);
  expect(logged.of('message.out')).toHaveLength(1);
});

test('what the machine says about itself and how the program was started are there', async () => {
  const logged = await runWithBoundary(
    `require('os').hostname(); process.memoryUsage(); process.memoryUsage.rss(); process.on('SIGUSR2', () => {}); process.kill(process.pid, 'SIGUSR2'); setTimeout(() => {}, 50)`,
    {
      env: { GREETING: 'hello', HINDCAST_OPTIONS: '{}' },
    },
  );
  const [environment] = logged.of('environment');
  expect(environment?.env).toMatchObject({ GREETING: 'hello' });
  expect(environment?.env).not.toHaveProperty('HINDCAST_OPTIONS');
  expect(environment?.cwd).toBe(logged.folder);
  expect(logged.of('os.hostname')).toHaveLength(1);
  expect(logged.of('process.memoryUsage')).toHaveLength(1);
  expect(logged.of('signal')).toEqual([{ name: 'SIGUSR2' }]);
});

test('randomness of crypto is there, and in the program’s own buffers', async () => {
  const logged = await runWithBoundary(`const crypto = require('crypto');
    const out = [crypto.randomBytes(4).toString('hex'), crypto.randomInt(10), crypto.randomUUID(), globalThis.crypto.randomUUID()];
    const own = crypto.randomFillSync(Buffer.alloc(4)); const web = globalThis.crypto.getRandomValues(new Uint8Array(4));
    crypto.randomBytes(4, (e, b) => crypto.randomFill(Buffer.alloc(4), (e, f) => console.log(JSON.stringify([...out, [own, web, f].map((x) => Buffer.from(x).toString('hex')), b.toString('hex')]))));
    crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });`);
  const [, int, uuid, webUuid, touched] = JSON.parse(logged.stdout);
  expect(logged.touched).toEqual(touched);
  expect(logged.of('crypto.randomInt')).toMatchObject([{ value: int }]);
  expect(logged.of('crypto.randomUUID').map(({ id }) => id)).toEqual([uuid, webUuid]);
  expect(logged.of('crypto.randomBytes.done')).toHaveLength(1);
  expect(logged.ledger).toMatchObject([{ kind: 'opaque', subject: 'crypto.generateKeyPairSync' }]);
});
