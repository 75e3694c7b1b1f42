/**
 * Scripts of `vm` that have a time limit: `vm.late` by the number of the run where it was reached. In an exact run no other
 * one reaches it. Only where a run is to be executed again.
 */
import vm from 'node:vm';
import { safely } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { ownData, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { Script } = vm;
const KIND = 'vm.late';
/** What ran too long because the machine was busy, and is done in time now, has its time limit pass in this. */
const ENDLESS = 'for (;;);';

export function installScripts(log: BoundaryLog): void {
  const limited = (name: string, at: number): void => {
    replace(
      vm.Script.prototype,
      name,
      log.hide,
      (original): AnyFunction =>
        function (...args) {
          const options = args[at];
          if (log.depth > 0 || typeof ownData(options, 'timeout') !== 'number') return apply(original, this, args);
          const id = log.idOf({}, 'vm');
          const isLate = log.recorded === undefined || log.recorded.ended(KIND, id) !== undefined;
          if (!isLate) args[at] = { ...(options as object), timeout: undefined };
          try {
            const result = apply(original, this, args);
            if (isLate && log.recorded) apply(original, new Script(ENDLESS), args);
            return result;
          } catch (error) {
            if (ownData(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT') safely(log, () => log.report(KIND, { id }));
            throw error;
          }
        },
    );
  };
  limited('runInThisContext', 0);
  limited('runInContext', 1);
}
