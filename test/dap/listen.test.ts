/** An adapter that was started before its client: it listens at a socket. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { expect, onTestFinished, test } from 'vitest';

const CLI = path.join(import.meta.dirname, '../../cli/bin/hindcast.cjs');

class SocketClient extends DebugClient {
  constructor(socket: net.Socket) {
    super('node', '', 'hindcast');
    this.connect(socket, socket);
  }
}

async function listening(): Promise<{
  readonly ended: Promise<unknown[]>;
  readonly connect: () => Promise<net.Socket>;
}> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-listen-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = path.join(folder, 'adapter');
  const child = spawn(process.execPath, [CLI, 'dap', '--listen', at], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const ended = once(child, 'exit');
  expect(String(await once(child.stdout, 'data'))).toBe(`listening at ${at}\n`);
  return {
    ended,
    async connect() {
      const socket = net.connect(at);
      await once(socket, 'connect');
      return socket;
    },
  };
}

test('it serves one client, and ends with it', async () => {
  const { ended, connect } = await listening();
  const client = new SocketClient(await connect());
  const { body } = await client.initializeRequest();
  expect(body?.supportsStepBack).toBe(true);
  await expect(connect()).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  await client.disconnectRequest();
  expect(await ended).toEqual([0, null]);
});

test('a client that goes away without a word ends it, too', async () => {
  const { ended, connect } = await listening();
  (await connect()).destroy();
  expect(await ended).toEqual([0, null]);
});
