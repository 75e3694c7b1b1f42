/** The main realm and every vm context of this thread: each gets the hooks, and its builtins patched, once. */
import { natives } from './natives.ts';

export interface Realm {
  /** evaluates a script in the realm; its `let` and `const` are global lexical bindings there */
  run(code: string): unknown;
  readonly main: boolean;
}

export interface Realms {
  addContext(context: object): void;
}

/** `install` is called once a realm, before instrumented code runs in it. An error of it leaves the realm without. */
export function trackRealms(install: (realm: Realm) => void, failed: (error: unknown) => void): Realms {
  const known = new WeakSet<object>();
  const runIn = natives.Script.prototype.runInContext;
  const add = (key: object, realm: Realm): void => {
    if (known.has(key)) return;
    known.add(key);
    try {
      install(realm);
    } catch (error) {
      failed(error);
    }
  };
  const here = (code: string): unknown => natives.runInThisContext(code);
  add(globalThis, { run: here, main: true });
  return {
    addContext(context) {
      add(context, {
        run: (code) => natives.apply(runIn, new natives.Script(code), [context]) as unknown,
        main: false,
      });
    },
  };
}
