/** The `timeout` of child processes, on the virtual timeline. Node's own runs by timers of its own. */
import childProcess, { type ChildProcess } from 'node:child_process';
import { ownData, replace, type AnyFunction } from '../../patch.ts';
import type { Serving } from '../serving.ts';
import { stopTimer } from './real-time.ts';
import type { StartTimer } from './timers.ts';

const { apply } = Reflect;
const { isArray } = Array;

export function limitTimes(serving: Serving, start: StartTimer): void {
  // the others are made of these
  for (const name of ['execFile', 'spawn'] as const)
    replace(
      childProcess,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          const at = args.findIndex((each) => typeof each === 'object' && each !== null && !isArray(each));
          const options = args[at];
          const limit = ownData(options, 'timeout');
          if (typeof limit !== 'number' || !(limit > 0 && Number.isInteger(limit))) return apply(original, this, args);
          args[at] = { ...(options as object), timeout: 0 };
          const child = apply(original, this, args) as ChildProcess;
          const signal = ownData(options, 'killSignal');
          const timer = start(() => {
            if (name === 'execFile') for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
            child.kill(
              typeof signal === 'string' || typeof signal === 'number' ? (signal as NodeJS.Signals) : 'SIGTERM',
            );
          }, limit);
          child.once('exit', () => stopTimer(timer));
          return child;
        },
    );
}
