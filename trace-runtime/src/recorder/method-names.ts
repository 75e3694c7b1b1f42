/**
 * Names of methods in stacks: V8 looks for the property of the receiver that holds the running function. Where a wrapper
 * of ours holds that place, it finds the wrapper only: `Timeout.<anonymous>` would stand for `Timeout._onTimeout`.
 */
import { natives } from './natives.ts';
import { ownData } from './own-data.ts';

const ANONYMOUS = '<anonymous>';

/**
 * The name under which the program's function would have been found; undefined where it is as V8 says. `wrapper`: the
 * frame of ours that Node called in its place, and that is not shown.
 */
export function nameOfMethod(site: NodeJS.CallSite, wrapper: NodeJS.CallSite): string | undefined {
  const type = site.getTypeName();
  if (type === null || type !== wrapper.getTypeName() || site.isToplevel() || site.isConstructor()) return undefined;
  return site.getMethodName() === null ? (wrapper.getMethodName() ?? undefined) : undefined;
}

/** Of an asynchronous function that a timer called and that goes on: no wrapper is below it any more. */
export function nameOfTimersMethod(site: NodeJS.CallSite): string | undefined {
  if (site.getTypeName() !== 'Timeout' || site.getMethodName() !== null) return undefined;
  // one that was cleared calls nobody; functions in strict mode, and all on Node 24, do not tell which it is
  const timer: unknown = site.getThis();
  const called = typeof timer === 'object' && timer !== null ? ownData(timer, '_onTimeout')?.value : undefined;
  return called === null ? undefined : '_onTimeout';
}

/** A frame's text with the name of its method, as V8 would write it. */
export function withMethod(frame: string, name: string | null, method: string): string {
  const at = frame.indexOf(' (');
  if (at < 0) return frame;
  const called = frame.slice(0, at);
  if (name !== null && name !== '')
    return endsWith(name, method) ? frame : `${called} [as ${method}]${frame.slice(at)}`;
  return called.endsWith(`.${ANONYMOUS}`) ? `${called.slice(0, -ANONYMOUS.length)}${method}${frame.slice(at)}` : frame;
}

/** Whether a function's name says already what the method is called. */
function endsWith(name: string, method: string): boolean {
  return name === method || name.endsWith(`.${method}`) || name.endsWith(` ${method}`);
}

/** A frame like `site`, of a method with that name. */
export function namedSite(site: NodeJS.CallSite, method: string): NodeJS.CallSite {
  return overlaid(
    site,
    new Map<string | symbol, unknown>([
      ['getMethodName', () => method],
      ['toString', () => withMethod(site.toString(), site.getFunctionName(), method)],
    ]),
  );
}

/** A frame like `site` but for the methods that are replaced; the others run on the given frame. */
export function overlaid(site: NodeJS.CallSite, replaced: Map<string | symbol, unknown>): NodeJS.CallSite {
  return new Proxy(site, {
    get(target, key) {
      const mine = replaced.get(key);
      if (mine) return mine;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const bound = (...args: unknown[]): unknown =>
        natives.apply(value as (...args: never[]) => unknown, target, args as never[]);
      replaced.set(key, bound);
      return bound;
    },
  });
}
