/** What the machine and the process said about themselves, and names as they were resolved. */
import dns from 'node:dns';
import { isIP } from 'node:net';
import os from 'node:os';
import { replace, type AnyFunction } from '../patch.ts';
import { PROCESS } from '../system.ts';
import type { WorldJson } from '../../model/recorded-world.ts';
import { errorFrom, type Serving } from './serving.ts';

const { apply } = Reflect;
const later = setImmediate;

export function serveSystem(serving: Serving): void {
  for (const name of Object.keys(os)) keep(os, name, `os.${name}`);
  for (const name of PROCESS) keep(process, name, `process.${name}`);
  const owners: readonly object[] = [dns, dns.Resolver.prototype];
  for (const owner of owners)
    for (const name of Object.getOwnPropertyNames(owner)) if (isQuery(name)) resolveBack(owner, name);
  for (const owner of [dns.promises, dns.promises.Resolver.prototype] as readonly object[])
    for (const name of Object.getOwnPropertyNames(owner)) if (isQuery(name)) resolvePromise(owner, name);

  function keep(owner: object, name: string, kind: string): void {
    if (!serving.answers.knows(kind)) return;
    replace(
      owner,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          if (!serving.fromRecordedCode || serving.caller().by === 'tool') return apply(original, this, args);
          const found = serving.answers.keep(kind, '');
          return found ? structuredClone(found.value) : apply(original, this, args);
        },
    );
  }

  type Resolved = { readonly answer?: readonly WorldJson[]; readonly error?: object };

  /** undefined: let the real one answer */
  function resolved(name: string, args: readonly unknown[]): Resolved | undefined {
    // an address is not asked for
    if (name === 'lookup' && isIP(String(args[0])) !== 0) return undefined;
    const caller = serving.caller();
    // a connection's own: it was redirected, or goes to a server of the program's
    if (caller.by === 'tool' || (caller.by === 'node' && !serving.fromRecordedCode)) return undefined;
    const found = serving.answers.keep(`dns.${name}`, JSON.stringify(args[0] ?? null));
    if (found) return found.value as Resolved;
    if (args[0] === 'localhost') return undefined;
    serving.unmatched('network', `dns.${name}(${JSON.stringify(args[0])})`, caller);
    if (serving.isLive('network')) return undefined;
    const message = `query${name} ENOTFOUND ${String(args[0])}`;
    return { error: { message, code: 'ENOTFOUND', syscall: `query${name}` } };
  }

  function resolveBack(owner: object, name: string): void {
    replace(
      owner,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          const callback = args.at(-1);
          const found = typeof callback === 'function' ? resolved(name, args) : undefined;
          if (!found) return apply(original, this, args);
          const results = found.error
            ? [errorFrom(found.error, { hostname: args[0] })]
            : [null, ...(structuredClone(found.answer) ?? [])];
          later(() => apply(callback as AnyFunction, undefined, results));
          return {};
        },
    );
  }

  function resolvePromise(owner: object, name: string): void {
    replace(
      owner,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          const found = resolved(name, args);
          if (!found) return apply(original, this, args);
          return found.error
            ? Promise.reject(errorFrom(found.error, { hostname: args[0] }))
            : Promise.resolve(structuredClone(found.answer?.[0]));
        },
    );
  }
}

function isQuery(name: string): boolean {
  return /^(?:lookup|lookupService|reverse|resolve(?:[A-Z0-9]\w*)?)$/.test(name);
}
