/** What the machine says about itself, and the streams' starting point: who was started how, where, with what around it. */
import os from 'node:os';
import { returning, type Crossing } from './calls.ts';
import { plain } from './dns.ts';
import type { Json } from './json.ts';
import type { BoundaryLog } from './log.ts';
import { OWN_VARIABLE } from '../model/recorded-world.ts';
import { ownData } from './patch.ts';
import { descriptorKinds } from './terminal.ts';

const MACHINE = [
  'arch',
  'availableParallelism',
  'cpus',
  'endianness',
  'freemem',
  'getPriority',
  'homedir',
  'hostname',
  'loadavg',
  'machine',
  'networkInterfaces',
  'platform',
  'release',
  'tmpdir',
  'totalmem',
  'type',
  'uptime',
  'userInfo',
  'version',
];
export const PROCESS = [
  'memoryUsage',
  'cpuUsage',
  'resourceUsage',
  'availableMemory',
  'constrainedMemory',
  'getuid',
  'geteuid',
  'getgid',
  'getegid',
  'getgroups',
];

const PRELOAD_OPTION = /^--require "[^"]*preload\.cjs"\s*/;

export function installSystem(log: BoundaryLog): void {
  const crossing: Crossing = {
    args: () => ({}),
    result: ([value]) => ({ value: plain(value) }),
    replay: ({ value }) => (value === null ? undefined : [structuredClone(value)]),
  };
  for (const name of MACHINE) returning(log, os, name, `os.${name}`, crossing);
  for (const name of PROCESS) returning(log, process, name, `process.${name}`, crossing);
  returning(log, process.memoryUsage, 'rss', 'process.memoryUsage.rss', crossing);
}

/** The `environment` record: the first of every stream. Hindcast's own variables are not in it. */
export function reportStart(log: BoundaryLog): void {
  const { argv, execArgv, pid, ppid, platform, arch, versions } = process;
  log.report('environment', {
    argv,
    execArgv,
    cwd: process.cwd(),
    env: environmentJson(),
    pid,
    ppid,
    platform,
    arch,
    node: versions.node,
    ticksStarted: log.sink.ticksStarted ?? null,
    ...(log.hasTurns ? { ...descriptorKinds(), timeOrigin: performance.timeOrigin } : {}),
  });
}

function environmentJson(): Json {
  const out: Record<string, Json> = {};
  for (const name of Object.keys(process.env)) {
    const value = ownData(process.env, name);
    if (OWN_VARIABLE.test(name) || typeof value !== 'string') continue;
    out[name] = name === 'NODE_OPTIONS' ? value.replace(PRELOAD_OPTION, '') : value;
  }
  return out;
}
