/** A light recording of what a process tells of itself, its machine and its children is executed again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 60_000 });

test('what the machine tells of itself, reads that were broken off and certificates are what they were', async () => {
  const program = new Program({
    'main.mjs': `
      import fs from 'node:fs';
      import tls from 'node:tls';
      import { monitorEventLoopDelay } from 'node:perf_hooks';
      import { setTimeout as sleep } from 'node:timers/promises';
      const delays = monitorEventLoopDelay({ resolution: 1 });
      delays.enable();
      await sleep(15);
      delays.disable();
      console.log(process.ppid, delays.mean, delays.maxBigInt, delays.percentiles, delays.percentile(50));
      const handle = await fs.promises.open('big', 'w');
      await handle.write('x'.repeat(100_000));
      await handle.close();
      const abort = new AbortController();
      const broken = [fs.promises.readFile('big', abort), new Promise((_, no) => fs.readFile('big', abort, no))];
      abort.abort(new Error('enough'));
      for (const each of await Promise.allSettled(broken))
        console.log(each.reason.name, each.reason.code, each.reason.cause.message);
      const key = fs.readFileSync('key.pem');
      const server = tls.createServer({ key, cert: fs.readFileSync('cert.pem') }, (socket) => socket.end('yes'));
      await new Promise((resolve) => server.listen(0, resolve));
      const socket = tls.connect({ port: server.address().port, rejectUnauthorized: false }, () => {
        console.log(socket.getPeerCertificate(true).subject, socket.getCipher());
        socket.resume().on('close', () => server.close());
      });
    `,
    'key.pem': readFileSync(path.join(import.meta.dirname, 'programs/keys/test-key.pem'), 'utf8'),
    'cert.pem': readFileSync(path.join(import.meta.dirname, 'programs/keys/test-cert.pem'), 'utf8'),
  });
  const { stdout } = await light(program, 'main.mjs');
  expect(stdout).toContain('[Object: null prototype]');
  expect(stdout).toContain('AbortError ABORT_ERR enough');
  const { ticks, verified, divergences } = await materialise(program);
  expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
});

test('children without pipes, and with more of them; stacks of what failed are those of Node', async () => {
  const program = new Program({
    'main.js': `
      const { spawn, spawnSync, execSync, execFileSync } = require('node:child_process');
      const args = ['-e', 'console.log("out"); require("fs").writeSync(3, "third")'];
      for (const stdio of ['inherit', ['ignore', 'pipe', 'inherit'], ['pipe', 'pipe', 'pipe', 'pipe']])
        console.log(spawnSync(process.execPath, args, { stdio }).output, spawnSync('sh', ['-c', 'echo of sh'], { stdio }).output);
      console.log(execSync('echo inherited', { stdio: 'inherit' }), spawnSync('no-such-command', ['x']).error.stack);
      for (const fails of [
        () => execSync('exit 4', { stdio: 'pipe' }),
        () => execFileSync('no-such-command'),
        () => execFileSync('sh', ['-c', 'echo problem >&2; exit 3']),
      ])
        try {
          fails();
        } catch (error) {
          console.log(error.stack, Object.keys(error));
        }
      for (const [file, ...given] of [[process.execPath, ...args], ['sh', '-c', 'echo of sh >&3']])
        spawn(file, given, { stdio: ['pipe', 'ignore', 'inherit', 'pipe'] }).stdio[3].on('data', (data) => console.log(String(data)));
    `,
  });
  const { stdout } = await light(program, 'main.js');
  expect(stdout).toContain('null Error: spawnSync');
  expect(stdout).toContain('third');
  expect(stdout).toMatch(/spawnSync no-such-command ENOENT\n.*\(node:internal\/child_process/);
  for (let i = 0; i < 2; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test('workers of a cluster are heard in their order, whichever is the faster now', async () => {
  const program = new Program({
    'main.js': `
      const cluster = require('node:cluster');
      const http = require('node:http');
      if (cluster.isPrimary) {
        const order = [];
        cluster.on('online', ({ id }) => order.push('online ' + id));
        cluster.on('listening', ({ id }) => {
          order.push('listening ' + id);
          if (order.length < 4) return;
          console.log(order.join());
          for (const worker of Object.values(cluster.workers)) worker.disconnect();
        });
        for (const wait of [0.5, 0]) cluster.fork({ WAIT: String(wait) });
      } else {
        // executed again, nobody waits
        require('node:child_process').execSync('sleep ' + process.env.WAIT);
        http.createServer().listen(0);
      }
    `,
  });
  const { stdout } = await light(program, 'main.js');
  expect(stdout).toMatch(/listening 2,(?:online 1,)?listening 1/);
  for (let i = 0; i < 4; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test('a program that ends before any of its code runs is executed again, and its failure is shown', async () => {
  const program = new Program({ 'main.mjs': `import './absent.mjs';` });
  await light(program, 'main.mjs');
  const { stdout } = await program.hindcast(['materialise']);
  expect(stdout).toBe(
    "It was executed again: no code of the program's own ran; what it printed and how it ended are the same.\n",
  );
  expect((await program.hindcast(['info'])).stdout).toContain(
    "light: executed again; no code of the program's own ran; what it printed and how it ended are the same\n",
  );
  const shown = await program.hindcast(['state', '--at', 'failure']);
  expect(shown.stdout).toContain(`Cannot find module '${program.at('absent.mjs')}' imported from`);
});

test.each([
  ['main.js', `const price = 3; require('./absent');`],
  ['main.mjs', `const price = 3; await import('./absent.mjs');`],
])('where the only tick of %s ends with a module that is not there, its values are shown', async (name, text) => {
  const program = new Program({ [name]: text });
  await light(program, name);
  const { ticks, verified, divergences } = await materialise(program);
  expect({ ticks, verified, divergences }).toEqual({ ticks: 1, verified: 1, divergences: [] });
  const shown = await program.hindcast(['state', '--at', 'failure']);
  expect(shown.stdout).toContain('Cannot find module');
  expect(shown.stdout).toContain('price = 3');
});

test('children that are ended after their time, and what is killed but ends by itself', async () => {
  const program = new Program({
    'main.js': `
      const { execFile, exec, spawn } = require('node:child_process');
      const { promisify } = require('node:util');
      const deaf = ['sh', ['-c', 'trap "" TERM; sleep 2; exit 5'], { timeout: 700, stdio: 'ignore' }];
      const promised = promisify(execFile)(...deaf);
      promised.catch(({ killed, signal, code }) => console.log('promised', killed, signal, code));
      const all = [promised.child, execFile(...deaf, () => undefined), spawn(...deaf)];
      const look = () => console.log(...all.map(({ killed, exitCode }) => killed + ' ' + exitCode));
      setTimeout(look, 50);
      setTimeout(look, 1300);
      const loud = exec('trap "" TERM; echo enough; sleep 0.1; exit 7', { maxBuffer: 3 }, ({ code }) => {
        console.log(code, loud.exitCode, loud.signalCode);
      });
      all[2].on('exit', look);
      console.log(...all.map((each) => each.listenerCount('close') + ' ' + each.listenerCount('exit')));
    `,
  });
  const { stdout } = await light(program, 'main.js');
  // Node's own, and no more
  expect(stdout).toContain('1 0 1 0 0 2\n');
  expect(stdout).toContain('false null false null false null\n');
  expect(stdout).toContain('true null true null true null\n');
  expect(stdout).toContain('MAXBUFFER 7 null\n');
  for (let i = 0; i < 2; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});

test('what is written to children has gone when it had, however fast they read now', async () => {
  const program = new Program({
    'main.js': `
      const { spawn } = require('node:child_process');
      const { AsyncLocalStorage } = require('node:async_hooks');
      const names = new AsyncLocalStorage();
      let rounds = 0;
      const round = setInterval(() => rounds++, 10);
      const tell = (...all) => console.log(names.getStore(), ...all, rounds);
      const children = {
        shell: spawn('sh', ['-c', 'sleep 0.3; cat >/dev/null']),
        node: spawn(process.execPath, ['reads.js']),
        deaf: spawn('sh', ['-c', 'exec 0<&-; sleep 0.2']),
        further: spawn('sh', ['-c', 'sleep 0.2; cat <&3 >/dev/null'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] }),
      };
      let open = 4;
      for (const [name, child] of Object.entries(children))
        names.run(name, () => {
          const pipe = child.stdin ?? child.stdio[3];
          pipe.on('error', ({ code, syscall }) => tell(code, syscall));
          pipe.write('x'.repeat(1 << 20), (error) => tell('written', error?.code));
          pipe.end('.', (error) => tell('ended', error?.code));
          child.stdout.on('data', (data) => tell(String(data).trim()));
          child.on('close', (code) => {
            tell('closed', code);
            if (--open === 0) clearInterval(round);
          });
        });
    `,
    'reads.js': `
      let bytes = 0;
      const read = () => process.stdin.on('data', (data) => (bytes += data.length)).on('end', () => console.log(bytes));
      setTimeout(read, 300);
    `,
  });
  const { stdout } = await light(program, 'main.js');
  expect(stdout).toContain(' 1048577 ');
  expect(stdout).toMatch(/deaf E\w+ write/);
  for (let i = 0; i < 2; i++) {
    const { ticks, verified, divergences } = await materialise(program);
    expect({ verified, divergences }).toEqual({ verified: ticks, divergences: [] });
  }
});
