/**
 * What Linux says of processes and cgroups. The one module that knows a platform: elsewhere `samplingProblem` says so, and
 * nothing is read.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Why processes cannot be sampled on this machine; undefined where they can. */
export function samplingProblem(): string | undefined {
  return process.platform === 'linux'
    ? undefined
    : `Processes are not sampled on ${process.platform}, only on Linux: load the probe with \`process\` instead.`;
}

/** Sums over a process and its descendants. */
export interface ProcessUse {
  /** of those that have ended too, where their parent has waited for them */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** in which its threads waited for a disk; 0 where the kernel does not count it (sysctl kernel.task_delayacct) */
  readonly ioWaitSeconds: number;
  readonly threads: number;
  readonly openFiles: number;
}

/** USER_HZ: 100 on every platform that Node runs on */
const TICKS_PER_SECOND = 100;

/** Of several processes together; undefined where one of them has gone. */
export function readProcesses(pids: readonly number[]): ProcessUse | undefined {
  const parts = pids.flatMap((id) => readOne(id) ?? []);
  if (parts.length < pids.length) return undefined;
  const sum = (name: keyof ProcessUse): number => parts.reduce((total, part) => total + part[name], 0);
  return {
    cpuSeconds: sum('cpuSeconds'),
    memoryBytes: sum('memoryBytes'),
    readBytes: sum('readBytes'),
    writtenBytes: sum('writtenBytes'),
    ioWaitSeconds: sum('ioWaitSeconds'),
    threads: sum('threads'),
    openFiles: sum('openFiles'),
  };
}

function readOne(pid: number): ProcessUse | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything; fields are counted after it, the state being the third of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  const status = read(`/proc/${pid}/status`) ?? '';
  const io = read(`/proc/${pid}/io`) ?? '';
  const ticks = field(14) + field(15) + field(16) + field(17);
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    memoryBytes: numberAfter(status, 'VmRSS:') * 1024,
    readBytes: numberAfter(io, '\nread_bytes:'),
    writtenBytes: numberAfter(io, '\nwrite_bytes:'),
    ioWaitSeconds: field(42) / TICKS_PER_SECOND,
    threads: numberAfter(status, 'Threads:'),
    openFiles: list(`/proc/${pid}/fd`).length,
  };
}

/** Whether a signal holds a process or one of its descendants (SIGSTOP); false where the system does not tell. */
export function isStopped(pid: number): boolean {
  return [...descendants(pid)].some((id) => {
    const stat = read(`/proc/${id}/stat`) ?? '';
    return /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  });
}

/** The process, its children, and theirs. */
export function* descendants(pid: number): IterableIterator<number> {
  yield pid;
  for (const thread of list(`/proc/${pid}/task`)) {
    const children = read(`/proc/${pid}/task/${thread}/children`)?.trim() ?? '';
    for (const child of children === '' ? [] : children.split(' ')) yield* descendants(Number(child));
  }
}

export interface CgroupUse {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** missing where there is no limit */
  readonly memoryLimitBytes?: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** in which some task of it waited for a disk; only with version 2 and pressure stall information */
  readonly ioWaitSeconds?: number;
  /** in which it was held back by its limit */
  readonly throttledSeconds?: number;
}

export type Cgroup =
  | { readonly version: 2; readonly folder: string }
  | { readonly version: 1; readonly folders: { readonly [controller: string]: string } };

/** Where a process' cgroup is; `mounts` and `memberships` are the texts of `/proc/self/mountinfo` and `/proc/PID/cgroup`. */
export function findCgroup(mounts: string, memberships: string): Cgroup | undefined {
  const mounted = [...mounts.matchAll(/^\S+ \S+ \S+ (\S+) (\S+) .* - (cgroup2?) \S+ (\S+)$/gm)];
  const members = [...memberships.matchAll(/^\d+:([^:]*):(.*)$/gm)].map(([, names = '', path = '']) => ({
    names,
    path,
  }));
  const folders: Record<string, string> = {};
  for (const [, root = '', point = '', type, options = ''] of mounted) {
    for (const { names, path } of members) {
      const matches =
        type === 'cgroup2' ? names === '' : names.split(',').some((name) => options.split(',').includes(name));
      if (!matches || (names === '' && type !== 'cgroup2')) continue;
      const inside = path.startsWith(root) && root !== '/' ? path.slice(root.length) : path;
      const folder = `${point}${inside === '/' ? '' : inside}`;
      for (const name of type === 'cgroup2' ? ['unified'] : names.split(',')) folders[name] = folder;
    }
  }
  const { unified, ...controllers } = folders;
  const ofVersion1 = 'cpuacct' in controllers || 'memory' in controllers;
  if (ofVersion1) return { version: 1, folders: controllers };
  return unified === undefined ? undefined : { version: 2, folder: unified };
}

