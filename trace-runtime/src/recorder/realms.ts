/**
 * The main realm and every vm context of this thread. Each gets its clocks and its randomness recorded when it is made, and the
 * hooks, and its other builtins patched, before the first instrumented code runs in it; each once.
 */
import { natives } from './natives.ts';

export interface Realm {
  /** evaluates a script in the realm; its `let` and `const` are global lexical bindings there */
  run(code: string): unknown;
  readonly main: boolean;
}

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
