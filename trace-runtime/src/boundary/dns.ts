/** Names resolved: `dns.NAME` and `dns.NAME.done`. */
import dns from 'node:dns';
import { callingBack, promising, type Crossing } from './calls.ts';
import type { Json } from './json.ts';
import type { BoundaryLog } from './log.ts';
import { ownData } from './patch.ts';

const METHODS = [
  'lookup',
  'lookupService',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTxt',
  'resolveTlsa',
  'reverse',
];

const { isArray } = Array;

export function installDns(log: BoundaryLog): void {
  const crossing: Crossing = {
    args: (args) => ({ name: plain(args[0]), options: plain(args[1]) }),
    result: (results) => ({ answer: plain(results) }),
    replay: ({ answer }) => (isArray(answer) ? (structuredClone(answer) as readonly unknown[]) : undefined),
  };
  for (const name of METHODS) {
    callingBack(log, dns, name, `dns.${name}`, crossing);
    callingBack(log, dns.Resolver.prototype, name, `dns.${name}`, crossing);
    promising(log, dns.promises, name, `dns.${name}`, crossing);
    promising(log, dns.promises.Resolver.prototype, name, `dns.${name}`, crossing);
  }
}

/** Plain data to any depth; accessors and functions are left out. */
export function plain(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value !== 'object' || value === null) return null;
  if (isArray(value)) return value.map(plain);
  const out: Record<string, Json> = {};
  for (const key of Object.keys(value)) out[key] = plain(ownData(value, key));
  return out;
}
