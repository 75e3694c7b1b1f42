/**
 * The main realm and every vm context of this thread. Each gets its clocks and its randomness recorded when it is made, and the
 * hooks, and its other builtins patched, before the first instrumented code runs in it; each once.
 */
import { natives } from './natives.ts';

const { defineProperty } = Object;
const { deleteProperty } = Reflect;

export interface Realm {
  /** evaluates a script in the realm; its `let` and `const` are global lexical bindings there */
  run(code: string): unknown;
  readonly main: boolean;
  /** the object that the program made a context of */
  readonly sandbox?: object;
}

/** Of a realm's builtins those that tell the time or draw at random. */
export type RealmClocks = { -readonly [name in 'Date' | 'Math' | 'Intl']?: (typeof globalThis)[name] };

export interface Realms {
  /** The context was made: whoever takes hold of its clocks may keep them. */
  addClocks(context: object): void;
  /** Instrumented code is about to run in the context. */
  addContext(context: object): void;
}

export interface RealmParts {
  clocks(realm: Realm): void;
  hooks(realm: Realm): void;
}

/** Has a context's own builtins patched: what the program put in their places is left as it is, and its object has no more than it put there. */
export function patchClocks(realm: Realm, patch: (own: RealmClocks) => void): void {
  const global = realm.run('globalThis') as typeof globalThis;
  const sandbox = realm.sandbox === global ? undefined : realm.sandbox;
  const given = (name: string): boolean => sandbox !== undefined && name in sandbox;
  const own: RealmClocks = {};
  if (!given('Date')) own.Date = global.Date;
  if (!given('Math')) own.Math = global.Math;
  if (!given('Intl')) own.Intl = global.Intl;
  patch(own);
  if (own.Date === undefined) return;
  defineProperty(global, 'Date', { value: own.Date, writable: true, enumerable: false, configurable: true });
  // Node has put it into both, and finds the global one where the object has none
  if (sandbox) deleteProperty(sandbox, 'Date');
}

/** An error of a part leaves the realm without it. */
export function trackRealms(parts: RealmParts, failed: (error: unknown) => void): Realms {
  const runIn = natives.Script.prototype.runInContext;
  const once = (install: (realm: Realm) => void): ((key: object, realm: Realm) => void) => {
    const known = new WeakSet<object>();
    return (key, realm) => {
      if (known.has(key)) return;
      known.add(key);
      try {
        install(realm);
      } catch (error) {
        failed(error);
      }
    };
  };
  const addClocks = once(parts.clocks);
  const addHooks = once(parts.hooks);
  const main: Realm = { run: (code) => natives.runInThisContext(code), main: true };
  addHooks(globalThis, main);
  addClocks(globalThis, main);
  const realmOf = (context: object): Realm => ({
    run: (code) => natives.apply(runIn, new natives.Script(code), [context]) as unknown,
    main: false,
    sandbox: context,
  });
  return {
    addClocks: (context) => addClocks(context, realmOf(context)),
    addContext(context) {
      const realm = realmOf(context);
      addClocks(context, realm);
      addHooks(context, realm);
    },
  };
}
