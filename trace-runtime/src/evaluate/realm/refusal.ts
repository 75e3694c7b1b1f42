/** Stand-ins for what was not recorded: whoever uses them is refused, and so is the whole evaluation. */
import { SafeProxy, descriptionOf, get, getOwnPropertyDescriptor, has, ownKeys, setHas } from './language.ts';

let first: string | undefined;

/** The evaluation needs something that it cannot have. Code that catches the error does not change that. */
export function refuse(sentence: string): never {
  first ??= sentence;
  throw new Error(sentence);
}

/** Why the evaluation was refused, since it was asked last. */
export function takeRefusal(): string | undefined {
  const taken = first;
  first = undefined;
  return taken;
}

/** Has the target's own properties, and what it inherits but for `hidden` names; nothing is known of those. Without names, of none. */
export function partlyKnown(target: object, what: string, hidden?: ReadonlySet<string>, hasPrototype = false): object {
  const isHidden = (key: string | symbol): boolean =>
    hidden === undefined
      ? typeof key === 'string' && key !== 'then'
      : setHas(hidden, typeof key === 'symbol' ? `[${String(descriptionOf(key))}]` : key);
  const run = (): never => refuse(`${what} is code that was not recorded.`);
  return new SafeProxy(target, {
    get(own, key, receiver) {
      // a function has one of its own here
      const isOwn =
        key === 'prototype' && typeof own === 'function' ? hasPrototype : getOwnPropertyDescriptor(own, key);
      if (isOwn || !isHidden(key)) return get(own, key, receiver) as unknown;
      return refuse(`${what}: its ${String(key)} was not recorded.`);
    },
    has(own, key) {
      if (getOwnPropertyDescriptor(own, key)) return true;
      if (!isHidden(key)) return has(own, key);
      return hidden === undefined ? refuse(`${what}: whether it has ${String(key)} was not recorded.`) : true;
    },
    ownKeys(own) {
      return hidden === undefined ? refuse(`${what}: its properties were not recorded.`) : ownKeys(own);
    },
    apply: run,
    construct: run,
  });
}
