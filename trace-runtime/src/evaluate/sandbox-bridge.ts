/** A thread between the reader, which waits for its answers, and the sandbox's process. */
import { spawn } from 'node:child_process';
import { workerData, type MessagePort } from 'node:worker_threads';
import type { BridgeData, FromBridge } from './sandbox.ts';

const { command, args, env, flag: shared, port } = workerData as BridgeData & { readonly port: MessagePort };
const flag = new Int32Array(shared);
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env, cwd: '/' });

tell({ pid: child.pid ?? 0 });
child.on('error', () => tell({ ended: true }));
child.on('close', () => tell({ ended: true }));
child.stdin.on('error', () => undefined);

let parts: string[] = [];
child.stdout.setEncoding('utf8');
child.stdout.on('data', (chunk: string) => {
  const lines = chunk.split('\n');
  parts.push(lines[0]!);
  for (const line of lines.slice(1)) {
    tell({ line: parts.join('') });
    parts = [line];
  }
});
port.on('message', (line: string) => {
  if (line === '') port.close();
  else child.stdin.write(`${line}\n`);
});
port.on('close', () => child.kill('SIGKILL'));

function tell(message: FromBridge): void {
  port.postMessage(message);
  Atomics.add(flag, 0, 1);
  Atomics.notify(flag, 0);
}
