/** When WebAssembly is compiled is an arrival: fetch waits for it, too. Only where a run is to be executed again. */
import { arrivalKey } from '../model/recorded-world.ts';
import { safely } from './calls.ts';
import { replace } from './patch.ts';
import type { BoundaryLog } from './log.ts';

const { apply } = Reflect;
const NativePromise = Promise;
/** V8 12, of Node 22, tells of the instance of a module that is compiled already in a microtask, and not by a task. */
const TELLS_LATER = Number.parseInt(process.versions.v8, 10) < 12;

export function installWebAssembly(log: BoundaryLog): void {
  if (typeof WebAssembly !== 'object') return;
  for (const name of ['compile', 'instantiate'] as const)
    replace(
      WebAssembly,
      name,
      log.hide,
      (original) =>
        function (...args) {
          const promise = apply(original, this, args);
          const isSoon = !TELLS_LATER && args[0] instanceof WebAssembly.Module;
          if (!(promise instanceof NativePromise) || isSoon) return promise;
          const id = log.nextId();
          const kind = `wasm.${name}`;
          safely(log, () => log.report(kind, { id }));
          const done = (): void => safely(log, () => log.report(`${kind}.done`, { id }));
          return log.arrivals.settle(arrivalKey(`${kind}.done`, id), promise, done, done);
        },
    );
}
