/**
 * `npm run bench:idle [-- --seconds N] [--json]`: what a daemon takes that nobody asks anything: `hindcast ops serve` as it is
 * built, with no service; and beside it one that measures three instances each second, of which nothing is asked. Its processor
 * time is the kernel's, from /proc; so it runs on Linux only.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { removeFolder } from '../../scripts/remove-folder.ts';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, json: { type: 'boolean', default: false } },
});
const hindcast = path.resolve('cli/dist/hindcast.cjs');
/** until all that happens once at the beginning is over */
const SETTLES_MS = 20_000;
const TICKS_PER_SECOND = 100;
const MOST = { share: 0.01, megabytes: 120 } as const;

const watched = `
services:
  shop:
    command: node server.js
    instances: 3
    listen: 127.0.0.1:0
`;
const server = `require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT);`;

interface Use {
  readonly share: number;
  readonly megabytes: number;
}

const uses = { 'no service': await useOf(''), 'three instances': await useOf(watched) };
for (const [of, { share, megabytes }] of Object.entries(uses)) {
  console.log(`${of.padEnd(16)} ${(share * 100).toFixed(2)} % of a core, ${megabytes.toFixed(0)} MB`);
}
if (options.json) console.log(JSON.stringify(uses));
const idle = uses['no service'];
process.exitCode = idle.share <= MOST.share && idle.megabytes <= MOST.megabytes ? 0 : 1;

async function useOf(configuration: string): Promise<Use> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-idle-'));
  writeFileSync(path.join(folder, 'hindcast-ops.yaml'), configuration);
  writeFileSync(path.join(folder, 'server.js'), server);
  const child = spawn(process.execPath, [hindcast, 'ops', 'serve'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await sleep(SETTLES_MS);
    return await measured(daemonOf(child, folder));
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    removeFolder(folder);
  }
}

/** The process that says it is the daemon: the command may have begun a newer Node for it. */
function daemonOf(child: ChildProcess, folder: string): number {
  if (child.exitCode !== null) throw new Error('The daemon has ended.');
  const address = path.join(folder, '.hindcast', 'operations', 'daemon.json');
  return (JSON.parse(readFileSync(address, 'utf8')) as { readonly pid: number }).pid;
}

async function measured(pid: number): Promise<Use> {
  const before = secondsOf(pid);
  const begun = performance.now();
  await sleep(Number(options.seconds) * 1000);
  const share = (secondsOf(pid) - before) / ((performance.now() - begun) / 1000);
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { share, megabytes: Number(resident) / 1000 };
}

/** Of the processor, by the process itself and the kernel for it: the 14th and 15th field of proc(5)'s stat. */
function secondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
