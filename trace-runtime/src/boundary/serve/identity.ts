/** Of an exact run: the process is told the numbers that it and its parent had; signals that it sends find who has them now. */
import { replace, type AnyFunction } from '../patch.ts';
import type { Children } from './children.ts';
import type { Kills } from './killed.ts';
import type { Serving } from './serving.ts';

const { apply, deleteProperty } = Reflect;
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { pid: realPid, ppid: realParent } = process;

export function serveIdentity(serving: Serving, stream: number, children: Children, kills: Kills): void {
  const { pid, ppid, timeOrigin } = serving.world.streams[stream] ?? {};
  tell('pid', pid);
  tell('ppid', ppid);
  tellOrigin(timeOrigin);
  replace(
    process,
    'kill',
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const [whom, ...rest] = args;
        if (kills.keeps(whom, rest[0] ?? 'SIGTERM')) return true;
        const real = whom === pid ? realPid : whom === ppid ? realParent : (children.realPid(whom as number) ?? whom);
        return apply(original, this, [real, ...rest]);
      },
  );
}

function tellOrigin(value: number | undefined): void {
  const prototype: object = Object.getPrototypeOf(performance);
  const own = getOwnPropertyDescriptor(prototype, 'timeOrigin');
  if (value !== undefined && own?.configurable) defineProperty(prototype, 'timeOrigin', { ...own, get: () => value });
}

function tell(name: 'pid' | 'ppid', value: number | undefined): void {
  const own = getOwnPropertyDescriptor(process, name);
  // one that Node itself answers keeps its value where it is only defined anew
  if (value !== undefined && own?.configurable && deleteProperty(process, name))
    defineProperty(process, name, { ...own, value });
}
