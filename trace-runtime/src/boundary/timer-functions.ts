import timers from 'node:timers';
import { replace, type AnyFunction } from './patch.ts';

const { defineProperty, getOwnPropertyDescriptor } = Object;

/** Replaces a function of `node:timers`, and the global one with it: they are the same, before and after. */
export function replaceTimerFunction(
  name: keyof typeof timers & keyof typeof globalThis,
  hide: (wrapper: object, original: object) => unknown,
  make: (original: AnyFunction) => AnyFunction,
): void {
  if (!replace(timers, name, hide, make)) return;
  const own = getOwnPropertyDescriptor(globalThis, name);
  if (own?.configurable) defineProperty(globalThis, name, { ...own, value: timers[name] });
}
