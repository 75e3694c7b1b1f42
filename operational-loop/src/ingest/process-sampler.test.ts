import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CollectedSamples } from '../../../test/support/collected-samples.ts';
import { systemClock } from '../model/time.ts';
import { findCgroup, readCgroup } from './linux-proc.ts';
import { ProcessSampler } from './process-sampler.ts';

const linux = { skip: process.platform !== 'linux' };

test('a process is measured with its children, and no more once it has ended', linux, async () => {
  const samples = new CollectedSamples();
  using sampler = new ProcessSampler(samples, systemClock, 3_600_000);
  // of the processor's time, however busy the machine is
  const busy =
    'while (process.cpuUsage().user + process.cpuUsage().system < 400_000); console.log(1); process.stdin.resume()';
  const program = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy)}], { stdio: 'inherit' })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  sampler.watch({ pid: child.pid as number, service: 's', instance: 'i' });
  await once(child.stdout, 'data');
  sampler.sample();
  const cpu = samples.value('process_cpu_time_seconds_total', { service: 's', instance: 'i' }) as number;
  expect(cpu).toBeGreaterThan(0.3);
  expect(cpu).toBeLessThan(10);
  expect(samples.value('process_memory_usage_bytes')).toBeGreaterThan(40e6);
  expect(samples.value('process_thread_count')).toBeGreaterThan(4);
  expect(samples.value('process_unix_file_descriptor_count')).toBeGreaterThan(6);
  child.stdin.end();
  await once(child, 'exit');
  const before = samples.all.length;
  sampler.sample();
  expect(samples.all.length).toBe(before);
});

test('CPU time as the sampler counts it agrees with what the process counts itself', linux, () => {
  const samples = new CollectedSamples();
  using sampler = new ProcessSampler(samples, systemClock, 3_600_000);
  sampler.watch({ pid: process.pid, service: 's', instance: 'i', isolation: 'always' });
  const counted = (): number => {
    sampler.sample();
    return samples.value('process_cpu_time_seconds_total')!;
  };
  const [before, own] = [counted(), process.cpuUsage()];
  while (process.cpuUsage(own).user < 300_000);
  const after = counted();
  const { user, system } = process.cpuUsage(own);
  // both count in hundredths of a second, and what was waited for is counted with the process by the sampler alone
  expect(after - before).toBeGreaterThan(0.1);
  expect(after - before).toBeCloseTo((user + system) / 1e6, 1);
});

test('a process that shares cgroup and network with the sampler is measured alone', linux, () => {
  const samples = new CollectedSamples();
  using sampler = new ProcessSampler(samples, systemClock, 3_600_000);
  sampler.watch({ pid: process.pid, service: 's', instance: 'i', isolation: 'own' });
  sampler.sample();
  expect(samples.value('process_thread_count')).toBeGreaterThan(0);
  expect(samples.all.filter(({ series }) => series.name.startsWith('container_'))).toEqual([]);
});

const unshare = ['--map-root-user', '--net'] as const;
const isolates = process.platform === 'linux' && spawnSync('unshare', [...unshare, 'true']).status === 0;

test('the network of a process that has its own is measured', { skip: !isolates }, async () => {
  const samples = new CollectedSamples();
  using sampler = new ProcessSampler(samples, systemClock, 3_600_000);
  const program = 'console.log(1); process.stdin.resume()';
  const child = spawn('unshare', [...unshare, process.execPath, '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  sampler.watch({ pid: child.pid as number, service: 's', instance: 'i', isolation: 'own' });
  sampler.sample();
  expect(samples.values('container_network_io_bytes_total')).toEqual([0, 0]);
  child.stdin.end();
  await once(child, 'exit');
});

test('cgroups are found: version 2, version 1, both, and inside a container', () => {
  const v2 = '30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';
  expect(findCgroup(v2, '0::/user.slice/a.service\n')).toEqual({
    version: 2,
    folder: '/sys/fs/cgroup/user.slice/a.service',
  });
  const inContainer = '30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n';
  expect(findCgroup(inContainer, '0::/docker/abc\n')).toEqual({ version: 2, folder: '/sys/fs/cgroup' });
  const v1 = [
    '31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct',
    '32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
    '33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n',
  ].join('\n');
  expect(findCgroup(v1, '5:cpu,cpuacct:/a\n4:memory:/a/b\n0::/a\n')).toEqual({
    version: 1,
    folders: {
      cpu: '/sys/fs/cgroup/cpu,cpuacct/a',
      cpuacct: '/sys/fs/cgroup/cpu,cpuacct/a',
      memory: '/sys/fs/cgroup/memory/a/b',
    },
  });
  expect(findCgroup('', '')).toBeUndefined();
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-cgroup-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

test('a cgroup of version 2 is read', () => {
  const folder = folderOf({
    'cpu.stat': 'usage_usec 2500000\nuser_usec 1\nsystem_usec 2\nnr_periods 3\nnr_throttled 4\nthrottled_usec 750000\n',
    'memory.current': '1048576\n',
    'memory.max': '2097152\n',
    'io.stat': '8:0 rbytes=100 wbytes=200 rios=1 wios=2 dbytes=0 dios=0\n8:16 rbytes=11 wbytes=22 rios=1 wios=1\n',
    'io.pressure': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=3000000\nfull avg10=0.00 avg60=0.00 total=1\n',
  });
  expect(readCgroup({ version: 2, folder })).toEqual({
    cpuSeconds: 2.5,
    memoryBytes: 1048576,
    memoryLimitBytes: 2097152,
    readBytes: 111,
    writtenBytes: 222,
    ioWaitSeconds: 3,
    throttledSeconds: 0.75,
  });
});

test('a cgroup of version 1 is read', () => {
  const folder = folderOf({
    'cpuacct/cpuacct.usage': '2500000000\n',
    'cpu/cpu.stat': 'nr_periods 3\nnr_throttled 4\nthrottled_time 750000000\n',
    'memory/memory.usage_in_bytes': '1048576\n',
    'memory/memory.limit_in_bytes': '9223372036854771712\n',
    'blkio/blkio.throttle.io_service_bytes': '8:0 Read 100\n8:0 Write 200\n8:0 Total 300\n8:16 Read 1\nTotal 301\n',
  });
  const folders = Object.fromEntries(
    ['cpuacct', 'cpu', 'memory', 'blkio'].map((name) => [name, path.join(folder, name)]),
  );
  expect(readCgroup({ version: 1, folders })).toEqual({
    cpuSeconds: 2.5,
    memoryBytes: 1048576,
    readBytes: 101,
    writtenBytes: 200,
    throttledSeconds: 0.75,
  });
});
