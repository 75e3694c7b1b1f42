/** The `timeout` of child processes, by timers that are seen: Node's own runs by timers of its own. */
import childProcess, { type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { disguise, override, ownData, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { isArray } = Array;
const { defineProperty, getOwnPropertyDescriptor } = Object;
const NewPromise = Promise;
const CUSTOM = promisify.custom;

export interface Clock {
  readonly hide: (wrapper: object, original: object) => unknown;
  readonly start: (work: () => void, delay: number) => NodeJS.Timeout;
  readonly stop: (timer: NodeJS.Timeout) => void;
}

export function limitChildren(clock: Clock): void {
  replace(
    childProcess.ChildProcess.prototype,
    'spawn',
    clock.hide,
    (original): AnyFunction =>
      function (...args) {
        const [options] = args;
        const limit = ownData(options, 'timeout');
        // a copy that Node has made of what it was given, and looks at afterwards
        if (!isLimit(limit) || ownData(options, 'envPairs') === undefined) return apply(original, this, args);
        (options as { timeout: number }).timeout = 0;
        const started = apply(original, this, args);
        const child = this as ChildProcess;
        const timer = clock.start(() => {
          try {
            child.kill(signalOf(options));
          } catch (error) {
            child.emit('error', error);
          }
        }, limit);
        // as Node does
        child.once('exit', () => clock.stop(timer));
        return started;
      },
  );
  const limits = new WeakMap<object, NodeJS.Timeout>();
  // Node's own listeners stop it, and the program sees no more than those
  override(
    childProcess.ChildProcess.prototype,
    'emit',
    clock.hide,
    (inherited): AnyFunction =>
      function (...args) {
        const timer = args[0] === 'close' || args[0] === 'error' ? limits.get(this as object) : undefined;
        if (timer) clock.stop(timer);
        return apply(inherited(), this, args);
      },
  );
  // `exec` is made of it
  replace(childProcess, 'execFile', clock.hide, (original) => {
    const limited: AnyFunction = function (...args) {
      const at = args.findIndex((each) => typeof each === 'object' && each !== null && !isArray(each));
      const options = args[at];
      const limit = ownData(options, 'timeout');
      if (!isLimit(limit)) return apply(original, this, args);
      args[at] = { ...(options as object), timeout: 0 };
      const child = apply(original, this, args) as ChildProcess;
      const timer = clock.start(() => {
        for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
        child.kill(signalOf(options));
      }, limit);
      limits.set(child, timer);
      return child;
    };
    const own = getOwnPropertyDescriptor(original, CUSTOM);
    if (own) defineProperty(limited, CUSTOM, { ...own, value: disguise(promised(limited), own.value, clock.hide) });
    return limited;
  });
}

/** What `promisify` makes of it, as Node has it: its own calls what it was made for. */
function promised(execFile: AnyFunction): AnyFunction {
  return (...args) => {
    let child: unknown;
    const promise = new NewPromise((resolve, reject) => {
      const done = (error: object | null, stdout: unknown, stderr: unknown): void => {
        if (error === null) resolve({ stdout, stderr });
        else reject(Object.assign(error, { stdout, stderr }));
      };
      child = apply(execFile, undefined, [...args, done]);
    });
    return Object.assign(promise, { child });
  };
}

function isLimit(limit: unknown): limit is number {
  return typeof limit === 'number' && limit > 0 && Number.isInteger(limit);
}

function signalOf(options: unknown): NodeJS.Signals {
  const signal = ownData(options, 'killSignal');
  return typeof signal === 'string' || typeof signal === 'number' ? (signal as NodeJS.Signals) : 'SIGTERM';
}