/** A process' own; undefined where cgroups are not mounted. */
export function cgroupOf(pid: number): Cgroup | undefined {
  return findCgroup(read('/proc/self/mountinfo') ?? '', read(`/proc/${pid}/cgroup`) ?? '');
}

/** Whether a process is in other cgroups than this one. */
export function hasOwnCgroup(pid: number): boolean {
  const own = read(`/proc/${pid}/cgroup`);
  return own !== undefined && own !== read('/proc/self/cgroup');
}

/** Whether a process has another network than this one. */
export function hasOwnNetwork(pid: number): boolean {
  const own = linkOf(`/proc/${pid}/ns/net`);
  return own !== undefined && own !== linkOf('/proc/self/ns/net');
}

/** Undefined where it is gone. */
export function readCgroup(cgroup: Cgroup): CgroupUse | undefined {
  return cgroup.version === 2 ? readVersion2(cgroup.folder) : readVersion1(cgroup.folders);
}

function readVersion2(folder: string): CgroupUse | undefined {
  const cpu = read(`${folder}/cpu.stat`);
  if (cpu === undefined) return undefined;
  const io = read(`${folder}/io.stat`) ?? '';
  const pressure = read(`${folder}/io.pressure`);
  const limit = read(`${folder}/memory.max`)?.trim();
  return {
    cpuSeconds: numberAfter(cpu, 'usage_usec') / 1e6,
    memoryBytes: Number(read(`${folder}/memory.current`) ?? 0),
    ...(limit === undefined || limit === 'max' ? {} : { memoryLimitBytes: Number(limit) }),
    readBytes: sumOf(io, /rbytes=(\d+)/g),
    writtenBytes: sumOf(io, /wbytes=(\d+)/g),
    ...(pressure === undefined ? {} : { ioWaitSeconds: numberAfter(pressure, /some .*total=/) / 1e6 }),
    throttledSeconds: numberAfter(cpu, 'throttled_usec') / 1e6,
  };
}

/** Version 1 says "no limit" as a number of this size. */
const UNLIMITED = 2 ** 62;

function readVersion1(folders: Readonly<Record<string, string>>): CgroupUse | undefined {
  const cpu = read(`${folders['cpuacct']}/cpuacct.usage`);
  const memory = read(`${folders['memory']}/memory.usage_in_bytes`);
  if (cpu === undefined && memory === undefined) return undefined;
  const io = read(`${folders['blkio']}/blkio.throttle.io_service_bytes`) ?? '';
  const limit = Number(read(`${folders['memory']}/memory.limit_in_bytes`) ?? UNLIMITED);
  const throttled = read(`${folders['cpu']}/cpu.stat`);
  return {
    cpuSeconds: Number(cpu ?? 0) / 1e9,
    memoryBytes: Number(memory ?? 0),
    ...(limit >= UNLIMITED ? {} : { memoryLimitBytes: limit }),
    readBytes: sumOf(io, / Read (\d+)/g),
    writtenBytes: sumOf(io, / Write (\d+)/g),
    ...(throttled === undefined ? {} : { throttledSeconds: numberAfter(throttled, 'throttled_time') / 1e9 }),
  };
}

/** Bytes over all interfaces of a process' network but the loopback: of its cgroup, where that has a network of its own. */
export function readNetwork(pid: number): { readonly received: number; readonly sent: number } | undefined {
  const table = read(`/proc/${pid}/net/dev`);
  if (table === undefined) return undefined;
  const total = { received: 0, sent: 0 };
  for (const [, name = '', numbers = ''] of table.matchAll(/^\s*(\S+):\s*(.*)$/gm)) {
    if (name === 'lo') continue;
    const columns = numbers.trim().split(/\s+/).map(Number);
    total.received += columns[0] ?? 0;
    total.sent += columns[8] ?? 0;
  }
  return total;
}

function numberAfter(text: string, mark: string | RegExp): number {
  const found = typeof mark === 'string' ? text.indexOf(mark) : text.search(mark);
  if (found < 0) return 0;
  const length = typeof mark === 'string' ? mark.length : (mark.exec(text)?.[0].length ?? 0);
  return Number.parseInt(text.slice(found + length), 10) || 0;
}

function sumOf(text: string, pattern: RegExp): number {
  let sum = 0;
  for (const [, number] of text.matchAll(pattern)) sum += Number(number);
  return sum;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
